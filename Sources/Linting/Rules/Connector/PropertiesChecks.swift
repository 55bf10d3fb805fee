import Documents

extension ConnectorRules {
    /// One way of a connector to ask people for what a connection needs.
    struct ConnectionParameter {
        var name: String
        /// In lower case.
        var type: String
        var node: Node
        /// The set it belongs to, where there are several ways to connect.
        var set: String?
    }

    static func properties(_ context: LintContext) -> Node? { context.connector?.properties?.root["properties"] }

    static func connectionParameters(_ context: LintContext) -> [ConnectionParameter] {
        guard let properties = properties(context) else { return [] }
        var found: [ConnectionParameter] = []
        func add(_ map: Node?, _ set: String?) {
            for member in map.map({ Array($0.members) }) ?? [] {
                found.append(
                    ConnectionParameter(
                        name: member.key, type: member.value["type"]?.string?.lowercased() ?? "", node: member.value,
                        set: set))
            }
        }
        add(properties["connectionParameters"], nil)
        for value in properties["connectionParameterSets"]?["values"].map({ Array($0.elements) }) ?? [] {
            add(value["parameters"], value["name"]?.string ?? "")
        }
        return found
    }

    static let propertiesMissing = rule(
        "connector-properties", .warning,
        page: RulePage(
            "'apiProperties.json' lies beside the definition, with 'properties' in it.",
            why:
                "It holds how people sign in, the policies and the colour; without it only half of the connector is known.",
            fix: "add the file",
            example: "{\"properties\": {\"iconBrandColor\": \"#2a6f97\", \"connectionParameters\": {}}}")
    ) { context in
        guard let connector = context.connector else { return [] }
        guard let document = connector.properties else {
            return connector.diagnostics.isEmpty
                ? [Remark("there is no 'apiProperties.json' beside the definition", path: ["swagger"])] : []
        }
        return document.root["properties"] == nil ? [Remark("'properties' is missing", at: document.root)] : []
    }

    static let brandColor = rule(
        "connector-brand-color", .warning,
        page: RulePage(
            "The brand colour is a colour of the service's own.",
            why:
                "'#007ee5' is what the wizard writes when nobody chose, white makes the icon vanish; certification refuses both.",
            fix: "write the colour as '#' and six hexadecimal digits", example: "\"iconBrandColor\": \"#2a6f97\"")
    ) { context in
        guard let properties = properties(context) else { return [] }
        guard let node = properties["iconBrandColor"] else {
            return [Remark("'iconBrandColor' is missing", at: properties)]
        }
        guard let color = node.string, color.count == 7, color.hasPrefix("#"),
            color.dropFirst().allSatisfy(\.isHexDigit)
        else { return [Remark("'\(node.scalarText ?? "")' is no colour", at: node)] }
        if ["#007ee5", "#ffffff"].contains(color.lowercased()) {
            return [Remark("'\(color)' is not accepted as a brand colour", at: node)]
        }
        return []
    }

    static let connectionParameterTypes = rule(
        "connector-connection-parameters", .error,
        page: RulePage(
            "Connection parameters have a known type, and constraints in the form that is read.",
            why: "A type that is not known makes the import fail; 'required' and 'hidden' are read as texts only.",
            fix: "use string, securestring, int, bool, oauthSetting or gatewaySetting; write \"true\" or \"false\"",
            example:
                "\"api_key\": {\"type\": \"securestring\", \"uiDefinition\": {\"constraints\": {\"required\": \"true\"}}}"
        )
    ) { context in
        let types = ["string", "securestring", "int", "bool", "oauthsetting", "gatewaysetting"]
        return connectionParameters(context).flatMap { parameter -> [Remark] in
            var remarks: [Remark] = []
            if !types.contains(parameter.type) {
                let shown = parameter.node["type"]?.scalarText
                remarks.append(
                    Remark(
                        shown.map { "connection parameter '\(parameter.name)' has the unknown type '\($0)'" }
                            ?? "connection parameter '\(parameter.name)' has no type",
                        at: parameter.node["type"] ?? parameter.node))
            }
            for key in ["required", "hidden"] {
                guard let value = parameter.node["uiDefinition"]?["constraints"]?[key] else { continue }
                if !["true", "false"].contains(value.string?.lowercased() ?? "") {
                    remarks.append(Remark("'\(key)' is the text \"true\" or \"false\"", at: value))
                }
            }
            return remarks
        }
    }

    static let literalSecret = rule(
        "connector-literal-secret", .error,
        page: RulePage(
            "No secret stands in the files.", why: "Whoever can read the repository can use it.",
            fix: "leave 'clientSecret' out; give it when the connector is created",
            example: "\"oAuthSettings\": {\"clientId\": \"...\"}")
    ) { context in
        var remarks: [Remark] = []
        for parameter in connectionParameters(context) {
            if let secret = parameter.node["oAuthSettings"]?["clientSecret"], let text = secret.string,
                !text.isEmpty, !text.contains("${"), !text.hasPrefix("<"), !text.hasPrefix("[")
            {
                remarks.append(Remark("a client secret is written here", at: secret))
            }
            if parameter.type == "securestring", let value = parameter.node["defaultValue"] ?? parameter.node["value"],
                let text = value.string, !text.isEmpty
            {
                remarks.append(Remark("secret '\(parameter.name)' has a value here", at: value))
            }
        }
        return remarks
    }

    static let scriptOperation = rule(
        "connector-script-operation", .error,
        page: RulePage(
            "The operations that a script handles exist.", why: "An unknown name is refused on import.",
            fix: "correct the operationId in 'scriptOperations'", example: "\"scriptOperations\": [\"ListInvoices\"]")
    ) { context in
        let ids = context.operations.compactMap(\.id)
        return (properties(context)?["scriptOperations"].map { Array($0.elements) } ?? []).compactMap { element in
            guard let id = element.string, !ids.contains(id) else { return nil }
            let hint = suggestion(for: id, among: ids).map { "; did you mean '\($0)'?" } ?? ""
            return Remark("operation '\(id)' does not exist\(hint)", at: element)
        }
    }

    static let scriptFile = rule(
        "connector-script-file", .warning,
        page: RulePage(
            "A script is there exactly when operations use it.",
            why: "Without the file the operations fail; without the list the script runs for all of them.",
            fix: "add 'script.csx', or remove 'scriptOperations'", example: "\"scriptOperations\": [\"ListInvoices\"]")
    ) { context in
        guard let hasScript = context.connector?.hasScript, let properties = properties(context) else { return [] }
        if let list = properties["scriptOperations"], list.count > 0, !hasScript {
            return [Remark("there is no 'script.csx' for these operations", at: list)]
        }
        if hasScript, properties["scriptOperations"] == nil {
            return [Remark("'script.csx' is there, but 'scriptOperations' is missing", at: properties)]
        }
        return []
    }
}
