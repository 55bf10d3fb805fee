import Documents

/// One entry of `stages:` or `finally:` as written.
struct StageEntry: Sendable {
    /// What the entry asks for, and where it says so.
    enum Action: Sendable {
        case stage(kind: String, Node)
        case template(name: String, Node)
    }

    /// `forEach:`: one instance for each item.
    struct ForEach: Sendable {
        var items: Node
        /// What references call the item.
        var name: String
    }

    var name: String
    var keyNode: Node
    var action: Action
    var with: [Member]
    var needs: [Node]
    var when: Node?
    var environment: Member?
    var retry: MapReader.Fields?
    var timeout: Node?
    var forEach: ForEach?
    var maxParallel: Node?
    var isFinally: Bool

    static let keys = [
        "uses", "template", "description", "with", "needs", "when", "environment", "retry", "timeout", "forEach",
        "maxParallel",
    ]

    /// The entries under a key; an empty map is a problem.
    static func read(_ reader: MapReader, _ key: String, isFinally: Bool, _ problems: Problems) -> [StageEntry] {
        let members = reader.members(key)
        var entries: [StageEntry] = []
        entries.reserveCapacity(members.count)
        for member in members {
            if let entry = read(member, isFinally: isFinally, problems) { entries.append(entry) }
        }
        return entries
    }

    private static func read(_ member: Member, isFinally: Bool, _ problems: Problems) -> StageEntry? {
        let what = "stage '\(member.key)'"
        guard problems.isName(member.key, member.keyNode, "a stage"),
            let reader = MapReader(member.value, what, keys: keys, at: member.keyNode.location, problems)
        else { return nil }
        if let description = reader.node("description") { _ = problems.text(description, "'description' of \(what)") }
        guard let action = action(reader, problems) else { return nil }
        var retry: MapReader.Fields?
        if let node = reader.node("retry") {
            let keys = ["attempts", "delay", "factor", "longest", "on"]
            retry = MapReader(node, "'retry' of \(what)", keys: keys, problems)?.fields
        }
        if case .template = action {
            for key in ["environment", "retry", "timeout"] {
                guard let member = reader.member(key) else { continue }
                problems.report(
                    "template-key", "'\(key)' cannot stand beside 'template'", at: member.keyNode.location,
                    help: key == "environment"
                        ? "give the template an input of type environment" : "it belongs to the stages in the template")
            }
        }
        let forEach = forEach(reader, problems)
        if let member = reader.member("maxParallel"), reader.node("forEach") == nil {
            problems.report(
                "max-parallel", "'maxParallel' of \(what) needs 'forEach'", at: member.keyNode.location)
        }
        return StageEntry(
            name: member.key, keyNode: member.keyNode, action: action, with: reader.members("with"),
            needs: reader.elements("needs"), when: reader.node("when"), environment: reader.member("environment"),
            retry: retry, timeout: reader.node("timeout"), forEach: forEach, maxParallel: reader.node("maxParallel"),
            isFinally: isFinally)
    }

    private static func action(_ reader: MapReader, _ problems: Problems) -> Action? {
        switch (reader.member("uses"), reader.member("template")) {
        case (let uses?, nil): return reader.text("uses").map { .stage(kind: $0, uses.value) }
        case (nil, let template?): return reader.text("template").map { .template(name: $0, template.value) }
        case (nil, nil):
            // A misspelt key was reported with its fix-it already.
            if !reader.node.members.contains(where: { suggestion(for: $0.key, among: ["uses", "template"]) != nil }) {
                problems.report(
                    "missing-key", "\(reader.what) has neither 'uses' nor 'template'", at: reader.anchor)
            }
            return nil
        case (let uses?, let template?):
            problems.report(
                "both", "\(reader.what) has both 'uses' and 'template'", at: template.keyNode.location,
                notes: [Diagnostic.Note("'uses' is here", at: uses.keyNode.location)])
            return nil
        }
    }

    private static func forEach(_ reader: MapReader, _ problems: Problems) -> ForEach? {
        guard let node = reader.node("forEach"),
            let each = MapReader(node, "'forEach' of \(reader.what)", keys: ["in", "as"], problems),
            let items = each.required("in")
        else { return nil }
        guard let alias = each.node("as") else { return ForEach(items: items, name: "item") }
        guard let name = problems.text(alias, "'as'"), problems.isName(name, alias, "an item") else { return nil }
        if ["inputs", "stages", "environment", "run", "secrets"].contains(name) {
            problems.report("name", "'\(name)' cannot be the name of an item", at: alias.location)
            return nil
        }
        return ForEach(items: items, name: name)
    }
}

extension MapReader {
    /// What is needed of a map after reading: its known members and where it stands.
    struct Fields: Sendable {
        var what: String
        var anchor: Location
        var members: [String: Member]
    }

    var fields: Fields {
        var members: [String: Member] = [:]
        for member in node.members where self.member(member.key) != nil { members[member.key] = member }
        return Fields(what: what, anchor: anchor, members: members)
    }
}
