public import Documents

/// A file of `templates/`: stages that pipelines and other templates use by name.
public struct Template: Sendable {
    public var name: String
    public var summary: String?
    public var inputs: [InputDeclaration]
    public var document: Document
    /// What references may ask an instance for, by name.
    var outputs: [String: Node]
    var outputNames: [String]
    var entries: [StageEntry]

    static func read(_ document: Document, name: String, _ problems: Problems) -> Template? {
        let keys = ["description", "inputs", "stages", "outputs"]
        guard let reader = MapReader(document.root, "the template", keys: keys, problems) else { return nil }
        let entries = Pipeline.entries(reader, problems)
        var outputs: [String: Node] = [:]
        var names: [String] = []
        for member in reader.members("outputs") where problems.isName(member.key, member.keyNode, "an output") {
            if let stage = entries.first(where: { $0.name == member.key }) {
                problems.report(
                    "duplicate-name", "output '\(member.key)' has the name of a stage", at: member.keyNode.location,
                    notes: [Diagnostic.Note("the stage is here", at: stage.keyNode.location)])
            }
            outputs[member.key] = member.value
            names.append(member.key)
        }
        return Template(
            name: name, summary: reader.text("description"),
            inputs: reader.members("inputs").compactMap { InputDeclaration.read($0, problems) }, document: document,
            outputs: outputs, outputNames: names, entries: entries)
    }
}
