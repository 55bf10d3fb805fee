public import Documents

/// Findings as SARIF 2.1.0 (OASIS sarif-v2.1.0), for code scanning and editors.
public struct SARIFReport: Sendable {
    public var toolVersion: String
    public var rules: [FindingRule]

    public init(toolVersion: String, rules: [FindingRule] = []) {
        self.toolVersion = toolVersion
        self.rules = rules
    }

    /// The whole log file; only rules that were found are listed, in the order of their codes.
    public func log(_ findings: [Finding]) -> Value {
        let codes = Set(findings.map(\.code)).sorted()
        var known: [String: FindingRule] = [:]
        for rule in rules where known[rule.code] == nil { known[rule.code] = rule }
        let listed: [Value] = codes.map { code in
            var entry: Value = ["id": .string(code)]
            if let rule = known[code] {
                entry = ["id": .string(code), "shortDescription": ["text": .string(rule.summary)]]
                if !rule.help.isEmpty {
                    entry = [
                        "id": .string(code), "shortDescription": ["text": .string(rule.summary)],
                        "help": ["text": .string(rule.help), "markdown": .string(rule.help)],
                    ]
                }
            }
            return entry
        }
        let driver: Value = [
            "name": "almrun", "version": .string(toolVersion), "rules": .list(listed),
        ]
        let run: Value = [
            "tool": ["driver": driver], "columnKind": "utf16CodeUnits",
            "results": .list(findings.map { result($0, codes) }),
        ]
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": .list([run]),
        ]
    }

    private func result(_ finding: Finding, _ codes: [String]) -> Value {
        var members: [(String, Value)] = [
            ("ruleId", .string(finding.code)),
            ("ruleIndex", .integer(codes.firstIndex(of: finding.code) ?? 0)),
            ("level", .string(level(finding.severity))),
            ("message", ["text": .string(finding.message)]),
        ]
        if let file = finding.file {
            var region: [(String, Value)] = []
            if let line = finding.line { region.append(("startLine", .integer(line))) }
            if let column = finding.column { region.append(("startColumn", .integer(column))) }
            if let line = finding.endLine { region.append(("endLine", .integer(line))) }
            if let column = finding.endColumn { region.append(("endColumn", .integer(column))) }
            var physical: [(String, Value)] = [("artifactLocation", ["uri": .string(Self.uri(file))])]
            if !region.isEmpty { physical.append(("region", Value(members: region))) }
            var location: [(String, Value)] = [("physicalLocation", Value(members: physical))]
            if let pointer = finding.pointer {
                location.append(("logicalLocations", .list([["fullyQualifiedName": .string(pointer)]])))
            }
            members.append(("locations", .list([Value(members: location)])))
        }
        members.append(("partialFingerprints", ["almrun/v1": .string(finding.fingerprint)]))
        return Value(members: members)
    }

    private func level(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .information, .hint: "note"
        }
    }

    /// A relative file as a URI reference: what RFC 3986 does not allow in a path is percent-encoded.
    static func uri(_ file: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in file.utf8 {
            if plain.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
