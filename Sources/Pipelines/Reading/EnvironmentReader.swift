import Documents
import OrderedCollections

/// Reads one file of `environments/`.
struct EnvironmentReader {
    let problems: Problems
    let name: String

    func read(_ document: Document) -> EnvironmentFile? {
        let keys = [
            "description", "after", "target", "connections", "variables", "flows", "backend", "gates", "pending",
            "secretsFile",
        ]
        guard let reader = MapReader(document.root, "the environment", keys: keys, problems) else { return nil }
        let target = reader.required("target").flatMap(target)
        var file = EnvironmentFile(
            name: name, summary: reader.text("description"), after: reader.text("after"),
            target: target ?? .directory(path: ".almrun/environments/\(name)"))
        for member in reader.members("connections") { file.connections[member.key] = connection(member) }
        for member in reader.members("variables") {
            guard let value = text(member.value, "variable '\(member.key)'") else { continue }
            file.variables[member.key] = EnvironmentFile.Variable(
                value: value, place: SourcePlace(member.value.location))
        }
        for member in reader.members("flows") {
            let what = "the state of flow '\(member.key)'"
            guard let state = problems.word(member.value, what, FlowState.self) else { continue }
            if member.key == "default" {
                file.flows.defaultEnabled = state == .enabled
            } else {
                file.flows.enabled[member.key] = state == .enabled
            }
        }
        if let node = reader.node("backend") { file.backend = backend(node) }
        if let node = reader.node("gates") {
            file.gates = GatesReader(problems: problems).read(node)
            if file.gates.soak > 0, reader.node("after") == nil {
                problems.report(
                    "soak-without-after",
                    "'soak' counts from when the package was verified in the environment before, and none is named",
                    at: node["soak"]?.location, help: "add 'after: NAME', or take 'soak' away")
            }
        }
        if let node = reader.node("pending"),
            let pending = problems.word(node, "'pending' of the environment", Plan.Concurrency.Pending.self)
        {
            file.pending = pending
        }
        if let node = reader.node("secretsFile") { file.secretsFile = path(node, "'secretsFile'") }
        return file
    }

    private enum FlowState: String, CaseIterable { case enabled, disabled }
    private enum TargetKind: String, CaseIterable { case directory, dataverse }

    private func target(_ node: Node) -> EnvironmentFile.Target? {
        guard node.kind == .object, let kindNode = node["kind"] else {
            if let reader = MapReader(node, "the target", keys: ["kind", "path", "url", "tenant", "client"], problems) {
                _ = reader.required("kind")
            }
            return nil
        }
        switch problems.word(kindNode, "'kind' of the target", TargetKind.self) {
        case .directory:
            let reader = MapReader(node, "the directory target", keys: ["kind", "path"], problems)
            return reader?.required("path").flatMap(folder).map { .directory(path: $0) }
        case .dataverse:
            let keys = ["kind", "url", "tenant", "client"]
            guard let reader = MapReader(node, "the Dataverse target", keys: keys, problems) else { return nil }
            let parts = keys.dropFirst().map { key in
                reader.required(key).flatMap { text($0, "'\(key)' of the target") }
            }
            guard let url = parts[0], let tenant = parts[1], let client = parts[2] else { return nil }
            if let node = reader.node("url") { requireURL(url, node, "'url' of the target") }
            return .dataverse(url: url, tenant: tenant, client: client)
        case nil: return nil
        }
    }

    private func connection(_ member: Member) -> EnvironmentFile.Connection? {
        let what = "connection '\(member.key)'"
        guard
            let reader = MapReader(
                member.value, what, keys: ["connector", "connection"], at: member.keyNode.location, problems)
        else { return nil }
        let connector = reader.requiredText("connector")
        let connection = reader.required("connection").flatMap { text($0, "'connection' of \(what)") }
        guard let connector, let connection else { return nil }
        return EnvironmentFile.Connection(
            connector: connector, connection: connection, place: SourcePlace(member.keyNode.location))
    }

    private func backend(_ node: Node) -> EnvironmentFile.Backend? {
        guard let text = problems.text(node, "'backend'") else { return nil }
        if text == "mock" { return .mock }
        return requireURL(text, node, "'backend'", otherwise: "it is 'mock' or a URL") ? .url(text) : nil
    }

    @discardableResult
    private func requireURL(_ text: String, _ node: Node, _ what: String, otherwise: String? = nil) -> Bool {
        if otherwise == nil, ReferenceText.isNeeded(text) { return true }
        if text.hasPrefix("https://") || text.hasPrefix("http://"), text.count > 8, !text.contains(" ") { return true }
        problems.unknown(
            "url", "\(what) is no URL: '\(text)'", word: text, among: otherwise == nil ? [] : ["mock"],
            at: node.location,
            otherwise: otherwise ?? "it begins with 'https://'")
        return false
    }

    private func path(_ node: Node, _ what: String) -> String? {
        guard let text = problems.text(node, what) else { return nil }
        return problems.isInside(text, node) ? text : nil
    }

    /// The folder of an embedded environment.
    private func folder(_ node: Node) -> String? {
        guard let text = path(node, "'path' of the target") else { return nil }
        guard let objection = TargetPath.objection(to: text) else { return text }
        problems.report(
            "target-path", "'\(text)' \(objection), and cannot be an environment", at: node.location,
            help: TargetPath.help(for: name))
        return nil
    }

    /// A text in which secrets, and nothing else, may be referred to.
    private func text(_ node: Node, _ what: String) -> String? {
        guard let text = problems.text(node, what) else { return nil }
        guard ReferenceText.isNeeded(text) else { return text }
        for part in ReferenceText(text).parts {
            switch part {
            case .literal: continue
            case .broken(let message, let range):
                problems.report("reference", message, at: node.location(of: range))
            case .path(let path, let range):
                if case .secret(let name)? = Reference(path), SecretName.isValid(name) { continue }
                problems.report(
                    "reference-here", "'\(path)' cannot be used in an environment's file", at: node.location(of: range),
                    help: "only secrets can: '${{ secrets.NAME }}'")
            }
        }
        return text
    }
}
