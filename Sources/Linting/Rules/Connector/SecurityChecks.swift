import Documents

extension ConnectorRules {
    static let securityParameters = rule(
        "connector-security-parameters", .error,
        page: RulePage(
            "What 'securityDefinitions' needs is asked for in 'connectionParameters'.",
            why: "A key without a field is never sent; a sign-in without settings cannot start.",
            fix: "apiKey needs a 'securestring', oauth2 an 'oauthSetting', basic a user name and a password",
            example: "\"connectionParameters\": {\"api_key\": {\"type\": \"securestring\"}}")
    ) { context in
        guard properties(context) != nil, let schemes = context.document.root["securityDefinitions"] else { return [] }
        let parameters = connectionParameters(context)
        let types = Set(parameters.map(\.type))
        var remarks: [Remark] = []
        for scheme in schemes.members {
            let node = context.resolve(scheme.value)
            switch node["type"]?.string {
            case "apiKey":
                // A key can also be put into its header by a policy from a parameter of another type.
                if types.isDisjoint(with: ["securestring", "oauthsetting", "string"]) {
                    remarks.append(Remark("no 'securestring' parameter asks for key '\(scheme.key)'", at: node))
                }
            case "oauth2":
                if !types.contains("oauthsetting") {
                    remarks.append(Remark("no 'oauthSetting' parameter serves scheme '\(scheme.key)'", at: node))
                }
            case "basic":
                let fields = parameters.filter { $0.type == "securestring" || $0.type == "string" }
                if fields.count < 2, !types.contains("oauthsetting") {
                    remarks.append(
                        Remark("no user name and password parameters serve scheme '\(scheme.key)'", at: node))
                }
            default: break
            }
        }
        let used = Set(schemes.members.compactMap { context.resolve($0.value)["type"]?.string })
        for parameter in parameters where parameter.type == "oauthsetting" && parameter.set == nil {
            if !used.contains("oauth2") {
                remarks.append(
                    Remark(
                        "no 'oauth2' scheme of the definition uses parameter '\(parameter.name)'", at: parameter.node))
            }
        }
        return remarks
    }

    static let oauthSingle = rule(
        "connector-oauth-single", .error,
        page: RulePage(
            "There is one OAuth parameter for each way to connect.", why: "A connection keeps one token.",
            fix: "keep one, or offer several ways in 'connectionParameterSets'",
            example: "\"token\": {\"type\": \"oauthSetting\", \"oAuthSettings\": {...}}")
    ) { context in
        var seen: Set<String> = []
        return connectionParameters(context).filter { $0.type == "oauthsetting" }.compactMap { parameter in
            if seen.insert(parameter.set ?? "").inserted { return nil }
            return Remark("'\(parameter.name)' is a second OAuth parameter", at: parameter.node)
        }
    }

    static let oauthAddresses = rule(
        "connector-oauth-addresses", .warning,
        page: RulePage(
            "The OAuth addresses of definition and properties are the same.",
            why: "Only those of the properties are used; the definition misleads its readers.",
            fix: "make 'authorizationUrl' and 'tokenUrl' equal in both files",
            example: "\"customParameters\": {\"tokenUrl\": {\"value\": \"https://login.contoso.example/token\"}}")
    ) { context in
        forEachOAuthPair(context) { scheme, settings in
            guard let custom = settings["customParameters"], settings["identityProvider"]?.string == "oauth2" else {
                return []
            }
            return ["authorizationUrl", "tokenUrl"].compactMap { key -> Remark? in
                guard let declared = scheme[key], let text = declared.string, !text.isEmpty,
                    let used = custom.members.first(where: { $0.key.lowercased() == key.lowercased() })?
                        .value["value"]?.string,
                    !used.isEmpty, used != text
                else { return nil }
                return Remark("'\(key)' is '\(text)' here and '\(used)' in the properties", at: declared)
            }
        }
    }

    static let oauthScopes = rule(
        "connector-oauth-scopes", .information,
        page: RulePage(
            "The OAuth scopes of definition and properties are the same.",
            why: "Only those of the properties are asked for.", fix: "make both lists the same",
            example: "\"scopes\": [\"invoices.read\"]")
    ) { context in
        forEachOAuthPair(context) { scheme, settings in
            guard let declared = scheme["scopes"], declared.kind == .object, let asked = settings["scopes"] else {
                return []
            }
            let wanted = Set(
                asked.elements.compactMap(\.string).flatMap { $0.split(whereSeparator: { " ,".contains($0) }) })
            let listed = Set(
                declared.members.flatMap { $0.key.split(whereSeparator: { " ,".contains($0) }).map(String.init) })
            return wanted.map(String.init).filter { !listed.contains($0) }.sorted().map {
                Remark("scope '\($0)' is asked for, but the definition does not list it", at: asked)
            }
        }
    }

    private static func forEachOAuthPair(
        _ context: LintContext, _ check: (_ scheme: Node, _ settings: Node) -> [Remark]
    ) -> [Remark] {
        guard let schemes = context.document.root["securityDefinitions"], schemes.kind == .object else { return [] }
        let oauth = schemes.members.map { context.resolve($0.value) }.filter { $0["type"]?.string == "oauth2" }
        let settings = connectionParameters(context).compactMap { $0.node["oAuthSettings"] }
        guard oauth.count == 1, settings.count == 1 else { return [] }
        return check(oauth[0], settings[0])
    }
}
