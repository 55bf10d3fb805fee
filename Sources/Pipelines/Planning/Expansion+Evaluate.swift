import Documents
import OrderedCollections

extension Expansion {
    /// The value of a node where a type is due; nil when something is wrong with it, which has been reported then.
    func evaluate(_ node: Node, as wanted: ValueType, _ scope: Scope, _ what: String) -> Resolved? {
        switch (wanted, node.kind) {
        case (_, .string): return text(node, as: wanted, scope, what)
        case (.list(let element), .array): return list(node, of: element, wanted, scope, what)
        case (.any, .array): return list(node, of: .any, nil, scope, what)
        case (.map(let element), .object): return map(node, of: element, wanted, scope, what)
        case (.any, .object): return map(node, of: .any, .map(.any), scope, what)
        case (.package, .object): return literalPackage(node, what)
        case (.integer, .number) where node.integer != nil, (.number, .number), (.boolean, .boolean):
            return Resolved(argument: .literal(node.value), type: wanted)
        case (.any, .number):
            return Resolved(argument: .literal(node.value), type: node.integer == nil ? .number : .integer)
        case (.any, .boolean): return Resolved(argument: .literal(node.value), type: .boolean)
        case (.any, .null): return Resolved(argument: .literal(.null), type: .any)
        case (.package, _): problems.wrongType(node, what, "a package, such as '${{ stages.pack.package }}'")
        case (.secret, .number), (.secret, .boolean): literalSecret(node, what)
        case (.duration, _): problems.notDuration(node, what)
        default: problems.wrongType(node, what, wanted.isText ? "text" : wanted.phrase)
        }
        return nil
    }

    private func list(_ node: Node, of element: ValueType, _ wanted: ValueType?, _ scope: Scope, _ what: String)
        -> Resolved?
    {
        var result = Resolved(argument: .list([]), type: .list(element))
        var elements: [Argument] = []
        var isGood = true
        var types: Set<ValueType> = []
        for child in node.elements {
            guard let value = evaluate(child, as: element, scope, "an entry of \(what)") else {
                isGood = false
                continue
            }
            elements.append(value.argument)
            types.insert(value.type)
            result.isKnown = result.isKnown && value.isKnown
            result.uses += value.uses
        }
        guard isGood else { return nil }
        if element == .any, types.count == 1, let type = types.first { result.type = .list(type) }
        result.argument = .list(elements)
        return result
    }

    private func map(_ node: Node, of element: ValueType, _ type: ValueType, _ scope: Scope, _ what: String)
        -> Resolved?
    {
        var result = Resolved(argument: .map([:]), type: type)
        var members = OrderedDictionary<String, Argument>()
        var isGood = true
        for member in node.members {
            guard let value = evaluate(member.value, as: element, scope, "'\(member.key)' of \(what)") else {
                isGood = false
                continue
            }
            members[member.key] = value.argument
            result.isKnown = result.isKnown && value.isKnown
            result.uses += value.uses
        }
        guard isGood else { return nil }
        result.argument = .map(members)
        return result
    }

    private func text(_ node: Node, as wanted: ValueType, _ scope: Scope, _ what: String) -> Resolved? {
        guard let text = node.string else { return nil }
        guard ReferenceText.isNeeded(text) else { return literal(text, as: wanted, node, what) }
        let parts = ReferenceText(text).parts
        if parts.count == 1, case .path(let path, let range) = parts[0] {
            guard let value = resolve(path, at: node.location(of: range), scope) else { return nil }
            return fitted(value, to: wanted, node, "'\(path)'", what)
        }
        var result = Resolved(argument: .literal(.null), type: .string)
        var pieces: [Argument.Part] = []
        var isGood = true
        for part in parts {
            switch part {
            case .literal(let text): pieces.append(.literal(text))
            case .broken(let message, let range):
                problems.report(
                    "reference", message, at: node.location(of: range),
                    help: "a reference is a path such as '${{ inputs.version }}'; '$${{' is taken literally")
                isGood = false
            case .path(let path, let range):
                let location = node.location(of: range)
                guard let value = resolve(path, at: location, scope), let added = piece(value, path, location) else {
                    isGood = false
                    continue
                }
                pieces += added
                result.isKnown = result.isKnown && value.isKnown
                result.uses += value.uses
            }
        }
        guard isGood else { return nil }
        result.argument = .joined(pieces)
        return fitted(result, to: wanted, node, Self.joinedText, what)
    }

    /// What a text with references in it is called.
    private static let joinedText = "this text"

    /// A value as part of a text.
    private func piece(_ value: Resolved, _ path: String, _ location: Location) -> [Argument.Part]? {
        guard value.type.isScalar else {
            problems.report(
                "reference-type", "'\(path)' is \(value.type.phrase) and cannot stand inside a text", at: location)
            return nil
        }
        guard value.isKnown else { return [.literal("")] }
        switch value.argument {
        case .literal(.string(let text)): return [.literal(text)]
        case .literal(.integer(let number)): return [.literal(String(number))]
        case .literal(.number(let number)): return [.literal(String(number))]
        case .literal(.boolean(let truth)): return [.literal(String(truth))]
        case .reference(let reference): return [.reference(reference)]
        case .text(let parts): return parts
        case .literal(.null):
            problems.report("no-value", "'\(path)' has no value", at: location)
            return nil
        default:
            problems.report("reference-type", "'\(path)' cannot stand inside a text", at: location)
            return nil
        }
    }

    /// A text without references where a type is due.
    private func literal(_ text: String, as wanted: ValueType, _ node: Node, _ what: String) -> Resolved? {
        switch wanted {
        case .any: return Resolved(argument: .literal(.string(text)), type: .string)
        case .secret:
            literalSecret(node, what)
            return nil
        case .package: problems.wrongType(node, what, "a package, such as '${{ stages.pack.package }}'")
        case _ where wanted.isText:
            return conforms(text, to: wanted, node, what)
                ? Resolved(argument: .literal(.string(text)), type: wanted) : nil
        default: problems.wrongType(node, what, wanted.phrase)
        }
        return nil
    }

    private func literalSecret(_ node: Node, _ what: String) {
        problems.report(
            "literal-secret", "\(what) is a secret and cannot be written in a manifest", at: node.location,
            help: "write '${{ secrets.NAME }}' and set NAME in the environment of the process")
    }

    private func literalPackage(_ node: Node, _ what: String) -> Resolved? {
        do {
            let package = try ValueDecoder().decode(PackageReference.self, from: node.value)
            return Resolved(argument: .plain(try ValueEncoder().encode(package)), type: .package)
        } catch {
            problems.report(
                "type", "\(what) must be a package, not a map", at: node.location,
                help: "a package has 'digest', 'solution', 'version', 'managed' and 'size'")
            return nil
        }
    }

    /// Whether a known text can be of a type; says why not.
    func conforms(_ text: String, to wanted: ValueType, _ node: Node, _ what: String) -> Bool {
        switch wanted {
        case .path: return problems.isInside(text, node)
        case .duration where DurationText.seconds(text) == nil:
            problems.notDuration(node, what)
            return false
        case .percentage where !Self.isPercentage(text):
            problems.report(
                "percentage", "\(what) must be a percentage, not '\(text)'", at: node.location, help: "write it as 99%")
            return false
        case .choice(let words) where !words.contains(text):
            problems.unknown("value", "\(what) cannot be '\(text)'", word: text, among: words, at: node.location)
            return false
        case .environment:
            return library.environment(text, at: node) != nil
        default: return true
        }
    }

    static func isPercentage(_ text: String) -> Bool {
        guard text.hasSuffix("%"), let number = Double(text.dropLast()) else { return false }
        return (0...100).contains(number)
    }

    /// A value that came by reference where a type is due: known texts are looked at, everything else goes by its type.
    func fitted(_ value: Resolved, to wanted: ValueType, _ node: Node, _ name: String, _ what: String) -> Resolved? {
        if wanted == .any || value.isAbsent { return value }
        if wanted.isText, case .string(let text)? = value.literal {
            guard conforms(text, to: wanted, node, what) else { return nil }
            var result = value
            result.type = wanted
            return result
        }
        if !value.isKnown, wanted.isText, value.type.isText || value.type == .any {
            var result = Resolved.unknown(wanted)
            result.uses = value.uses
            return result
        }
        if value.type == .any, let known = value.literal {
            guard let type = Self.type(of: known), type.fits(wanted) else {
                problems.report(
                    "reference-type", "\(what) must be \(wanted.phrase), and \(name) is not", at: node.location)
                return nil
            }
            return value
        }
        guard value.type.fits(wanted) else {
            // Put together of parts, it is text whatever they are.
            if name == Self.joinedText, case .list = wanted {
                problems.report(
                    "reference-type", "\(what) must be \(wanted.phrase), not text with a reference in it",
                    at: node.location, help: "write '[...]' with one text for each element")
                return nil
            }
            let hint: String? =
                if wanted == .secret {
                    "a secret is '${{ secrets.NAME }}'"
                } else if wanted == .environment {
                    "which environment it is must be known when the plan is made"
                } else {
                    nil
                }
            problems.report(
                "reference-type", "\(what) must be \(wanted.phrase), and \(name) is \(value.type.phrase)",
                at: node.location,
                help: hint)
            return nil
        }
        return value
    }

    /// The type of a plain value.
    static func type(of value: Value) -> ValueType? {
        switch value {
        case .null: nil
        case .boolean: .boolean
        case .integer: .integer
        case .number: .number
        case .string: .string
        case .list(let elements):
            .list(
                elements.first.flatMap(type).flatMap { type in
                    elements.allSatisfy { self.type(of: $0) == type } ? type : nil
                } ?? .any)
        case .map: .map(.any)
        }
    }
}
