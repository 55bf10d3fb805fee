import Documents
import Linting
import Reporting

/// The result of `almrun lint` in each of its formats.
struct LintOutput {
    var reports: [(document: String, report: LintReport)]
    var rules: [Rule]
    var showsHints: Bool
    /// The least severity that counts as a failure.
    var limit: Severity = .error

    private var findings: [Finding] { reports.flatMap(\.report.findings) }

    func print(_ format: LintCommand.Format) throws {
        switch format {
        case .text: Console.print(text)
        case .json: Console.print(try json)
        case .sarif:
            Console.print(SARIFReport(toolVersion: Version.current, rules: pages).log(findings.map(\.inRepository)))
        case .github: Console.print(exactly: annotations)
        case .junit: Console.print(junit)
        }
    }

    private var pages: [FindingRule] {
        rules.map { rule in
            let help = [rule.page.rationale, rule.page.fix.isEmpty ? "" : "Remedy: \(rule.page.fix)"]
            return FindingRule(
                code: rule.code, summary: rule.page.summary, help: help.filter { !$0.isEmpty }.joined(separator: "\n\n")
            )
        }
    }

    private var text: String {
        var lines: [String] = []
        for finding in findings where showsHints || finding.severity > .hint {
            let place = finding.file.map { "\($0):\(finding.line ?? 1):\(finding.column ?? 1): " } ?? ""
            lines.append(safeText("\(place)\(finding.severity.rawValue): \(finding.message) [\(finding.code)]"))
        }
        if !lines.isEmpty { lines.append("") }
        let count = reports.count
        lines.append(
            "\(counts) in \(count) document\(count == 1 ? "" : "s") by \(reports.map(\.report.ruleCount).max() ?? 0) rules"
        )
        let hints = findings.count { $0.severity == .hint }
        if hints > 0, !showsHints { lines.append("--all shows the hints") }
        let accepted = reports.reduce(0) { $0 + $1.report.acceptedCount }
        if accepted > 0 { lines.append("\(accepted) more accepted by the baseline") }
        return lines.joined(separator: "\n")
    }

    private var counts: String {
        let words: [(Severity, String)] = [
            (.error, "error"), (.warning, "warning"), (.information, "remark"), (.hint, "hint"),
        ]
        let parts = words.compactMap { severity, word -> String? in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
        }
        return parts.isEmpty ? "no findings" : parts.joined(separator: ", ")
    }

    private var json: Value {
        get throws {
            [
                "documents": .list(
                    try reports.map { document, report -> Value in
                        [
                            "document": .string(document), "rules": .integer(report.ruleCount),
                            "accepted": .integer(report.acceptedCount),
                            "findings": try ValueEncoder().encode(report.findings),
                        ]
                    })
            ]
        }
    }

    private var annotations: String {
        let annotations = Annotations(.gitHubActions)
        return findings.compactMap { annotations.line($0.inRepository) }.joined(separator: "\n")
    }

    /// One case for each finding that counts as a failure; a document without one is a case that passed.
    private var junit: String {
        var cases: [JUnitReport.Case] = []
        for (document, report) in reports {
            let failures = report.findings.filter { $0.severity >= limit }
            if failures.isEmpty { cases.append(.init(name: "lint", className: document, verdict: .passed)) }
            for finding in failures {
                let place = "\(finding.file ?? document):\(finding.line ?? 1):\(finding.column ?? 1)"
                cases.append(
                    .init(
                        name: "\(finding.code) (\(finding.pointer ?? ""))", className: document,
                        verdict: .failed(finding.message, details: "\(place): \(finding.message)")))
            }
        }
        return JUnitReport(suite: "almrun lint", cases: cases).xml
    }
}
