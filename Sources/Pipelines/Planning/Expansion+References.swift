import Documents
import OrderedCollections

extension Expansion {
    /// What a path stands for in a scope; nil when it stands for nothing or cannot be used there, which has been reported then.
    func resolve(_ path: String, at location: Location, _ scope: Scope) -> Resolved? {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let value = root(parts, path, location, scope) else { return nil }
        for reference in value.argument.references {
            switch reference {
            case .secret:
                guard let reason = scope.noSecrets else { continue }
                problems.report(
                    "secret-here", "\(reason) cannot use the secret '\(path)'", at: location,
                    help: "secrets are known only inside stages, through their inputs")
                return nil
            case .output, .run:
                guard let reason = scope.mustBeKnown else { continue }
                problems.report(
                    "not-known-yet", "\(reason) cannot use '\(path)', which is known only during the run", at: location,
                    help: "it must be known when the plan is made: from inputs, items or the environment's file")
                return nil
            }
        }
        return value
    }

    private func root(_ parts: [String], _ path: String, _ location: Location, _ scope: Scope) -> Resolved? {
        let frame = scope.frame
        if let reason = scope.onlySecrets, parts[0] != "secrets" {
            problems.report(
                "reference-here", "\(reason) cannot use '\(path)'", at: location,
                help: "only secrets can: '${{ secrets.NAME }}'")
            return nil
        }
        if let item = scope.item, item.name == parts[0] {
            return descend(item.value, parts.dropFirst(), path, location)
        }
        switch parts[0] {
        case "inputs":
            guard parts.count >= 2 else { return incomplete(path, "an input", location) }
            guard frame.inputs[parts[1]] != nil else {
                unknown("input", parts[1], in: path, among: frame.inputNames, location, "\(frame.what) has no input")
                return nil
            }
            return input(parts[1], of: frame).flatMap { descend($0, parts.dropFirst(2), path, location) }
        case "stages":
            guard parts.count >= 2 else { return incomplete(path, "a stage and its output", location) }
            guard let entry = frame.index[parts[1]] else {
                unknown(
                    "stage", parts[1], in: path, among: frame.entries.map(\.name), location,
                    "\(frame.what) has no stage")
                return nil
            }
            return stage(entry, of: frame, parts.dropFirst(2), path, location, scope)
        case "environment": return environment(parts, path, location, scope)
        case "run":
            guard parts.count == 2, let property = Reference.RunProperty(rawValue: parts[1]) else {
                let known = Reference.RunProperty.allCases.map(\.rawValue)
                if parts.count == 1 { return incomplete(path, "one of \(Problems.list(known))", location) }
                unknown("property", parts[1], in: path, among: known, location, "a run has no")
                return nil
            }
            if property == .status, !scope.isFinally {
                problems.report(
                    "not-known-yet", "'run.status' is known only in 'finally'", at: location)
                return nil
            }
            return Resolved(argument: .reference(.run(property)), type: property.type)
        case "secrets":
            guard parts.count == 2, SecretName.isValid(parts[1]) else {
                problems.report(
                    "reference", "'\(path)' is no secret", at: location, help: "a secret is '${{ secrets.NAME }}'")
                return nil
            }
            return Resolved(argument: .reference(.secret(parts[1])), type: .secret)
        default:
            let roots = ["inputs", "stages", "environment", "run", "secrets"] + (scope.item.map { [$0.name] } ?? [])
            unknown("root", parts[0], in: path, among: roots, location, "there is no")
            return nil
        }
    }

    /// Reports a part of a path that names nothing; the fix-it replaces that part alone.
    private func unknown(
        _ code: String, _ word: String, in path: String, among known: @autoclosure () -> [String], _ location: Location,
        _ message: String
    ) {
        var place = location
        // The part is found by its bytes, so only where the path stands in the file as it is read.
        if location.text == path, let range = path.range(of: word, after: code == "root" ? "" : ".") {
            place.range = location.range.lowerBound + range.lowerBound..<location.range.lowerBound + range.upperBound
        }
        problems.unknown("unknown-" + code, "\(message) '\(word)'", word: word, among: known(), at: place)
    }

    private func incomplete(_ path: String, _ missing: String, _ location: Location) -> Resolved? {
        problems.report("reference", "'\(path)' names nothing yet: it lacks \(missing)", at: location)
        return nil
    }

    /// The value of an input of a frame, found when first asked for.
    func input(_ name: String, of frame: Frame) -> Resolved? {
        switch frame.values[name] {
        case .done(let value): return value
        case .resolving:
            problems.report(
                "input-cycle", "input '\(name)' of \(frame.what) depends on itself",
                at: frame.arguments[name]?.location ?? frame.inputs[name]?.keyNode.location)
            return nil
        case nil: break
        }
        guard let declaration = frame.inputs[name] else { return nil }
        frame.values[name] = .resolving
        var value: Resolved?
        if let node = frame.arguments[name], let use = frame.use {
            value = evaluate(node, as: declaration.type, use, "input '\(name)' of \(frame.what)")
            if value?.isAbsent == true { value = nil }
            if value == nil, declaration.isRequired == false, node.isNull { value = defaultValue(declaration, frame) }
            value?.type = declaration.type
        } else {
            value = defaultValue(declaration, frame)
        }
        frame.values[name] = .done(value)
        return value
    }

    /// The default of an input; nothing for an optional one without.
    func defaultValue(_ declaration: InputDeclaration, _ frame: Frame) -> Resolved? {
        guard let node = declaration.defaultNode else {
            return declaration.isRequired ? nil : Resolved(argument: .literal(.null), type: declaration.type)
        }
        let what = "the default of input '\(declaration.name)'"
        var scope = Scope(frame: frame)
        scope.onlySecrets = what
        var value = evaluate(node, as: declaration.type, scope, what)
        value?.type = declaration.type
        return value
    }

    private func stage(
        _ entry: Int, of frame: Frame, _ rest: ArraySlice<String>, _ path: String, _ location: Location, _ scope: Scope
    ) -> Resolved? {
        let stage = frame.entries[entry]
        let isFinally = frame.isFinally || stage.isFinally
        // The other way round is fine: a `finally` stage that uses an output which never came is skipped.
        if isFinally, !scope.isFinally {
            problems.report(
                "finally-reference",
                "'\(path)' is known only after every other stage: '\(stage.name)' stands under 'finally'",
                at: location)
            return nil
        }
        guard let name = rest.first else {
            _ = incomplete(path, "an output of '\(stage.name)'", location)
            return nil
        }
        var values: [Resolved] = []
        for instance in instances(of: entry, in: frame) {
            var value: Resolved?
            if let child = instance.child {
                if child.outputs[name] != nil {
                    value = output(name, of: child).flatMap { descend($0, rest.dropFirst(), path, location) }
                } else if let inner = child.index[name] {
                    value = self.stage(inner, of: child, rest.dropFirst(), path, location, scope)
                } else {
                    unknown(
                        "output", name, in: path, among: child.outputNames + child.entries.map(\.name), location,
                        "\(child.what) has no output or stage")
                }
            } else if case .stage(let kind, _) = stage.action, let description = library.kinds[kind] {
                value = output(name, of: description, instance.id, rest.dropFirst(), path, location)
            }
            guard let value else { return nil }
            values.append(value)
        }
        guard stage.forEach != nil else { return values.first }
        return Resolved(
            argument: .list(values.map(\.argument)), type: .list(values.first?.type ?? .any),
            isKnown: values.allSatisfy(\.isKnown), uses: values.flatMap(\.uses))
    }

    private func output(
        _ name: String, of description: StageDescription, _ step: StepID, _ rest: ArraySlice<String>, _ path: String,
        _ location: Location
    ) -> Resolved? {
        guard let field = description.outputs.first(where: { $0.name == name }) else {
            if description.outputs.isEmpty {
                problems.report("unknown-output", "stage kind '\(description.kind)' has no outputs", at: location)
            } else {
                unknown(
                    "output", name, in: path, among: description.outputs.map(\.name), location,
                    "stage kind '\(description.kind)' has no output")
            }
            return nil
        }
        let value = Resolved(
            argument: .reference(.output(step, name: name, path: [])), type: field.type,
            uses: [Resolved.Use(step: step, output: name, location: location)])
        return descend(value, rest, path, location)
    }

    /// What a template's use gives out under a name.
    func output(_ name: String, of frame: Frame) -> Resolved? {
        guard let node = frame.outputs[name] else { return nil }
        guard frame.resolvingOutputs.insert(name).inserted else {
            problems.report("output-cycle", "output '\(name)' of \(frame.what) depends on itself", at: node.location)
            return nil
        }
        defer { frame.resolvingOutputs.remove(name) }
        var scope = Scope(frame: frame)
        scope.isFinally = frame.isFinally
        return evaluate(node, as: .any, scope, "output '\(name)' of \(frame.what)")
    }

    private func environment(_ parts: [String], _ path: String, _ location: Location, _ scope: Scope) -> Resolved? {
        guard scope.hasEnvironment else {
            problems.report(
                "no-environment", "'\(path)' needs a stage with an environment", at: location,
                help: "add 'environment' to the stage")
            return nil
        }
        guard let file = scope.environment else { return .unknown(.string) }
        guard parts.count >= 2 else { return incomplete(path, "a property of the environment", location) }
        var value: String?
        switch (parts[1], parts.count) {
        case ("name", 2): value = file.name
        case ("description", 2): value = file.summary ?? ""
        case ("after", 2): value = file.after ?? ""
        case ("backend", 2):
            switch file.backend {
            case .mock?: value = "mock"
            case .url(let url)?: value = url
            case nil: break
            }
        case ("variables", 3):
            guard let variable = file.variables[parts[2]] else {
                unknown(
                    "variable", parts[2], in: path, among: Array(file.variables.keys), location,
                    "environment '\(file.name)' has no variable")
                return nil
            }
            value = variable.value
        case ("connections", 3...4):
            guard let connection = file.connections[parts[2]] else {
                unknown(
                    "connection", parts[2], in: path, among: Array(file.connections.keys), location,
                    "environment '\(file.name)' has no connection")
                return nil
            }
            let property = parts.count == 4 ? parts[3] : "connection"
            switch property {
            case "connection": value = connection.connection
            case "connector": value = connection.connector
            default:
                unknown(
                    "property", property, in: path, among: ["connection", "connector"], location, "a connection has no")
                return nil
            }
        case ("target", 3): value = file.target.text(parts[2])
        default:
            let known = ["name", "description", "after", "backend", "variables", "connections", "target"]
            guard known.contains(parts[1]) else {
                unknown("property", parts[1], in: path, among: known, location, "an environment has no")
                return nil
            }
        }
        guard let value else {
            problems.report("no-value", "'\(path)' has no value in environment '\(file.name)'", at: location)
            return nil
        }
        // The reader has refused everything but secrets.
        guard let argument = try? Argument(.string(value)) else { return nil }
        if case .reference = argument { return Resolved(argument: argument, type: .secret) }
        return Resolved(argument: argument, type: .string)
    }

    /// The part of a value that the rest of a path names.
    private func descend(_ value: Resolved, _ rest: ArraySlice<String>, _ path: String, _ location: Location)
        -> Resolved?
    {
        var value = value
        for key in rest {
            guard let type = partType(value, key, path, location) else { return nil }
            switch value.argument {
            case .map(let members): value.argument = members[key] ?? .literal(.null)
            case .reference(.output(let step, let name, let keys)):
                value.argument = .reference(.output(step, name: name, path: keys + [key]))
            default: value.argument = .literal(.null)
            }
            value.type = type
        }
        return value
    }

    private static let packageParts: OrderedDictionary<String, ValueType> = [
        "digest": .string, "solution": .string, "version": .string, "managed": .boolean, "size": .integer,
    ]

    private func partType(_ value: Resolved, _ key: String, _ path: String, _ location: Location) -> ValueType? {
        if value.isKnown, case .map(let members) = value.argument {
            guard let member = members[key] else {
                unknown("part", key, in: path, among: Array(members.keys), location, "the value has no")
                return nil
            }
            if case .map(let element) = value.type, element != .any { return element }
            return member.literal.flatMap(Self.type) ?? .any
        }
        switch value.type {
        case .package:
            if let type = Self.packageParts[key] { return type }
            unknown("part", key, in: path, among: Array(Self.packageParts.keys), location, "a package has no")
            return nil
        case .map(let element): return element
        case .any: return .any
        default:
            problems.report(
                "unknown-part", "'\(path)' goes into \(value.type.phrase), which has no '\(key)'", at: location)
            return nil
        }
    }
}

extension EnvironmentFile.Target {
    fileprivate func text(_ name: String) -> String? {
        switch (self, name) {
        case (.directory, "kind"): "directory"
        case (.directory(let path), "path"): path
        case (.dataverse, "kind"): "dataverse"
        case (.dataverse(let url, _, _), "url"): url
        case (.dataverse(_, let tenant, _), "tenant"): tenant
        case (.dataverse(_, _, let client), "client"): client
        default: nil
        }
    }
}

extension String {
    /// UTF-8 offsets of the first occurrence of a word that follows a separator, or begins the text where that is empty.
    fileprivate func range(of word: String, after separator: String) -> Range<Int>? {
        let (text, wanted) = (Array(utf8), Array((separator + word).utf8))
        guard text.count >= wanted.count else { return nil }
        for start in 0...text.count - wanted.count where text[start..<start + wanted.count].elementsEqual(wanted) {
            let end = start + wanted.count
            guard end == text.count || text[end] == UInt8(ascii: "."), !separator.isEmpty || start == 0 else {
                continue
            }
            return start + separator.utf8.count..<end
        }
        return nil
    }
}
