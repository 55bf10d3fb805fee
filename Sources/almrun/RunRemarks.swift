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
    /// Each bypass that has opened its gate or is enough to open it: of which gate, by whom and why.
    let bypasses: [String]
    /// Each other one, with why it opens nothing.
    let idleBypasses: [String]
    /// By gate that still waits, what people have decided.
    private(set) var decided: [String: String] = [:]
    /// By gate that still waits, when the time to decide was over.
    private(set) var expired: [String: Date] = [:]
    /// By gate that asks people, until when they can decide.
    private(set) var openUntil: [String: Date] = [:]
    /// By gate of which the time to decide was over, how it is asked anew.
    private var waysToAskAnew: [String: String] = [:]
    /// By gate that still waits, why too few decided in time.
    private var shortfalls: [String: String] = [:]
    /// By gate that still waits, what it waits for by now.
    private var texts: [String: String] = [:]
    /// Why a run that is over did not succeed; nil for others.
    let ending: String?
    /// What has failed in a run that waits elsewhere, each with the way on.
    let failed: [String]
    /// Steps that were cut off and may have had their effect all the same.
    let inDoubt: [StepID]
    /// By gate at which too few people are left who may approve, what goes on all the same.
    private(set) var impasses: [String: String] = [:]

    /// Why the run would not be taken up, so that nothing that was decided in it counts.
    let fault: String?
    /// Whether that is as its events are damaged.
    let isDamaged: Bool

    /// What the run waits for besides what the index knows: locks where a process works on it, and the next attempts.
    let moreWaits: [RunSummary.Wait]

    /// That the run's group was taken away, where no wait says so.
    let groupLoss: String?

    /// Who asked for the end that has not come yet; nil where nobody did.
    let cancelRequest: RunState.CancelRequest?

    /// What comes of it when somebody takes it up on which no process works any more; nil where its events cannot be read.
    let wayOnWithoutProcess: String?

    /// Of a run that did not end well, how many steps had: the others have ended too, with nothing done.
    let done: Int?

    init(
        _ state: RunState, waits: [String], fault: String? = nil, risks: [StepID: [GateRisk]] = [:], now: Date
    ) {
        run = state.run
        self.fault = fault
        isDamaged = false
        reason = state.plan.rollbackReason
        var bypasses: [String] = []
        var idle: [String] = []
        for (step, known) in zip(state.plan.steps, state.steps) {
            for decision in known.decisions where decision.verdict == .bypass {
                if case .wrong = decision.standing { continue }
                let text = "\(step.id) by \(decision.person)\(decision.comment.map { ": \($0)" } ?? "")"
                if state.isInForce(decision, at: step, now: now) {
                    bypasses.append(text)
                } else {
                    idle.append(text + state.effect(ofBypass: decision, at: step, now: now))
                }
            }
        }
        self.bypasses = bypasses
        idleBypasses = idle
        ending = state.endingReason
        let failures = state.failuresMeanwhile(now: now)
        let more = failures.count > 6 ? ["and \(failures.count - 5) more: `almrun show \(run)`"] : []
        failed = more.isEmpty ? failures : failures.prefix(5) + more
        done =
            state.status.isFinished && state.status != .succeeded ? state.steps.count(where: \.status.isGood) : nil
        inDoubt = state.stepsInDoubt
        cancelRequest = state.status.isFinished ? nil : state.cancelRequest
        wayOnWithoutProcess = state.wayOnWithoutProcess
        switch state.status {
        case .running: moreWaits = state.waitsForLocks + state.waitsForRetries
        case .waiting: moreWaits = state.waitsForRetries
        case .succeeded, .failed, .rejected, .cancelled: moreWaits = []
        }
        // What rests and waits for nothing else has it as what it waits for.
        let isSaid = state.summary.waits.contains { $0.suspension.code == "run/group-taken" }
        groupLoss = isSaid ? nil : state.groupLoss?.text
        for name in waits where fault == nil {
            guard let gate = state.planned(StepID(name)) else { continue }
            decided[name] = state.settlement(of: gate, now: now).map { settlement in
                settlement.text + (risks[gate.id] ?? []).map { "; risk: \($0.text)" }.joined()
            }
            expired[name] = state.expiry(of: gate, now: now)
            openUntil[name] = state.openQuestion(gate.id, now: now)?.until
            shortfalls[name] = state.shortfall(at: gate, now: now)
            waysToAskAnew[name] = state.wayToAskAnew(at: gate)
            texts[name] = state.waitText(of: gate, now: now).map { safeText($0) }
            impasses[name] = state.impasse(at: gate, now: now)?.line
        }
    }

    /// Of a run whose events cannot be read.
    ///
    /// - Parameter lines: The bytes of those that there are.
    init(unreadable run: RunID, _ error: RunStoreError, lines: [[UInt8]]) {
        self.run = run
        fault = error.description
        isDamaged = if case .damaged = error { true } else { false }
        (reason, done) = (nil, nil)
        bypasses = lines.compactMap { line in
            let event = (try? LedgerLine(bytes: line))?.event
            guard case .ended(let gate, _, .succeeded(let output, _, _, _))? = event?.kind,
                let people = output["bypassedBy"]?.string
            else { return nil }
            return "\(gate) by \(people)\(output["reason"]?.string.map { ": \($0)" } ?? "")"
        }
        (idleBypasses, inDoubt, moreWaits, failed) = ([], [], [], [])
        (ending, groupLoss, cancelRequest, wayOnWithoutProcess) = (nil, nil, nil, nil)
    }

    /// Lines below the run.
    var lines: [String] {
        (reason.map { ["because: \(safeText($0))"] } ?? []) + bypasses.map { "BYPASSED: \(safeText($0))" }
            + idleBypasses.map { "a bypass of \(safeText($0))" }
            + (cancelRequest.map { ["cancel asked for \(safeText($0.said))"] } ?? [])
            + (ending.map { [safeText($0)] } ?? []) + failed.map { safeText($0) }
            + (groupLoss.map { [safeText($0)] } ?? [])
            + (inDoubt.isEmpty
                ? []
                : [
                    "IN DOUBT: \(inDoubt.map(\.rawValue).joined(separator: ", ")): cut off, and the effect may have happened: "
                        + "`almrun show \(run)`"
                ])
    }

    /// That nobody takes the run up, or that it is not as it was written, why, and what a person can do about it; nil where
    /// nothing is wrong with it.
    ///
    /// - Parameter isAtWork: Whether a process works on it.
    /// - Parameter process: That process, where it has a lock.
    /// - Parameter locks: The names of those that it has.
    func complaint(_ status: RunStatus, isAtWork: Bool, process: RunHold.Holder?, locks: [String]) -> String? {
        guard let fault else { return nil }
        let isTakenUp = status != .succeeded && !isAtWork
        let what = isTakenUp ? "not taken up" : isDamaged ? "damaged" : "cannot be read"
        // Nothing is removed of what a process works on, or another version reads.
        let way =
            !isDamaged
            ? ""
            : isAtWork ? LockReport.endOfWork(process, locks) : ", \(LockReport.removal(damaged: run, locks: locks))"
        return "\(what): \(safeText(fault))\(RunState.verification(of: run, after: fault))\(way)"
    }

    /// By gate, what is so by now in the place of what it began to wait for.
    var gates: [String: String] {
        var said = impasses.mapValues { safeText($0) }
        for (gate, line) in said {
            if let end = openUntil[gate] { said[gate] = "\(line); open until \(Timestamp.text(of: end))" }
        }
        for (gate, end) in expired {
            said[gate] =
                "EXPIRED \(Timestamp.text(of: end)): \(safeText(shortfalls[gate] ?? "")); "
                + safeText(waysToAskAnew[gate] ?? "")
        }
        return decided.merging(said) { decided, _ in decided }.merging(texts) { said, _ in said }
    }
}
