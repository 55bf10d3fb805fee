import Documents
import OrderedCollections

/// The inputs that a caller gives a pipeline, read for the types that it declares.
struct GivenInputs {
    let library: Library

    /// A state for each input that has a value; in a check, inputs that must be given are unknown values of their type.
    func values(
        _ given: OrderedDictionary<String, Value>, for pipeline: Pipeline, isCheck: Bool
    ) -> [String: Frame.InputState] {
        var values: [String: Frame.InputState] = [:]
        let names = pipeline.inputs.map(\.name)
        for name in given.keys where !names.contains(name) {
            let help = suggestion(for: name, among: names).map { "did you mean '\($0)'?" } ?? Problems.choice(of: names)
            library.problems.add(
                Diagnostic("manifest/unknown-input", "pipeline '\(pipeline.name)' has no input '\(name)'", help: help))
        }
        for input in pipeline.inputs {
            if let value = given[input.name] {
                values[input.name] = .done(resolved(value, for: input))
            } else if input.isRequired {
                if isCheck {
                    values[input.name] = .done(.unknown(input.type))
                } else {
                    values[input.name] = .done(nil)
                    library.problems.add(
                        Diagnostic(
                            "manifest/missing-input", "pipeline '\(pipeline.name)' needs input '\(input.name)'",
                            at: input.keyNode.location, help: "give it as '--input \(input.name)=...'"))
                }
            }
        }
        return values
    }

    private func resolved(_ value: Value, for input: InputDeclaration) -> Resolved? {
        func refuse(_ message: String, help: String? = nil) -> Resolved? {
            library.problems.add(
                Diagnostic("manifest/input", "input '\(input.name)' \(message)", at: input.keyNode.location, help: help)
            )
            return nil
        }
        guard let typed = typed(value, input.type) else {
            return refuse(
                "must be \(input.type.phrase), not '\(value.string ?? value.json())'",
                help: input.type == .package
                    ? "give it as SOLUTION@VERSION, at least 6 digits of its SHA-256, or the path of a .zip file" : nil)
        }
        let text = typed.string ?? ""
        switch input.type {
        case .secret:
            let parts = ReferenceText(text).parts
            guard parts.count == 1, case .path(let path, _) = parts[0], let reference = Reference(path),
                case .secret(let name) = reference, SecretName.isValid(name)
            else {
                return refuse("is a secret and cannot be given as it is", help: "give it as '${{ secrets.NAME }}'")
            }
            return Resolved(argument: .reference(reference), type: .secret)
        case .path where text.hasPrefix("/") || text.hasPrefix("~"):
            return refuse("is an absolute path", help: "paths are relative to the repository's root")
        case .path where RepositoryFiles.normalized(text) == nil:
            return refuse("leads out of the repository: '\(text)'")
        case .duration where DurationText.seconds(text) == nil:
            return refuse("must be a duration, not '\(text)'", help: "such as 90s, 10m, 24h or 7d")
        case .choice(let words) where !words.contains(text):
            let help = suggestion(for: text, among: words).map { "did you mean '\($0)'?" } ?? Problems.choice(of: words)
            return refuse("cannot be '\(text)'", help: help)
        case .environment where !library.environmentNames.contains(text):
            let names = library.environmentNames
            let help = suggestion(for: text, among: names).map { "did you mean '\($0)'?" } ?? Problems.choice(of: names)
            return refuse("names no environment: '\(text)'", help: help)
        default: return Resolved(argument: .plain(typed), type: input.type)
        }
    }

    /// The value as its type; texts, as the command line gives them, are read.
    private func typed(_ value: Value, _ type: ValueType) -> Value? {
        switch (type, value) {
        case (.integer, .integer), (.boolean, .boolean), (.secret, .string): return value
        case (.integer, .string(let text)): return Int(text).map(Value.integer)
        case (.boolean, .string("true")): return .boolean(true)
        case (.boolean, .string("false")): return .boolean(false)
        case (.list(let element), .list(let values)):
            let typed = values.compactMap { self.typed($0, element) }
            return typed.count == values.count ? .list(typed) : nil
        case (.list, .string(let text)):
            // As other commands print a list, which holds values with commas too.
            if text.hasPrefix("["), let value = try? Value(json: text), case .list = value { return typed(value, type) }
            let parts = text.split(separator: ",").map { part in
                Value.string(String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
            }
            return self.typed(.list(parts), type)
        case (.package, .map):
            guard let package = try? ValueDecoder().decode(PackageReference.self, from: value) else { return nil }
            return try? ValueEncoder().encode(package)
        case (.package, .string(let text)):
            guard let value = try? Value(json: text), case .map = value else { return nil }
            return typed(value, type)
        case (_, .string) where type.isText: return value
        default: return nil
        }
    }
}
