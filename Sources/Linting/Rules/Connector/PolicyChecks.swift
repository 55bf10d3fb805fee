import Documents

extension ConnectorRules {
    private static let operationName = "x-ms-apimTemplate-operationName"
    private static let prefix = "x-ms-apimTemplateParameter."

    /// The policy templates in lower case, with the parameters that each requires.
    private static let templates: [String: [String]] = [
        "setheader": ["name", "value"], "setqueryparameter": ["name", "value"], "dynamichosturl": ["urlTemplate"],
        "dynamicsubdomain": [], "routerequesttoendpoint": ["newPath"],
        "pollingtrigger": ["triggerConfig", "triggerDataPath"],
        "setproperty": ["newPropertyParentPathTemplate", "newPropertySubPathTemplate", "propertyValuePathTemplate"],
        "updatenextlink": ["nextLinkPropertyName"],
        "stringreplace": ["propertyParentPath", "sourceString", "replacementString", "newPropertyPath"],
        "stringtoarray": ["propertyParentPath", "delimiterList", "childPropertyName", "newPropertyPath"],
        "convertobjecttoarray": ["propertyParentPath", "newPropertyPath"],
        "convertarraytoobject": ["propertyParentPath", "keyWithinCollectionPath", "newPropertyPath"],
        "encodepropertyvalue": ["propertyParentPath", "newPropertyPath"],
        "setvaluefromurl": ["parameterTemplate", "parameterValueUrl", "parameterValuePathTemplate"],
        "moveproperties": [], "setconnectionstatustounauthenticated": [],
    ]

    static func policies(_ context: LintContext) -> [Node] {
        properties(context)?["policyTemplateInstances"].map { Array($0.elements) } ?? []
    }

    static let policyTemplate = rule(
        "connector-policy-template", .warning,
        page: RulePage(
            "Policies use templates that exist.", why: "A template that is not known is refused on import.",
            fix: "correct 'templateId'",
            example: "{\"templateId\": \"setheader\", \"title\": \"Accept\", \"parameters\": {...}}")
    ) { context in
        policies(context).compactMap { policy in
            guard let node = policy["templateId"] else { return Remark("'templateId' is missing", at: policy) }
            guard let id = node.string, templates[id.lowercased()] == nil else { return nil }
            let hint = suggestion(for: id.lowercased(), among: templates.keys.sorted()).map {
                "; did you mean '\($0)'?"
            }
            return Remark("there is no policy template '\(id)'\(hint ?? "")", at: node)
        }
    }

    static let policyParameters = rule(
        "connector-policy-parameters", .error,
        page: RulePage(
            "Policies give what their templates require.", why: "A policy without it is refused on import.",
            fix: "add the parameter with the prefix 'x-ms-apimTemplateParameter.'",
            example:
                "\"x-ms-apimTemplateParameter.name\": \"Accept\", \"x-ms-apimTemplateParameter.value\": \"application/json\""
        )
    ) { context in
        policies(context).flatMap { policy -> [Remark] in
            guard let id = policy["templateId"]?.string, let required = templates[id.lowercased()] else { return [] }
            let given = Set(policy["parameters"].map { $0.members.map { $0.key.lowercased() } } ?? [])
            return required.filter { !given.contains((prefix + $0).lowercased()) }.map {
                Remark("policy '\(policy["title"]?.string ?? id)' has no '\($0)'", at: policy["parameters"] ?? policy)
            }
        }
    }

    static let policyOperation = rule(
        "connector-policy-operation", .error,
        page: RulePage(
            "Policies name operations that exist.",
            why: "A policy for a renamed operation no longer does anything, and nobody is told.",
            fix: "correct the operationId", example: "\"x-ms-apimTemplate-operationName\": [\"ListInvoices\"]")
    ) { context in
        let ids = context.operations.compactMap(\.id)
        return policies(context).flatMap { policy -> [Remark] in
            guard let names = policy["parameters"]?[operationName] else { return [] }
            return (names.kind == .array ? Array(names.elements) : [names]).compactMap { element in
                guard let id = element.string, !id.isEmpty, !ids.contains(id) else { return nil }
                let hint = suggestion(for: id, among: ids).map { "; did you mean '\($0)'?" } ?? ""
                return Remark("policy names operation '\(id)', which does not exist\(hint)", at: element)
            }
        }
    }

    static let policyConnectionParameter = rule(
        "connector-policy-connection-parameter", .error,
        page: RulePage(
            "Expressions in policies name connection parameters that exist.",
            why: "An unknown name gives an empty text, and with it a wrong host or header.",
            fix: "correct the name, or add the connection parameter",
            example: "\"x-ms-apimTemplateParameter.urlTemplate\": \"https://@connectionParameters('host')\"")
    ) { context in
        let names = Set(connectionParameters(context).map { $0.name.lowercased() })
        return policies(context).flatMap { policy -> [Remark] in
            (policy["parameters"].map { Array($0.members) } ?? []).flatMap { member -> [Remark] in
                guard let text = member.value.string else { return [] }
                return connectionNames(in: text).filter { !names.contains($0.lowercased()) }.map {
                    Remark("there is no connection parameter '\($0)'", at: member.value)
                }
            }
        }
    }

    /// The names in `@connectionParameters('name', 'default')`; those with a default are left out.
    static func connectionNames(in text: String) -> [String] {
        var names: [String] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "connectionParameters(") {
            rest = rest[start.upperBound...]
            let inside = rest.drop { $0 == " " }
            guard let quote = inside.first, quote == "'" || quote == "\"" else { continue }
            let body = inside.dropFirst()
            guard let end = body.firstIndex(of: quote) else { continue }
            let after = body[end...].dropFirst().drop { $0 == " " }
            if after.first != "," { names.append(String(body[..<end])) }
            rest = after
        }
        return names
    }
}
