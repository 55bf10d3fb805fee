public import Documents
import Foundation
public import OpenAPI
import OrderedCollections

/// Reads hand-written cases strictly: whatever is wrong in any file is told at once, with its place.
public struct CaseReader {
    let definition: APIDefinition
    let actions: ActionTable
    var cases: [TestCase] = []
    var diagnostics: [Diagnostic] = []
    private var names: [String: Location] = [:]

    init(_ definition: APIDefinition) {
        self.definition = definition
        self.actions = ActionTable(definition)
    }

    /// The cases of a file, or of every JSON and YAML file under a folder, by name. `shownAs` is the path in messages.
    public static func read(
        path: String, shownAs shown: String? = nil, for definition: APIDefinition
    ) throws(Rejected) -> [TestCase] {
        let read = try documents(path: path, shownAs: shown)
        return try self.read(read.documents, for: definition, besides: read.problems)
    }

    /// The documents of a file, or of every JSON and YAML file under a folder, by name, with what is wrong with others.
    public static func documents(
        path: String, shownAs shown: String? = nil
    ) throws(Rejected) -> (documents: [Document], problems: [Diagnostic]) {
        let name = shown ?? path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Rejected(diagnostics: [Diagnostic("case/missing", "there is no file or folder '\(name)'")])
        }
        guard isFolder.boolValue else { return read([(path, name)]) }
        let found = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String }) ?? []
        let files = found.filter(isOne)
        guard !files.isEmpty else {
            throw Rejected(diagnostics: [
                Diagnostic("case/none", "the folder '\(name)' holds no .json, .yaml or .yml file")
            ])
        }
        return read(files.sorted().map { ("\(path)/\($0)", "\(name)/\($0)") })
    }

    /// Whether a file of that path below a folder of cases holds some.
    public static func isOne(_ path: String) -> Bool {
        let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
        return !isHidden && [".json", ".yaml", ".yml"].contains { path.lowercased().hasSuffix($0) }
    }

    private static func read(
        _ files: [(path: String, name: String)]
    ) -> (documents: [Document], problems: [Diagnostic]) {
        var documents: [Document] = []
        var problems: [Diagnostic] = []
        for file in files {
            do {
                documents.append(try Document(path: file.path, file: file.name))
            } catch {
                problems += error.diagnostics
            }
        }
        return (documents, problems)
    }

    /// The cases of documents that are already read.
    public static func read(_ documents: [Document], for definition: APIDefinition) throws(Rejected) -> [TestCase] {
        try read(documents, for: definition, besides: [])
    }

    /// The cases of documents that are already read, when nothing was wrong with others.
    public static func read(
        _ documents: [Document], for definition: APIDefinition, besides diagnostics: [Diagnostic]
    ) throws(Rejected) -> [TestCase] {
        var reader = CaseReader(definition)
        reader.diagnostics = diagnostics
        for document in documents { reader.read(document) }
        if reader.diagnostics.contains(where: { $0.severity == .error }) {
            throw Rejected(diagnostics: reader.diagnostics)
        }
        return reader.cases
    }

    private mutating func read(_ document: Document) {
        switch document.root.kind {
        case .object: read(document.root, number: nil)
        case .array:
            for (index, element) in document.root.elements.enumerated() { read(element, number: index + 1) }
        default:
            report("case/not-a-case", "a case file holds a case or a list of cases", at: document.root)
        }
    }

    private static let keys = [
        "name", "description", "action", "parameters", "headers", "anonymous", "repeat", "skip", "expect",
    ]

    private mutating func read(_ node: Node, number: Int?) {
        guard node.kind == .object else {
            report("case/not-a-case", "a case is an object with 'action' and 'expect'", at: node)
            return
        }
        refuseUnknownKeys(of: node, known: Self.keys, in: "a case")
        guard let actionNode = node["action"] else {
            report("case/missing-action", "the case names no 'action'", at: node)
            return
        }
        guard let actionName = actionNode.string else {
            report("case/wrong-type", "'action' is the name of an operation", at: actionNode)
            return
        }
        guard let action = actions[actionName] else {
            let names = actions.actions.map(\.name)
            report(
                "case/unknown-action", "the definition has no action '\(actionName)'", at: actionNode,
                help: suggestion(for: actionName, among: names).map { "did you mean '\($0)'?" })
            return
        }
        var draft = TestCase(name: "", action: action.name)
        draft.expectation = node["expect"].map { expectation($0) } ?? Expectation()
        draft.parameters = node["parameters"].map { parameters($0, of: action.operation) } ?? [:]
        draft.headers = node["headers"].map { headers($0) } ?? []
        draft.isAnonymous = flag(node["anonymous"], "anonymous")
        draft.repeats = node["repeat"].flatMap { count($0, "repeat") }
        draft.skipReason = node["skip"].flatMap { text($0, "skip") }
        let file = node.document.source.name
        draft.origin = .written(file: file, line: node.location.start.line)
        let stem =
            file.split(separator: "/").last.map { $0.split(separator: ".").first.map(String.init) ?? file } ?? file
        let fallback = number.map { "\(stem) #\($0) \(action.name)" } ?? stem
        draft.name = node["name"].flatMap { text($0, "name") } ?? fallback
        let place = (node["name"] ?? node).location
        if let first = names[draft.name] {
            diagnostics.append(
                Diagnostic(
                    "case/duplicate-name", .error, "two cases are called '\(draft.name)'", at: place,
                    notes: [Diagnostic.Note("the first is here", at: first)]))
        }
        names[draft.name] = place
        if draft.expectation.isPositive { ParameterNames(action.operation).fillDefaults(in: &draft.parameters) }
        refuseMissing(draft, action.operation, at: node["parameters"] ?? node)
        cases.append(draft)
    }

    private mutating func refuseMissing(_ draft: TestCase, _ operation: OpenAPI.Operation, at node: Node) {
        guard draft.expectation.isPositive else { return }
        let missing = ParameterNames(operation).missing(from: draft.parameters)
        guard !missing.isEmpty else { return }
        let names = missing.map { "'\($0)'" }.joined(separator: ", ")
        report(
            "case/missing-parameter", "a success is expected, but the required \(names) is not given", at: node,
            help: "give the value, or expect the status of the refusal: expect: { status: 400 }")
    }

    // MARK: - Parameters and headers

    private mutating func parameters(
        _ node: Node, of operation: OpenAPI.Operation
    ) -> OrderedDictionary<String, Value> {
        guard node.kind == .object else {
            report("case/wrong-type", "'parameters' maps names to values", at: node)
            return [:]
        }
        let names = ParameterNames(operation)
        var values: OrderedDictionary<String, Value> = [:]
        for member in node.members {
            if names.accepts(member.key) {
                values[member.key] = member.value.value
                continue
            }
            let known = names.all(in: definition)
            let near = known.first { $0 == "body/\(member.key)" } ?? suggestion(for: member.key, among: known)
            let choice = known.isEmpty ? "it takes none" : "it takes \(known.prefix(12).joined(separator: ", "))"
            report(
                "case/unknown-parameter",
                "'\(operation.operationID ?? operation.label)' has no parameter '\(member.key)'",
                at: member.keyNode, help: near.map { "did you mean '\($0)'?" } ?? choice)
        }
        return values
    }

    private mutating func headers(_ node: Node) -> [(name: String, value: String)] {
        guard node.kind == .object else {
            report("case/wrong-type", "'headers' maps names to texts", at: node)
            return []
        }
        var headers: [(name: String, value: String)] = []
        for member in node.members {
            guard let value = member.value.scalarText, HeaderText.isName(member.key), HeaderText.isValue(value) else {
                report(
                    "case/wrong-type", "the header '\(member.key)' is not a name and a one-line text", at: member.value)
                continue
            }
            headers.append((member.key, value))
        }
        return headers
    }

    // MARK: - Plain values

    mutating func refuseUnknownKeys(of node: Node, known: [String], in what: String) {
        for member in node.members where !known.contains(member.key) {
            report(
                "case/unknown-key", "\(what) has no key '\(member.key)'", at: member.keyNode,
                help: suggestion(for: member.key, among: known).map { "did you mean '\($0)'?" }
                    ?? "known are \(known.joined(separator: ", "))")
        }
    }

    mutating func text(_ node: Node, _ key: String) -> String? {
        if let text = node.string { return text }
        report("case/wrong-type", "'\(key)' is a text", at: node)
        return nil
    }

    private mutating func flag(_ node: Node?, _ key: String) -> Bool {
        guard let node else { return false }
        if let value = node.boolean { return value }
        report("case/wrong-type", "'\(key)' is true or false", at: node)
        return false
    }

    mutating func count(_ node: Node, _ key: String) -> Int? {
        if let number = node.integer, number >= (key == "repeat" ? 1 : 0), number <= 100_000 { return number }
        report("case/wrong-type", "'\(key)' is a whole number", at: node)
        return nil
    }

    mutating func report(_ code: String, _ message: String, at node: Node, help: String? = nil) {
        diagnostics.append(Diagnostic(code, .error, message, at: node.location, help: help))
    }
}
