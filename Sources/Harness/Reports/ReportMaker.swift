import FoundationEssentials
import OpenAPI

/// Turns the records of a run into its report.
struct ReportMaker {
    let definition: APIDefinition
    let backend: String
    let options: HarnessOptions
    let started: Date
    let hasCredentials: Bool
    let mask: (String) -> String

    func report(_ records: [CaseRecord], _ untested: [CaseGenerator.Skipped]) -> HarnessReport {
        var reads = Latencies()
        var writes = Latencies()
        var reached: Set<String> = []
        for record in records {
            for latency in record.latencies { record.isRead ? reads.record(latency) : writes.record(latency) }
            if record.didSucceed { reached.insert(record.result.action) }
        }
        let calls = records.reduce(0) { $0 + $1.result.calls }
        let failed = records.reduce(0) { $0 + $1.result.failedCalls }
        let actions = Set(ActionTable(definition).testable.map(\.name))
        let order = ActionTable(definition).testable.map(\.name)
        var named: Set<String> = []
        let unexercised = order.filter { !reached.contains($0) && named.insert($0).inserted }
        let exercised = actions.intersection(reached).count
        var report = HarnessReport(
            title: definition.title ?? "untitled", version: definition.declaredVersion, backend: backend,
            startedAt: started.formatted(.iso8601), duration: Date().timeIntervalSince(started),
            cases: records.map { masked($0.result) }, untested: untested, calls: calls, failedCalls: failed,
            success: calls == 0 ? nil : Double(calls - failed) / Double(calls), actions: actions.count,
            unexercised: unexercised, coverage: actions.isEmpty ? nil : Double(exercised) / Double(actions.count),
            reads: reads.summary, writes: writes.summary, thresholds: [], notes: [])
        report.thresholds = Metric.allCases.compactMap { metric in
            options.thresholds.limits[metric].map { result(metric, $0, report, reads: reads, writes: writes) }
        }
        report.notes = notes(records, report)
        report.retryAfter = report.passed ? nil : retryAfter(records, report, unreached: actions.subtracting(reached))
        return report
    }

    /// The longest time that the backend asked to be left alone; nil where the run would fail with other answers there too.
    private func retryAfter(
        _ records: [CaseRecord], _ report: HarnessReport, unreached: Set<String>
    ) -> Double? {
        let failed = records.filter { $0.result.outcome == .failed }
        guard failed.allSatisfy({ !$0.waits.isEmpty && $0.waits.count == $0.result.failedCalls }),
            let longest = failed.flatMap(\.waits).max(), longest <= RetryAfter.longest
        else { return nil }
        let throttled = Set(failed.map(\.result.action))
        let isRightOtherwise = report.brokenThresholds.allSatisfy { threshold in
            switch threshold.metric {
            case .success: true
            case .coverage:
                Double(report.actions - unreached.subtracting(throttled).count)
                    >= threshold.limit * Double(report.actions) - 1e-9
            case .readP50, .readP95, .readP99, .writeP50, .writeP95, .writeP99: false
            }
        }
        return isRightOtherwise ? longest : nil
    }

    private func masked(_ result: CaseResult) -> CaseResult {
        var result = result
        result.violations = result.violations.map { Violation($0.kind, mask($0.message)) }
        return result
    }

    private func result(
        _ metric: Metric, _ limit: Double, _ report: HarnessReport, reads: Latencies, writes: Latencies
    ) -> ThresholdResult {
        let measured: Double?
        let samples: Int
        var isProven = false
        if let isRead = metric.isRead, let percentile = metric.percentile {
            let latencies = isRead ? reads : writes
            measured = latencies.percentile(percentile)
            samples = latencies.count
            isProven = Binomial.proves(
                share: 1 - percentile / 100, misses: latencies.slower(than: limit), of: samples)
        } else if metric == .coverage {
            measured = report.coverage
            samples = report.actions
            isProven = (measured ?? 0) >= limit
        } else {
            measured = report.success
            samples = report.calls
            isProven = Binomial.proves(share: 1 - limit, misses: report.failedCalls, of: samples)
        }
        var verdict = ThresholdResult.Verdict.unmeasured
        if let measured {
            let isKept = metric.isShare ? measured >= limit - 1e-12 : measured <= limit
            verdict = isKept ? .kept : .broken
        }
        return ThresholdResult(
            metric: metric, limit: limit, measured: measured, samples: samples, verdict: verdict, isProven: isProven)
    }

    private func notes(_ records: [CaseRecord], _ report: HarnessReport) -> [String] {
        var notes: [String] = []
        let answers = records.reduce(0) { $0 + $1.answers }
        let unauthorized = records.reduce(0) { $0 + $1.unauthorized }
        if answers > 0, unauthorized == answers {
            notes.append(
                hasCredentials
                    ? "every answer was 401: the credentials are not accepted"
                    : "every answer was 401: no credentials were given")
        }
        if let note = Throttling.note(records.compactMap(\.throttling)) { notes.append(note) }
        let retries = records.reduce(0) { $0 + $1.result.retries }
        if retries > 0 {
            notes.append(
                "\(retries) throttled \(retries == 1 ? "call was" : "calls were") made again after the time that "
                    + "Retry-After asks for")
        }
        if report.calls == 0 { notes.append("nothing was tested: there is no case to run") }
        let latencies = report.thresholds.filter { !$0.metric.isShare && $0.verdict == .unmeasured }
        if !latencies.isEmpty {
            let names = latencies.map(\.metric.rawValue).joined(separator: ", ")
            notes.append("nothing was measured for \(names)")
        }
        if options.generate == .none { notes.append("no case was generated: only written ones were run") }
        return notes
    }
}
