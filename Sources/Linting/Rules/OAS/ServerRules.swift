import Documents

extension OASRules {
    static let apiHost = Rule(
        "oas2-api-host", .warning, [.oas2], given: ["$"], [.field("host", .truthy)],
        description: "OpenAPI \"host\" must be present and non-empty string.",
        page: RulePage(
            "The definition names the host of the API.",
            why: "Without it calls go to wherever the definition was found.",
            fix: "add 'host'", example: "host: api.contoso.example"))

    static let apiSchemes = Rule(
        "oas2-api-schemes", .warning, [.oas2], given: ["$"], [.field("schemes", schemes)],
        description: "OpenAPI host \"schemes\" must be present and non-empty array.",
        page: RulePage(
            "The definition says how the host is reached.",
            why: "Without it the way the definition was fetched is used.",
            fix: "add 'schemes'", example: "schemes: [https]"))

    static let hostNotExample = Rule(
        "oas2-host-not-example", .warning, recommended: false, [.oas2], given: ["$"],
        [.field("host", .pattern(notMatch: "example\\.com"))],
        description: "Host URL must not point at example.com.",
        page: RulePage(
            "The host is a real one.", why: "A placeholder that stays makes every call fail.",
            fix: "write the API's own host", example: "host: api.contoso.example"))

    static let hostTrailingSlash = Rule(
        "oas2-host-trailing-slash", .warning, [.oas2], given: ["$"], [.field("host", .pattern(notMatch: "/$"))],
        description: "Server URL must not have trailing slash.",
        page: RulePage(
            "The host does not end in a slash.", why: "Paths begin with one; two make another address.",
            fix: "remove the slash", example: "host: api.contoso.example"))

    static let apiServers = Rule(
        "oas3-api-servers", .warning, [.oas3], given: ["$"], [.field("servers", servers)],
        description: "OpenAPI \"servers\" must be present and non-empty array.",
        page: RulePage(
            "The definition names its servers.", why: "Without them calls go to wherever the definition was found.",
            fix: "add 'servers'", example: "servers: [{url: https://api.contoso.example/v1}]"))

    static let serverNotExample = Rule(
        "oas3-server-not-example.com", .warning, recommended: false, [.oas3], given: ["$.servers[*].url"],
        [.init(.pattern(notMatch: "example\\.com"))],
        description: "Server URL must not point at example.com.",
        page: RulePage(
            "The servers are real ones.", why: "A placeholder that stays makes every call fail.",
            fix: "write the API's own address", example: "servers: [{url: https://api.contoso.example/v1}]"))

    static let serverTrailingSlash = Rule(
        "oas3-server-trailing-slash", .warning, [.oas3], given: ["$.servers[*].url"],
        [.init(.pattern(notMatch: "./$"))],
        description: "Server URL must not have trailing slash.",
        page: RulePage(
            "A server's address does not end in a slash.", why: "Paths begin with one; two make another address.",
            fix: "remove the slash", example: "servers: [{url: https://api.contoso.example/v1}]"))

    static let callbacksInCallbacks = Rule(
        "oas3-callbacks-in-callbacks", .warning, [.oas3], given: ["\(operation).callbacks[*][*][*].callbacks"],
        [.init(.undefined)], description: "Callbacks should not be defined within a callback",
        page: RulePage(
            "A callback has no callbacks.", why: "Nobody answers a callback with another one.",
            fix: "move the inner callback to an operation", example: "callbacks:\n  paid: {...}"))

    static let serversInWebhook = Rule(
        "oas3_1-servers-in-webhook", .warning, [.oas31], given: ["$.webhooks.servers", "$.webhooks[*][*].servers"],
        [.init(.undefined)], description: "Servers should not be defined in a webhook.",
        page: RulePage(
            "A webhook names no servers.", why: "A webhook goes to the address that its receiver gave.",
            fix: "remove 'servers' from the webhook", example: "webhooks:\n  paid:\n    post: {responses: {...}}"))

    static let callbacksInWebhook = Rule(
        "oas3_1-callbacks-in-webhook", .warning, [.oas31], given: ["$.webhooks[*][*].callbacks"], [.init(.undefined)],
        description: "Callbacks should not be defined in a webhook.",
        page: RulePage(
            "A webhook has no callbacks.", why: "The receiver of a webhook calls the API, not the webhook's sender.",
            fix: "move the callback to an operation", example: "webhooks:\n  paid:\n    post: {responses: {...}}"))

    private static let schemes = RuleFunction("schemes") { target, _ in
        guard let list = target.value, list.kind == .array, list.count > 0,
            list.elements.allSatisfy({ $0.kind == .string })
        else { return [Remark("a list of schemes is needed")] }
        return []
    }

    private static let servers = RuleFunction("servers") { target, context in
        guard let list = target.value, list.kind == .array, list.count > 0,
            list.elements.allSatisfy({ context.resolve($0).kind == .object })
        else { return [Remark("a list of servers is needed")] }
        return []
    }
}
