public import Documents

extension DeploymentSettings {
    /// Reads a deployment settings file: unknown keys, wrong types, missing and repeated names are refused, all at once.
    ///
    /// Keys may be written in any case, as other tools read them. The wider format of the ALM Accelerator is told apart.
    public init(_ document: Document) throws(Rejected) {
        var reader = DeploymentSettingsReader()
        self = reader.read(document.root)
        guard reader.problems.isEmpty else { throw Rejected(reader.problems) }
    }

    /// Reads settings that one stage passed on to another, as strictly as a settings file.
    public init(_ value: Value) throws(Rejected) {
        try self.init(Document(text: value.json(pretty: true), file: "settings", syntax: .json))
    }
}

private struct DeploymentSettingsReader {
    var problems: [Diagnostic] = []

    private static let acceleratorKeys: Set<String> = [
        "activateflowconfiguration", "connectorsharewithgroupteamconfiguration",
        "solutioncomponentownershipconfiguration",
        "flowsharewithgroupteamconfiguration", "aadgroupcanvasconfiguration", "aadgroupteamconfiguration",
        "webhookurls",
        "orgsettings", "sdkmessages",
    ]

    mutating func read(_ root: Node) -> DeploymentSettings {
        var settings = DeploymentSettings()
        guard root.kind == .object else {
            report(
                "settings/type",
                "deployment settings are an object with 'EnvironmentVariables' and 'ConnectionReferences'", root)
            return settings
        }
        var seen: Set<String> = []
        for member in root.members {
            let key = member.key.lowercased()
            if !seen.insert(key).inserted {
                report("settings/duplicate", "'\(member.key)' is there twice", member.keyNode)
            }
            switch key {
            case "environmentvariables":
                for entry in rows(member.value, member.key, ["SchemaName", "Value"]) {
                    settings.variables.append(.init(schemaName: entry["schemaname"] ?? "", value: entry["value"] ?? ""))
                }
            case "connectionreferences":
                for entry in rows(member.value, member.key, ["LogicalName", "ConnectionId", "ConnectorId"]) {
                    settings.connections.append(
                        .init(
                            logicalName: entry["logicalname"] ?? "", connectionID: entry["connectionid"] ?? "",
                            connectorID: entry["connectorid"] ?? ""))
                }
            case "$schema": break
            default:
                if Self.acceleratorKeys.contains(key) {
                    report(
                        "settings/other-format",
                        "'\(member.key)' belongs to the custom settings of the ALM Accelerator", member.keyNode,
                        "keep it in a file of its own; deployment settings have only variables and connection references"
                    )
                } else {
                    report(
                        "settings/unknown-key", "unknown key '\(member.key)'", member.keyNode,
                        spelling(member.key, ["EnvironmentVariables", "ConnectionReferences"]))
                }
            }
        }
        return settings
    }

    /// The entries of a list by lower-case key; the first key is the entry's name.
    private mutating func rows(_ node: Node, _ list: String, _ keys: [String]) -> [[String: String]] {
        if node.isNull { return [] }
        guard node.kind == .array else {
            report("settings/type", "'\(list)' must be a list", node)
            return []
        }
        var names: Set<String> = []
        var result: [[String: String]] = []
        for element in node.elements {
            guard element.kind == .object else {
                report("settings/type", "an entry of '\(list)' must be an object", element)
                continue
            }
            var row: [String: String] = [:]
            for member in element.members {
                guard let key = keys.first(where: { $0.lowercased() == member.key.lowercased() }) else {
                    // The ALM Accelerator writes the owner beside each connection; imports do not read it.
                    if member.key.lowercased() != "connectionowner" {
                        report(
                            "settings/unknown-key", "unknown key '\(member.key)'", member.keyNode,
                            spelling(member.key, keys))
                    }
                    continue
                }
                if member.value.isNull { continue }
                guard let text = member.value.string else {
                    report("settings/type", "'\(key)' must be a string", member.value, "put the value in quotes")
                    continue
                }
                row[key.lowercased()] = text
            }
            guard let name = row[keys[0].lowercased()], !name.isEmpty else {
                report("settings/missing-key", "an entry of '\(list)' has no '\(keys[0])'", element)
                continue
            }
            guard names.insert(name.lowercased()).inserted else {
                report("settings/duplicate", "'\(name)' is there twice in '\(list)'", element)
                continue
            }
            result.append(row)
        }
        return result
    }

    private func spelling(_ key: String, _ keys: [String]) -> String? {
        suggestion(for: key, among: keys).map { "did you mean '\($0)'?" }
    }

    private mutating func report(_ code: String, _ message: String, _ node: Node, _ help: String? = nil) {
        problems.append(Diagnostic(code, message, at: node.location, help: help))
    }
}
