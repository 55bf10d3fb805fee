import Documents

extension ConnectorRules {
    static let host = rule(
        "connector-host", .error,
        page: RulePage(
            "The definition names its host: a name, perhaps a port, nothing else.",
            why: "A connector without host, or with an address in its place, is not imported.",
            fix: "write the host alone into 'host', and the path into 'basePath'",
            example: "host: api.contoso.example\nbasePath: /v1")
    ) { context in
        guard let host = context.document.root["host"]?.string, !host.isEmpty else {
            return [Remark("the host is missing", path: ["host"])]
        }
        if host.contains("://") { return [Remark("the host '\(host)' carries a scheme", path: ["host"])] }
        if host.contains("/") { return [Remark("the host '\(host)' carries a path", path: ["host"])] }
        if host.contains(where: { $0.isWhitespace || "{}?#".contains($0) }) {
            return [Remark("'\(host)' is no host name", path: ["host"])]
        }
        return []
    }

    static let privateHost = rule(
        "connector-host-private", .warning,
        page: RulePage(
            "The host can be reached from the cloud.",
            why: "Calls are made by Microsoft's gateways: addresses of a local network and placeholders fail there.",
            fix: "name the public host, or use an on-premises data gateway", example: "host: api.contoso.example")
    ) { context in
        guard let text = context.document.root["host"]?.string?.lowercased() else { return [] }
        let host = text.split(separator: ":").first.map(String.init) ?? text
        let usesGateway = connectionParameters(context).contains { $0.type == "gatewaysetting" }
        let isPrivate =
            host == "localhost" || host.hasPrefix("127.") || host.hasPrefix("10.") || host.hasPrefix("192.168.")
            || host.hasSuffix(".local") || host.hasSuffix(".internal")
            || (host.hasPrefix("172.")
                && (host.split(separator: ".").dropFirst().first.flatMap { Int($0) }).map {
                    (16...31).contains($0)
                } == true)
        if isPrivate, !usesGateway { return [Remark("'\(host)' is reached from a local network only", path: ["host"])] }
        if host == "example.com" || host.hasSuffix(".example.com") {
            return [Remark("'\(host)' is a placeholder", path: ["host"])]
        }
        return []
    }

    static let schemes = rule(
        "connector-schemes", .warning,
        page: RulePage(
            "The connector is reached by https and nothing else.",
            why:
                "Without 'schemes' the import guesses; http sends keys and data in the open; web sockets are not supported.",
            fix: "write 'schemes: [https]'", example: "schemes: [https]")
    ) { context in
        guard let list = context.document.root["schemes"], list.kind == .array, list.count > 0 else {
            return [Remark("'schemes' is missing", path: ["schemes"])]
        }
        return list.elements.compactMap { element in
            guard let scheme = element.string, scheme.lowercased() != "https" else { return nil }
            return Remark("scheme '\(scheme)' is \(scheme.hasPrefix("ws") ? "not supported" : "not safe")", at: element)
        }
    }

    static let hardCodedAddress = rule(
        "connector-hard-coded-uri", .warning,
        page: RulePage(
            "No address of a system is written into defaults or policies.",
            why:
                "What is right in one environment is wrong in the next; a promoted connector would call the old system.",
            fix: "take the address from a connection parameter or an environment variable",
            example: "\"x-ms-apimTemplateParameter.urlTemplate\": \"https://@connectionParameters('host')/v1\"")
    ) { context in
        var remarks: [Remark] = []
        for operation in context.operations {
            for parameter in operation.parameters {
                if let value = parameter.node["default"], let text = value.string, isAddress(text) {
                    remarks.append(
                        Remark("the default of parameter '\(parameter.name)' is an address: '\(text)'", at: value))
                }
            }
        }
        for policy in policies(context) {
            for member in policy["parameters"].map({ Array($0.members) }) ?? [] {
                guard let text = member.value.string, isAddress(text), !text.contains("@") else { continue }
                let name = member.key.split(separator: ".").last ?? ""
                remarks.append(Remark("policy parameter '\(name)' is an address: '\(text)'", at: member.value))
            }
        }
        return remarks
    }

    private static func isAddress(_ text: String) -> Bool {
        let lower = text.lowercased()
        return lower.hasPrefix("http://") || lower.hasPrefix("https://")
    }
}
