import Documents

extension ConnectorRules {
    /// The extensions of Power Platform and those that generators leave behind.
    private static let extensions: Set = [
        "x-ms-summary", "x-ms-visibility", "x-ms-url-encoding", "x-ms-dynamic-values", "x-ms-dynamic-list",
        "x-ms-dynamic-schema", "x-ms-dynamic-properties", "x-ms-dynamic-tree", "x-ms-trigger", "x-ms-trigger-hint",
        "x-ms-trigger-metadata", "x-ms-trigger-value", "x-ms-notification-content", "x-ms-notification-url",
        "x-ms-notification", "x-ms-connector-metadata", "x-ms-capabilities", "x-ms-api-annotation", "x-ms-enum-values",
        "x-ms-pageable", "x-ms-operation-context", "x-ms-no-generic-test", "x-ms-safe-operation", "x-ms-test-value",
        "x-ms-docs", "x-ms-deployment-version", "x-ms-media-kind", "x-ms-localizeDefaultValue", "x-ms-editor",
        "x-ms-editor-options", "x-ms-openai-manifest", "x-ms-openai-data", "x-ms-require-user-confirmation",
        "x-ms-keywords", "x-ms-enum", "x-ms-parameter-location", "x-ms-skip-url-encoding", "x-ms-client-name",
        "x-ms-long-running-operation", "x-ms-long-running-operation-options", "x-ms-paths", "x-ms-parameterized-host",
        "x-ms-client-flatten", "x-ms-discriminator-value", "x-ms-examples", "x-ms-mutability", "x-ms-odata",
        "x-ms-request-id", "x-ms-external", "x-ms-azure-resource", "x-ms-code-generation-settings",
        "x-ms-parameter-grouping", "x-ms-error-response", "x-ms-secret", "x-ms-generated", "x-ms-property-name-alias",
        "x-ms-credential-type", "x-ms-permission", "x-ms-operation-group", "x-ms-api-version",
        "x-ms-property-format", "x-ms-header-collection-prefix", "x-ms-text", "x-ms-nullable",
        "x-ms-apimTemplate-operationName", "x-ms-explicit-input", "x-ms-optional",
    ]

    static let unknownExtension = Rule(
        "connector-unknown-extension", .warning, [.oas2], resolved: false, given: ["$", "$..*"],
        [
            .init(
                RuleFunction("unknownExtension") { target, context in
                    guard let node = target.value, node.kind == .object else { return [] }
                    return node.members.compactMap { member in
                        guard member.key.hasPrefix("x-ms-"), !extensions.contains(member.key) else { return nil }
                        // A header or property may be called so; only keywords count.
                        let holder = context.key(of: node)
                        if holder == "properties" || holder == "headers" || holder == "examples" { return nil }
                        let help = suggestion(for: member.key, among: extensions.sorted())
                        let hint = help.map { "; did you mean '\($0)'?" } ?? ""
                        return Remark(
                            "'\(member.key)' is no known extension\(hint)", at: member.value, isAboutName: true,
                            keepsReference: true)
                    }
                })
        ], description: nil,
        page: RulePage(
            "Extensions that begin with 'x-ms-' are known ones.",
            why: "The import refuses or ignores others; nearly always the name is misspelt.",
            fix: "correct the spelling, or use another prefix for data of your own",
            example: "x-ms-visibility: advanced"))

    static let visibility = Rule(
        "connector-visibility", .error, [.oas2], given: ["$..['x-ms-visibility']"],
        [
            .init(
                RuleFunction("visibility") { target, _ in
                    let known = ["", "none", "important", "advanced", "internal"]
                    guard let value = target.value, !known.contains(value.string ?? "?") else { return [] }
                    return [
                        Remark("visibility '\(value.scalarText ?? "")' is none of important, advanced and internal")
                    ]
                })
        ], description: nil,
        page: RulePage(
            "'x-ms-visibility' is important, advanced or internal.", why: "Other words are refused on import.",
            fix: "use one of the three, or leave it out", example: "x-ms-visibility: advanced"))

    static let pageable = rule(
        "connector-pageable", .warning,
        page: RulePage(
            "'x-ms-pageable' names 'nextLink' or '@odata.nextLink'.", why: "The platform follows these two names only.",
            fix: "rename the property with a policy, or give the link under that name",
            example: "x-ms-pageable: {nextLinkName: nextLink}")
    ) { context in
        context.operations.compactMap { operation in
            guard let pageable = operation.node["x-ms-pageable"], pageable.kind == .object else { return nil }
            guard let name = pageable["nextLinkName"] else {
                return Remark("'x-ms-pageable' has no 'nextLinkName'", at: pageable)
            }
            if name.isNull || name.isString("nextLink") || name.isString("@odata.nextLink") { return nil }
            return Remark("'\(name.scalarText ?? "")' is not followed", at: name)
        }
    }

    static let triggerKind = rule(
        "connector-trigger-kind", .error,
        page: RulePage(
            "'x-ms-trigger' is 'single' or 'batch'.", why: "Other words are refused on import.",
            fix: "use 'single' for one event at a time, 'batch' for a list of them", example: "x-ms-trigger: single")
    ) { context in
        context.operations.compactMap { operation in
            guard let kind = operation.node["x-ms-trigger"], !kind.isString("single"), !kind.isString("batch") else {
                return nil
            }
            return Remark("trigger kind '\(kind.scalarText ?? "")' is neither 'single' nor 'batch'", at: kind)
        }
    }

    static let webhook = rule(
        "connector-webhook", .warning,
        page: RulePage(
            "A webhook trigger can be subscribed to and cancelled.",
            why:
                "The platform needs a property to put its address into, the shape of the message, and an operation to unsubscribe.",
            fix:
                "mark the address with 'x-ms-notification-url', add 'x-ms-notification-content' beside the verb, and a DELETE operation",
            example:
                "post:\n  x-ms-trigger: single\nx-ms-notification-content: {schema: {$ref: '#/definitions/Invoice'}}")
    ) { context in
        let hasDelete = context.operations.contains { $0.method == "delete" }
        return context.operations.flatMap { operation -> [Remark] in
            let writes = ["post", "put", "patch"].contains(operation.method)
            guard operation.isTrigger, writes, operation.node["x-ms-notification"] == nil,
                let kind = operation.node["x-ms-trigger"], kind.isString("single")
            else { return [] }
            var remarks: [Remark] = []
            if operation.item["x-ms-notification-content"] == nil {
                remarks.append(
                    Remark("trigger '\(operation.title)' has no 'x-ms-notification-content' beside it", at: kind))
            }
            let bodies = operation.parameters.filter { $0.place == "body" }.compactMap { $0.node["schema"] }
            let notes = bodies.flatMap { notificationURLs($0, context, depth: 0) }
            if notes.isEmpty {
                remarks.append(
                    Remark("no property of the body of '\(operation.title)' has 'x-ms-notification-url'", at: kind))
            }
            for note in notes where note["x-ms-visibility"]?.string != "internal" {
                remarks.append(Remark("the property for the address of notifications is not internal", at: note))
            }
            if !hasDelete {
                remarks.append(Remark("no DELETE operation unsubscribes trigger '\(operation.title)'", at: kind))
            }
            return remarks
        }
    }

    private static func notificationURLs(_ schema: Node, _ context: LintContext, depth: Int) -> [Node] {
        let schema = context.resolve(schema)
        if schema["x-ms-notification-url"]?.scalarText == "true" { return [schema] }
        guard depth < 8 else { return [] }
        let properties = schema["properties"].map { $0.members.map(\.value) } ?? []
        return (properties + [schema["items"]].compactMap { $0 }).flatMap {
            notificationURLs($0, context, depth: depth + 1)
        }
    }
}
