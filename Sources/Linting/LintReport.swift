public import Documents

/// What a lint run found in one document.
public struct LintReport: Sendable, Hashable {
    /// In the order of the file; the same for the same input.
    public var findings: [Finding]
    /// How many rules were applied.
    public var ruleCount: Int
    /// How many findings the baseline accepted.
    public var acceptedCount: Int

    public init(findings: [Finding], ruleCount: Int, acceptedCount: Int = 0) {
        self.findings = findings
        self.ruleCount = ruleCount
        self.acceptedCount = acceptedCount
    }

    public func count(of severity: Severity) -> Int { findings.count { $0.severity == severity } }

    /// Whether anything is as bad as a severity or worse.
    public func hasFindings(atLeast severity: Severity) -> Bool { findings.contains { $0.severity >= severity } }

    /// Findings in the order of files, lines and columns, each once.
    static func ordered(_ findings: [Finding]) -> [Finding] {
        var seen: Set<Finding> = []
        return findings.filter { seen.insert($0).inserted }.sorted { left, right in
            if left.file != right.file { return (left.file ?? "") < (right.file ?? "") }
            if left.line != right.line { return (left.line ?? 0) < (right.line ?? 0) }
            if left.column != right.column { return (left.column ?? 0) < (right.column ?? 0) }
            if left.code != right.code { return left.code < right.code }
            if left.pointer != right.pointer { return (left.pointer ?? "") < (right.pointer ?? "") }
            return left.message < right.message
        }
    }
}
