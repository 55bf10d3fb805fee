import Pipelines

/// Goes through the events of a run once more, and asks of each decision and each opened gate whether it may be so.
struct DecisionCheck {
    private(set) var discrepancies: [Discrepancy] = []
    private(set) var decisions = 0
    private(set) var signed = 0
    /// What is as it was written, and yet proves nothing.
    private(set) var notes: [Discrepancy] = []
    private(set) var gates = 0
    /// The run as its events make it; nil when they do not make one.
    private(set) var summary: RunSummary?

    init(_ chain: ChainCheck, run: RunID, objects: ObjectStore?) {
        self.init(chain.readable, isWhole: chain.discrepancies.isEmpty, run: run, objects: objects)
    }

    /// - Parameter isWhole: Whether the chain of the events is known to be.
    init(_ lines: [LedgerLine], isWhole: Bool, run: RunID, objects: ObjectStore?) {
        guard let first = lines.first else { return }
        var state: RunState
        do throws(RunStoreError) {
            state = try RunState(first)
        } catch {
            add("verify/fold", "the events make no run: \(error)", first)
            return
        }
        if state.run != run {
            add("verify/other-run", "these are the events of run '\(state.run)', and not of '\(run)'", first)
        }
        var isWhole = isWhole
        var format = first.format
        for line in lines.dropFirst() {
            // What an earlier version wrote down is judged by what was the rule then; no version writes older forms again.
            format = max(format, line.format)
            state.ruleFormat = format
            if case .ended(let id, _, .succeeded) = line.event.kind, let gate = state.planned(id) {
                if let objects { state.fetchOutputs(from: objects) }
                checkTime(gate, state, line)
                checkOpened(gate, state, line)
            }
            if case .started(let id, _, _, _, let isRecovering) = line.event.kind,
                !isRecovering || state[id]?.isInDoubt != true
            {
                checkStarted(id, state, line)
            }
            checkTakenAsOpen(state, line)
            checkEnd(state, line)
            do throws(RunStoreError) {
                try state.take(line)
            } catch {
                add("verify/fold", "\(error)", line)
                isWhole = false
            }
            if case .decided(let decision) = line.event.kind { check(decision, state, line) }
        }
        state.ruleFormat = RunEvent.format
        if isWhole { summary = state.summary }
    }

    private mutating func add(_ code: String, _ message: String, _ line: LedgerLine, notes: [String] = []) {
        discrepancies.append(Discrepancy(code, message, event: line.event.sequence, notes: notes))
    }

    /// The signature of a decision, where there is one or must be one.
    private mutating func check(_ decision: Decision, _ state: RunState, _ line: LedgerLine) {
        decisions += 1
        let what =
            "event \(line.event.sequence), the \(decision.verdict.noun) of '\(decision.step)' by '\(decision.person)'"
        guard let gate = state.planned(decision.step), let kept = state[decision.step]?.decisions.last else { return }
        if decision.signature != nil { signed += 1 }
        switch kept.standing {
        case .good where state.hasLooseKeys:
            notes.append(
                Discrepancy(
                    "verify/loose-keys",
                    "\(what): the signature proves nothing, as the key stood in no commit when the run was made",
                    event: line.event.sequence,
                    notes: ["ask who is said to have signed: who asked for the run may have put the key there"]))
        case .good: break
        case .wrong(_, let message): add("verify/signature", "\(what): \(message)", line)
        case .unsigned:
            guard decision.verdict != .reject, gate.wantsSignature else { return }
            add("verify/unsigned", "\(what) has no signature, and the gate asks for one", line)
        }
    }

    /// What counts at a gate has its time: nobody may say that it opened before what came before it, or that what shows
    /// evidence ended and never began.
    private mutating func checkTime(_ step: Step, _ state: RunState, _ line: LedgerLine) {
        let number = line.event.sequence
        if case .stage = step.work, state[step.id]?.status != .running, state.plan.asksForEvidence(of: step.id) {
            add("verify/gate", "event \(number) ends '\(step.id)', and nobody had begun it", line)
        }
        guard case .gate = step.work, line.event.time < state.updated else { return }
        add(
            "verify/gate",
            "event \(number) opens '\(step.id)' \(EventTime.text(line.event.time)), and what comes before it happened "
                + "\(EventTime.text(state.updated))", line)
    }

    /// A gate that people opened must have been opened by those who may.
    private mutating func checkOpened(_ gate: Step, _ state: RunState, _ line: LedgerLine) {
        guard case .gate(.approval) = gate.work, let standing = state.standing(of: gate, now: line.event.time) else {
            if state.bypass(of: gate) != nil { gates += 1 }
            guard let complaint = state.complaint(aboutOpening: gate, at: line.event.time) else { return }
            add("verify/gate", "event \(line.event.sequence) opens '\(gate.id)', and \(complaint)", line)
            return
        }
        if gate.guarding.flatMap({ state.preview(for: $0) })?.changesNothing == true { return }
        gates += 1
        let what = "event \(line.event.sequence) opens '\(gate.id)'"
        // Earlier versions took a bypass that came late.
        if state.bypass(of: gate, counting: true) != nil { return }
        switch standing {
        case .approved, .bypassed: break
        case .open(_, let missing):
            add(
                "verify/gate",
                "\(what), and \(missing == 1 ? "an approval" : "\(missing) approvals") that it asks for "
                    + "\(missing == 1 ? "is" : "are") not there", line)
        case .rejected(let decision): add("verify/gate", "\(what), and '\(decision.person)' had said no", line)
        case .expired: add("verify/gate", "\(what), and the time to decide was over", line)
        }
    }

    /// No gate is open because somebody says so, or because it was open in another run.
    private mutating func checkTakenAsOpen(_ state: RunState, _ line: LedgerLine) {
        switch line.event.kind {
        case .assumed(let id, true, _, _), .reused(let id, _):
            guard case .gate? = state.planned(id)?.work else { return }
            add("verify/gate", "event \(line.event.sequence) takes gate '\(id)' for open, and nobody opened it", line)
        default: return
        }
    }

    /// Where the index was lost, nothing outside the events tells how many there were.
    private mutating func checkEnd(_ state: RunState, _ line: LedgerLine) {
        // After this nothing can have come that counts.
        guard case .indexRebuilt(let person) = line.event.kind, state.status != .succeeded else { return }
        add(
            "verify/unvouched",
            "nothing vouches that event \(state.sequence) was the last one when the run index was lost", line,
            notes: [
                "'\(person)' had the index written anew from the events, \(EventTime.text(line.event.time))",
                "a decision or an end that came after it may be gone: compare with a copy of the store",
            ])
    }

    /// A step may start only when every gate before it is open.
    private mutating func checkStarted(_ id: StepID, _ state: RunState, _ line: LedgerLine) {
        for number in state.gates[id] ?? [] {
            guard !state.steps[number].status.isGood else { continue }
            add(
                "verify/gate",
                "event \(line.event.sequence) starts '\(id)', and its gate '\(state.plan.steps[number].id)' is not open",
                line)
        }
    }
}

extension Plan {
    /// Whether a gate counts what a stage shows.
    fileprivate func asksForEvidence(of step: StepID) -> Bool {
        steps.contains { $0.needs.contains { $0.reason == .evidence && $0.step == step } }
    }
}

extension Decision.Verdict {
    /// As in "the approval of".
    fileprivate var noun: String {
        switch self {
        case .approve: "approval"
        case .reject: "rejection"
        case .bypass: "bypass"
        }
    }
}
