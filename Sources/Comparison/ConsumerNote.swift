/// Says whom a change breaks.
enum ConsumerNote {
    static func text(
        for id: String, level: Level, operation: OperationReference?, profile: ComparisonOptions.Profile
    ) -> String? {
        guard level > .info || id.hasPrefix("api-security") || id.hasPrefix("api-global-security") else { return nil }
        let name = operation.map { "'\($0.operationID ?? $0.label)'" } ?? "the API"
        if id.contains("security") {
            return profile == .connector
                ? "connections may have to be made again, and flows and apps wait for them"
                : "programs that sign in to \(name) the old way may be turned away"
        }
        let users = profile == .connector ? "flows and apps" : "programs"
        switch id {
        case _ where id.hasPrefix("api-path-removed") || id.hasPrefix("api-removed"):
            return "\(users) that use \(name) stop working"
        case "cx-operation-id-changed", "cx-operation-id-removed":
            return "flows and apps keep the old name of \(name) and no longer find it"
        case "cx-operation-internal": return "makers no longer find \(name)"
        case "cx-trigger-added", "cx-trigger-removed", "cx-trigger-kind-changed":
            return "flows that use \(name) have to be built again"
        case "cx-parameter-order-changed": return "apps that call \(name) pass values by position"
        case "cx-body-parameter-renamed", "cx-parameter-renamed", "cx-parameter-moved":
            return "saved flows keep the values of \(name) under the old name or place"
        case _ where id.hasPrefix("cx-host") || id.hasPrefix("cx-base") || id.hasPrefix("cx-scheme"):
            return "saved flows and apps follow; policies and firewalls may name the old address"
        case _ where id.hasPrefix("cx-dynamic"): return "makers see other choices or fields in \(name)"
        case _ where id.hasPrefix("cx-"): return "makers of flows and apps that use \(name)"
        case _ where id.hasPrefix("response-") || id.contains("response-header"):
            return "\(users) that read this from \(name) may fail"
        case _ where id.hasPrefix("request-") || id.hasPrefix("new-"):
            return "\(users) that call \(name) as before may be refused"
        default: return "\(users) that use \(name)"
        }
    }
}
