public import Documents

/// Applies a ruleset to documents.
public struct Linter: Sendable {
    public let ruleset: Ruleset

    public init(ruleset: Ruleset = .standard) { self.ruleset = ruleset }

    /// Judges one document, together with the connector files beside it where they are given.
    public func lint(
        _ document: Document, connector: ConnectorFiles? = nil, baseline: Baseline = Baseline()
    ) -> LintReport {
        let context = LintContext(document, connector: connector)
        let rules = ruleset.rules(for: document.source.name).filter {
            $0.formats.isEmpty || !$0.formats.isDisjoint(with: context.formats)
        }
        var run = LintRun(rules, in: context)
        run.findings += (connector?.diagnostics ?? []).map { Finding($0) }
        let root = document.root
        if context.formats.isEmpty, root["swagger"] == nil, root["openapi"] == nil, ruleset.judgesAPIs {
            run.findings.append(
                Finding(
                    code: "almrun-not-openapi", severity: .error,
                    message: "this is no OpenAPI document: it has neither 'swagger' nor 'openapi' at its root",
                    location: context.location(of: root), pointer: "", help: "check the path of the document"))
        } else if context.formats.isEmpty {
            run.findings.append(
                Finding(
                    code: "unrecognized-format", severity: .warning,
                    message: "this is neither a Swagger 2.0 nor an OpenAPI 3 document, so that most rules do not apply",
                    location: context.location(of: document.root), pointer: ""))
        }
        run.run()
        let ordered = ruleset.adjusted(LintReport.ordered(run.findings), in: document.source.name)
        let kept = ordered.filter { !baseline.fingerprints.contains($0.fingerprint) }
        return LintReport(findings: kept, ruleCount: rules.count, acceptedCount: ordered.count - kept.count)
    }

    /// Reads and judges a file; one that cannot be read gives its diagnostics as findings.
    public func lint(path: String, shownAs name: String? = nil, baseline: Baseline = Baseline()) -> LintReport {
        let reading = Document.read(path: path, file: name ?? path)
        guard let document = reading.document else {
            return LintReport(
                findings: LintReport.ordered(reading.diagnostics.map { Finding($0) }), ruleCount: 0)
        }
        var report = lint(document, connector: ConnectorFiles(beside: path, shownAs: name ?? path), baseline: baseline)
        if !reading.diagnostics.isEmpty {
            report.findings = LintReport.ordered(report.findings + reading.diagnostics.map { Finding($0) })
        }
        return report
    }
}
