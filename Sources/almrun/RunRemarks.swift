import Documents
import Engine
import Foundation
import Pipelines
import Reporting

/// What a list says of a run that only its events know.
struct RunRemarks {
    private let run: RunID
    /// Why a package is taken back.
    let reason: String?
    /// Each bypass: of which gate, by whom and why.
    let bypasses: [String]
    /// By gate that still waits, what people have decided.
    private(set) var decided: [String: String] = [:]
    /// By gate that still waits, when the time to decide was over.
    private(set) var expired: [String: Date] = [:]

    /// Why the run would not be taken up, so that nothing that was decided in it counts.
    let fault: String?

    /// What a run that a process works on waits for; the index knows only what the others wait for.
    let lockWaits: [RunSummary.Wait]

    init(_ state: RunState, waits: [String], fault: String? = nil, now: Date) {
        run = state.run
        self.fault = fault
        reason = state.plan.rollbackReason
        bypasses = zip(state.plan.steps, state.steps).flatMap { step, known in
            known.decisions.filter { decision in
                if case .wrong = decision.standing { false } else { decision.verdict == .bypass }
            }.map { "\(step.id) by \($0.person)\($0.comment.map { ": \($0)" } ?? "")" }
        }
        lockWaits = state.status == .running ? state.waitsForLocks : []
        for name in waits where fault == nil {
            guard let gate = state.planned(StepID(name)) else { continue }
            decided[name] = state.settlement(of: gate, now: now)?.text
            expired[name] = state.expiry(of: gate, now: now)
        }
    }

    /// Lines below the run.
    var lines: [String] {
        (reason.map { ["because: \(safeText($0))"] } ?? []) + bypasses.map { "BYPASSED: \(safeText($0))" }
            + (fault.map { ["not taken up: \(safeText($0)); `almrun verify \(run)` says more"] } ?? [])
    }

    /// By gate, what is so by now in the place of what it began to wait for.
    var gates: [String: String] {
        decided.merging(
            expired.mapValues { "EXPIRED \(Timestamp.text(of: $0)): nobody decided in time; resume to be asked anew" }
        ) { decided, _ in decided }
    }
}
