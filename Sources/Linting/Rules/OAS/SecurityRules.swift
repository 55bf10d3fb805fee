import Documents

extension OASRules {
    static let securityDefined2 = Rule(
        "oas2-operation-security-defined", .warning, [.oas2], given: ["$"],
        [.init(security(in: ["securityDefinitions"], called: "securityDefinitions"))], description: nil,
        message: "{{error}}", page: page)

    static let securityDefined3 = Rule(
        "oas3-operation-security-defined", .warning, [.oas3], given: ["$"],
        [.init(security(in: ["components", "securitySchemes"], called: "components.securitySchemes"))],
        description: nil, message: "{{error}}", page: page)

    private static let page = RulePage(
        "Each security requirement names a scheme that is defined, and scopes that it has.",
        why: "A requirement that nothing defines cannot be met, so that every call fails.",
        fix: "define the scheme or its scope, or correct the name",
        example: "securityDefinitions: {key: {type: apiKey, in: header, name: X-Key}}\nsecurity: [{key: []}]")

    private static func security(in path: [String], called name: String) -> RuleFunction {
        RuleFunction("security") { _, context in
            let schemes = context.member(context.document.root, path)
            var remarks: [Remark] = []
            func check(_ list: Node?, _ title: String) {
                guard let list, list.kind == .array else { return }
                for requirement in list.elements where requirement.kind == .object {
                    for member in requirement.members {
                        guard let scheme = schemes?[member.key] else {
                            remarks.append(
                                Remark(
                                    "\(title) \"security\" values must match a scheme defined in the \"\(name)\" object.",
                                    at: member.value, isAboutName: true))
                            continue
                        }
                        let known = scopes(of: context.resolve(scheme))
                        for scope in member.value.elements {
                            guard let text = scope.string, !known.contains(text) else { continue }
                            remarks.append(Remark("\"\(text)\" must be listed among scopes.", at: scope))
                        }
                    }
                }
            }
            check(context.member(context.document.root, "security"), "API")
            for (_, method) in operations(context) { check(context.member(method.value, "security"), "Operation") }
            return remarks
        }
    }

    private static func scopes(of scheme: Node) -> Set<String> {
        var scopes = Set(scheme["scopes"].map { $0.members.map(\.key) } ?? [])
        for flow in scheme["flows"].map({ Array($0.members) }) ?? [] {
            scopes.formUnion(flow.value["scopes"].map { $0.members.map(\.key) } ?? [])
        }
        return scopes
    }
}
