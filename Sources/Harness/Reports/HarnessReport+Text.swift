import Documents

extension HarnessReport {
    /// The report for people: what failed first, then the figures.
    public var text: String {
        var lines: [String] = []
        for result in failures {
            let place = result.file.map { "\($0):\(result.line ?? 1): " } ?? ""
            lines.append("FAILED  \(place)\(result.name)  (\(result.method) \(result.path))")
            for violation in result.violations {
                lines.append("        \(violation.kind.rawValue): \(violation.message)")
            }
        }
        for result in cases where result.outcome == .skipped {
            lines.append("SKIPPED \(result.name): \(result.reason ?? "")")
        }
        for skipped in untested { lines.append("UNTESTED \(skipped.action): \(skipped.reason)") }
        if !lines.isEmpty { lines.append("") }
        lines += figures
        lines.append(passed ? "passed" : "not passed")
        return lines.map { safeText($0) }.joined(separator: "\n") + "\n"
    }

    /// The figures for people, a line each.
    public var figures: [String] {
        let name = version.map { "\(title) \($0)" } ?? title
        var lines = ["\(name) against \(backend)"]
        let outcomes = "\(count(.passed)) passed, \(count(.failed)) failed, \(count(.skipped)) skipped"
        lines.append("  cases     \(outcomes); \(calls) calls, success \(success.map(PercentText.text) ?? "-")")
        let missed = unexercised.prefix(8).joined(separator: ", ") + (unexercised.count > 8 ? ", ..." : "")
        lines.append(
            "  coverage  \(coverage.map(PercentText.text) ?? "-") of \(actions) actions"
                + (unexercised.isEmpty ? "" : "; without a success: \(missed)"))
        for (label, summary) in [("reads ", reads), ("writes", writes)] {
            guard let summary else { continue }
            let percentiles = [
                ("P50", summary.p50), ("P95", summary.p95), ("P99", summary.p99), ("slowest", summary.max),
            ]
            let shown = percentiles.map { "\($0.0) \(LatencyText.text($0.1))" }.joined(separator: ", ")
            lines.append("  \(label)    \(shown) (\(summary.samples) calls)")
        }
        for threshold in thresholds {
            let mark =
                switch threshold.verdict {
                case .kept: "kept  "
                case .broken: "BROKEN"
                case .unmeasured: "none  "
                }
            lines.append("  \(mark)    \(threshold.description)")
        }
        return lines + notes.map { "  note      \($0)" }
    }
}
