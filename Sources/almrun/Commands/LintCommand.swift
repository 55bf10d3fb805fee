import ArgumentParser
import Documents
import Engine
import Foundation
import Linting
import Reporting

/// Judges OpenAPI documents at a desk, as `openapi.lint` does in a pipeline.
struct LintCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif, github, junit }

    enum Limit: String, ExpressibleByArgument, CaseIterable {
        case error, warning, information, hint, never

        var severity: Severity? { Severity(rawValue: rawValue) }
    }

    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Judge OpenAPI documents and the connector files beside them by a ruleset.",
        discussion: """
            Without --ruleset the rules are almrun:connector and the recommended ones of spectral:oas. \
            `almrun explain CODE` says what a rule wants.

            Example: almrun lint connector/apiDefinition.swagger.json --format sarif > lint.sarif
            """)

    @Argument(help: "The documents to judge.")
    var documents: [String] = []

    @Option(help: "A ruleset file in Spectral's format, or spectral:oas or almrun:connector.")
    var ruleset: String?

    @Option(help: "The least severity to exit with 1: error, warning, information, hint or never.")
    var failSeverity: Limit = .error

    @Option(help: "How to print the result: text, json, sarif, github or junit.")
    var format: Format = .text

    @Option(help: "A file with fingerprints of findings that are accepted.")
    var baseline: String?

    @Option(help: "Write a baseline that accepts everything found, and exit with 0.")
    var writeBaseline: String?

    @Flag(help: "Show hints too, in text.")
    var all = false

    @Flag(help: "List the rules that apply instead.")
    var rules = false

    func validate() throws {
        if documents.isEmpty, !rules { throw ValidationError("a document is missing") }
    }

    func run() throws {
        let ruleset = try ruleset.map { name throws(Rejected) in try Ruleset(path: name) } ?? .standard
        Console.error(ruleset.warnings)
        if rules {
            printRules(ruleset)
            return
        }
        let accepted =
            try baseline.map { path throws(Rejected) in try Baseline(try Document(path: path)) } ?? Baseline()
        let linter = Linter(ruleset: ruleset)
        var reports: [(document: String, report: LintReport)] = []
        var malformed: [Diagnostic] = []
        for path in documents {
            do throws(Rejected) {
                reports.append((path, try lint(path, linter, accepted)))
            } catch {
                let diagnostics = error.diagnostics.map { Self.helped($0, path) }
                malformed += diagnostics
                reports.append((path, LintReport(findings: diagnostics.map { Self.finding($0, path) }, ruleCount: 0)))
            }
        }
        let findings = reports.flatMap(\.report.findings)
        if let writeBaseline {
            if !malformed.isEmpty { throw Rejected(malformed) }
            try OutputPlace.check(writeBaseline)
            try DurableFile.write(Data(Baseline.file(accepting: findings).utf8), to: writeBaseline)
            Console.error("\(findings.count) findings are accepted in '\(writeBaseline)'")
            return
        }
        if format == .text, !malformed.isEmpty {
            // The carets say it better; the others' findings follow.
            Console.error(malformed)
            reports.removeAll { $0.report.ruleCount == 0 && !$0.report.findings.isEmpty }
            if reports.isEmpty { throw ExitCode(ExitStatus.filesAreWrong) }
        }
        let limit = failSeverity.severity
        // Findings that carets were shown for are annotated already.
        if format == .text { Console.annotate(reports.flatMap(\.report.findings).map(\.inRepository)) }
        try LintOutput(reports: reports, rules: ruleset.rules, showsHints: all, limit: limit ?? .error).print(format)
        if !malformed.isEmpty { throw ExitCode(ExitStatus.filesAreWrong) }
        if let limit, findings.contains(where: { $0.severity >= limit }) { throw ExitCode(ExitStatus.rejected) }
    }

    private static func finding(_ diagnostic: Diagnostic, _ path: String) -> Finding {
        var finding = Finding(diagnostic)
        finding.file = finding.file ?? path
        return finding
    }

    /// Names the definition inside where a folder was given.
    private static func helped(_ diagnostic: Diagnostic, _ path: String) -> Diagnostic {
        guard diagnostic.code == "document/directory", diagnostic.help == nil else { return diagnostic }
        let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch { names = [] }
        guard let name = names.first(where: { $0.lowercased().hasPrefix("apidefinition") }) else { return diagnostic }
        var diagnostic = diagnostic
        diagnostic.help = "did you mean '\(folder)/\(name)'?"
        return diagnostic
    }

    private func lint(_ path: String, _ linter: Linter, _ baseline: Baseline) throws(Rejected) -> LintReport {
        let document = try Document(path: path)
        return linter.lint(document, connector: ConnectorFiles(beside: path), baseline: baseline)
    }

    private func printRules(_ ruleset: Ruleset) {
        let rules = ruleset.rules
        if format == .json {
            Console.print([
                "rules": .list(
                    rules.map { rule -> Value in
                        [
                            "code": .string(rule.code), "severity": .string(rule.severity.rawValue),
                            "summary": .string(rule.page.summary),
                        ]
                    })
            ])
            return
        }
        let width = rules.map(\.code.count).max() ?? 0
        for rule in rules {
            let code = rule.code.padding(toLength: width, withPad: " ", startingAt: 0)
            let severity = rule.severity.rawValue.padding(toLength: 11, withPad: " ", startingAt: 0)
            Console.print(line: "\(code)  \(severity)  \(rule.page.summary)")
        }
    }
}
