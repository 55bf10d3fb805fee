import Documents
import Engine
import OrderedCollections
import Pipelines

extension RunReport {
    /// The run as JUnit: a case for each step, and one that fails when the run was cancelled.
    ///
    /// The time of a case is what all attempts of its step took, without the pauses between them.
    public var junit: JUnitReport { junit(isStopped: false) }

    /// The same of a run that almrun could not work on: it is no good one, though no step may be at fault.
    public func junit(stoppedBy reason: String) -> JUnitReport {
        var report = junit(isStopped: true)
        let verdict = JUnitReport.Verdict.error(
            "almrun stopped: \(reason)", details: "`almrun resume \(state.run)` carries on when this is mended")
        report.cases.insert(
            JUnitReport.Case(name: "run", className: state.plan.pipeline, verdict: verdict), at: 0)
        return report
    }

    private func junit(isStopped: Bool) -> JUnitReport {
        let inDoubt = Set(state.stepsInDoubt)
        return JUnitReport(
            suite: state.plan.pipeline,
            cases: cancellation
                + zip(state.plan.steps, state.steps).map { step, current in
                    let isCutOff = (isStopped || isAbandoned) && current.status == .running
                    let remark = isStopped && isCutOff ? "cut off when almrun stopped" : remark(step, current)
                    let verdict: JUnitReport.Verdict =
                        switch current.status {
                        case .succeeded, .reused: .passed
                        case .failed:
                            current.failure?.kind == .rejected
                                ? .failed(current.failure?.message ?? "", details: details(current))
                                : .error(current.failure?.message ?? "", details: details(current))
                        case .rejected: .failed(remark, details: "")
                        case .cancelled where current.mayHaveTakenEffect:
                            .error("cut off, and its effect may have happened", details: remark)
                        // Somebody has to look before this is any good.
                        case .uncertain: .error("in doubt: its effect may have happened", details: remark)
                        case .running where isCutOff && step.effect == .once:
                            .error("in doubt: its effect may have happened", details: remark)
                        case _ where inDoubt.contains(step.id) && !current.status.isSettled:
                            .error("in doubt: its effect may have happened", details: remark)
                        case .pending, .waiting, .running, .retrying, .skipped, .blocked, .cancelled:
                            .skipped(
                                [isCutOff ? "" : current.status.rawValue, remark].filter { !$0.isEmpty }
                                    .joined(separator: ": "))
                        }
                    return JUnitReport.Case(
                        name: step.id.rawValue, className: state.plan.pipeline,
                        seconds: isCutOff ? current.worked : current.worked(until: now), verdict: verdict,
                        properties: people(step, current))
                })
    }

    /// Who vouched for a step that counts as good without having shown it.
    private func people(_ step: Step, _ current: StepState) -> OrderedDictionary<String, String> {
        guard current.status.isGood else { return [:] }
        func said(_ person: String, _ comment: String?) -> String {
            safeText(person + (comment.map { ": \($0)" } ?? ""))
        }
        var found: OrderedDictionary<String, String> = [:]
        if case .assumed(done: true, let person, let comment)? = current.reason {
            found["assumedBy"] = said(person, comment)
        }
        let bypasses = state.bypasses(thatOpened: step)
        if !bypasses.isEmpty {
            found["bypassedBy"] = bypasses.map { said($0.person, $0.comment) }.joined(separator: "; ")
        }
        return found
    }

    /// That the run was cancelled, as a case of its own: no step is at fault for it, and the run is no good one.
    private var cancellation: [JUnitReport.Case] {
        guard state.status == .cancelled else { return [] }
        let message = state.cancelRequest.map { request in
            "cancelled by \(request.person)\(request.reason.map { ": \($0)" } ?? "")"
        }
        return [
            JUnitReport.Case(
                name: "run", className: state.plan.pipeline, verdict: .error(message ?? "cancelled", details: ""))
        ]
    }

    private func details(_ current: StepState) -> String {
        current.failure.map { FailureText.details($0, most: 50).joined(separator: "\n") } ?? ""
    }
}
