import Documents

extension OASRules {
    static let serverVariables = Rule(
        "oas3-server-variables", .error,
        given: [
            "$.servers[*]", "$.paths[*].servers[*]", "\(operation).servers[*]",
            "\(operation).responses[*].links[*].server", "$.components.responses[*].links[*].server",
            "$.components.links[*].server",
        ],
        [.init(variables)], description: nil, message: "{{error}}",
        page: RulePage(
            "The variables of a server's address are described, used, and give real addresses.",
            why: "A variable without description cannot be filled; one that is not used misleads.",
            fix: "describe each variable with a default that its enum lists",
            example: "url: https://{region}.contoso.example\nvariables: {region: {enum: [eu, us], default: eu}}"))

    private static let variables = RuleFunction("variables") { target, context in
        guard let server = target.value, server.kind == .object else { return [] }
        guard let url = server["url"]?.string else { return [] }
        let used = names(in: url)
        guard let map = server["variables"], map.kind == .object else {
            if used.isEmpty { return [] }
            let list = used.joined(separator: ", ")
            return [
                Remark("Not all server's variables are described with \"variables\" object. Missed: \(list).")
            ]
        }
        var remarks: [Remark] = []
        let described = map.members.map(\.key)
        let missing = used.filter { !described.contains($0) }
        if !missing.isEmpty {
            let list = missing.joined(separator: ", ")
            remarks.append(
                Remark(
                    "Not all server's variables are described with \"variables\" object. Missed: \(list).",
                    path: ["variables"]))
        }
        for name in described where !used.contains(name) {
            remarks.append(
                Remark(
                    "Server's \"variables\" object has unused defined \"\(name)\" url variable.",
                    path: ["variables", name]))
        }
        var choices: [(name: String, values: [String])] = []
        for member in map.members where used.contains(member.key) {
            let variable = context.resolve(member.value)
            let allowed = variable["enum"].map { $0.elements.compactMap(\.scalarText) }
            guard let standard = variable["default"] else {
                remarks.append(
                    Remark("Server Variable \"\(member.key)\" has a missing default.", path: ["variables", member.key]))
                continue
            }
            if let allowed, let text = standard.scalarText, !allowed.contains(text) {
                remarks.append(
                    Remark(
                        "Server Variable \"\(member.key)\" has a default not listed in the enum.",
                        path: ["variables", member.key, "default"]))
            }
            choices.append((member.key, allowed.flatMap { $0.isEmpty ? nil : $0 } ?? [standard.scalarText ?? ""]))
        }
        if remarks.isEmpty { remarks += invalidAddresses(url, choices) }
        return remarks
    }

    private static func names(in url: String) -> [String] {
        url.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            part.firstIndex(of: "}").map { String(part[..<$0]) }
        }
    }

    /// Fills in every combination of values, up to a bound, and names those that give no address.
    private static func invalidAddresses(_ url: String, _ choices: [(name: String, values: [String])]) -> [Remark] {
        var filled = [url]
        for (name, values) in choices {
            filled = filled.flatMap { text in values.map { text.replacing("{\(name)}", with: $0) } }
            if filled.count > 1000 { return [] }
        }
        let wrong = filled.filter { !isAddress($0) }
        if wrong.isEmpty { return [] }
        if wrong.count >= 5 {
            let list = wrong.prefix(5).joined(separator: ", ")
            return [
                Remark(
                    "At least 5 substitutions of server variables resulted in invalid URLs: \(list) and more",
                    path: ["variables"])
            ]
        }
        let list = wrong.joined(separator: ", ")
        return [
            Remark("A few substitutions of server variables resulted in invalid URLs: \(list)", path: ["variables"])
        ]
    }

    private static func isAddress(_ text: String) -> Bool {
        if text.contains(where: { $0.isWhitespace || "{}<>".contains($0) }) { return false }
        guard let scheme = text.firstRange(of: "://") else { return text.hasPrefix("/") || !text.contains(":") }
        let host = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        if host.isEmpty { return false }
        guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") else { return true }
        let port = host[host.index(after: colon)...]
        return port.isEmpty || UInt16(port) != nil
    }
}
