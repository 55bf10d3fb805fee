public import Documents

/// A file of `pipelines/`, read and checked by itself; what it refers to is looked at when it is planned.
public struct Pipeline: Sendable {
    /// `concurrency:` as written.
    struct Concurrency: Sendable {
        var group: Node
        var pending: Plan.Concurrency.Pending
    }

    public var name: String
    public var summary: String?
    public var inputs: [InputDeclaration]
    public var document: Document
    var concurrency: Concurrency?
    var entries: [StageEntry]

    static func read(_ document: Document, name: String, _ problems: Problems) -> Pipeline? {
        let keys = ["description", "concurrency", "inputs", "stages", "finally"]
        guard let reader = MapReader(document.root, "the pipeline", keys: keys, problems) else { return nil }
        var concurrency: Concurrency?
        if let node = reader.node("concurrency"),
            let map = MapReader(node, "'concurrency'", keys: ["group", "pending"], problems),
            let group = map.required("group")
        {
            var pending = Plan.Concurrency.Pending.queue
            if let node = map.node("pending") {
                pending = problems.word(node, "'pending'", Plan.Concurrency.Pending.self) ?? .queue
            }
            concurrency = Concurrency(group: group, pending: pending)
        }
        let inputs = reader.members("inputs").compactMap { InputDeclaration.read($0, problems) }
        let stages = entries(reader, problems)
        return Pipeline(
            name: name, summary: reader.text("description"), inputs: inputs, document: document,
            concurrency: concurrency, entries: stages)
    }

    /// The entries of `stages` and `finally`; a name stands in one of them only.
    static func entries(_ reader: MapReader, _ problems: Problems) -> [StageEntry] {
        var entries: [StageEntry] = []
        if let node = reader.required("stages") {
            if node.kind == .object, node.count == 0 {
                problems.report("no-stages", "\(reader.what) has no stage", at: node.location)
            }
            entries = StageEntry.read(reader, "stages", isFinally: false, problems)
        }
        guard reader.node("finally") != nil else { return entries }
        var places: [String: Node] = [:]
        for entry in entries { places[entry.name] = entry.keyNode }
        for entry in StageEntry.read(reader, "finally", isFinally: true, problems) {
            if let first = places[entry.name] {
                problems.report(
                    "duplicate-name", "there are two stages '\(entry.name)'", at: entry.keyNode.location,
                    notes: [Diagnostic.Note("the first is here", at: first.location)])
            } else {
                entries.append(entry)
            }
        }
        return entries
    }
}
