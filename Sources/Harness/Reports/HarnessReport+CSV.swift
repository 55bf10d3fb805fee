extension HarnessReport {
    /// One row a case, as RFC 4180 writes it; times are milliseconds.
    public var csv: String {
        let head = [
            "case", "action", "method", "path", "origin", "outcome", "status", "calls", "failedCalls", "pages",
            "retries",
            "latencyMs", "problems",
        ]
        var rows = [head]
        for result in cases {
            let origin = result.file.map { "\($0):\(result.line ?? 1)" } ?? "generated"
            let problems =
                result.reason ?? result.violations.map { "\($0.kind.rawValue): \($0.message)" }.joined(separator: "; ")
            rows.append([
                result.name, result.action, result.method, result.path, origin, result.outcome.rawValue,
                result.status.map(String.init) ?? "", String(result.calls), String(result.failedCalls),
                String(result.pages), String(result.retries),
                result.latency.map { String(($0 * 10_000).rounded() / 10) } ?? "", problems,
            ])
        }
        return rows.map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined()
    }

    /// Quoted where needed; a text that a spreadsheet would run as a formula is made a text.
    private static func field(_ text: String) -> String {
        let first = text.first ?? " "
        let safe = "=+-@\t".contains(first) && Double(text) == nil ? "'" + text : text
        guard safe.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return safe }
        return "\"\(safe.replacing("\"", with: "\"\""))\""
    }
}
