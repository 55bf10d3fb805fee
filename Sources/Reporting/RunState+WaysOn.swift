public import Engine
import Pipelines

public import struct Foundation.Date

extension RunState {
    /// `, commit 0123456789ab`; of a rollback also the commit that says who decides. Empty where neither is known.
    var commits: String {
        let own = commit.map { ", commit \($0.prefix(12))" } ?? ""
        guard let gates = plan.gatesCommit else { return own }
        return (commit.map { ", package of commit \($0.prefix(12))" } ?? "")
            + ", gates and roles of commit \(gates.prefix(12))"
    }

    /// How people may go on at a gate that waits for them, a line each.
    func waysOn(at step: Step, now: Date) -> [String] {
        if let impasse = impasse(at: step, now: now) { return [impasse.line] }
        if let overtaking = overtaking(of: step) { return [firstResume(overtaking)] }
        if let unreadable = unreadable(at: step) { return ["first   almrun doctor   (\(unreadable))"] }
        let sign = step.wantsSignature ? " --sign ~/.ssh/id_ed25519" : ""
        let lines = ["decide  almrun approve \(run) \(step.id) --comment \"...\"\(sign)   (or reject)"]
        // One of both is enough.
        return lines + wayToBypass(step, now: now).map { $0.replacing(#/^bypass /#, with: "or     ") }
    }

    private func firstResume(_ overtaking: String) -> String {
        "first   almrun resume \(run)   (asks anew: \(overtaking))"
    }

    /// The gate of the same stage that waits for a time, while another one of them does not wait itself; nil where none does.
    func waitsForTime(before gate: Step, now: Date) -> (gate: Step, message: String, until: Date)? {
        guard let guarded = gate.guarding, !status.isFinished, self[gate.id]?.status != .waiting else { return nil }
        return waits.lazy.filter { $0.step.guarding == guarded }.compactMap { step, suspension in
            suspension.end.flatMap { $0 > now ? (step, suspension.message, $0) : nil }
        }.first
    }

    /// How one more person opens a gate that somebody has bypassed.
    func wayToBypass(_ gate: Step, now: Date) -> [String] {
        guard let bypass = pendingBypass(of: gate.id, now: now), !bypass.may.isEmpty else { return [] }
        if let overtaking = bypass.overtaking { return [firstResume(overtaking)] }
        return [
            "bypass  \(bypassCommand(at: gate))   (one more of '\(bypass.role)': \(bypass.may.joined(separator: ", ")))"
        ]
    }

    /// How a run goes on that has failed only at gates that people have begun to open; empty for another.
    func waysPastFailedGates(now: Date) -> [String] {
        let failed = plan.steps.filter { self[$0.id]?.status == .failed }
        let opened = bypassedFailures
        let half = failed.filter { pendingBypass(of: $0.id, now: now) != nil }
        guard !failed.isEmpty, opened.count + half.count == failed.count else { return [] }
        if let gate = failed.first(where: { overtaking(of: $0) != nil }), let overtaking = overtaking(of: gate) {
            return ["next: `almrun resume \(run)` asks anew at '\(gate.id)': \(overtaking)"]
        }
        guard !half.isEmpty else {
            let names = opened.map { "'\($0.id)'" }.joined(separator: " and ")
            return ["next: `almrun resume \(run)` carries on: \(names) \(opened.count == 1 ? "is" : "are") bypassed"]
        }
        return half.flatMap { gate in
            ["waits: \(gate.id): \(pendingBypass(of: gate.id, now: now)?.text ?? "")"]
                + wayToBypass(gate, now: now).map { "  \($0)" }
        } + ["then `almrun resume \(run)`"]
    }

    /// What is known of all steps of a run that waits elsewhere, worked out once.
    private struct Meanwhile {
        /// By step, what comes before it and is to be done first.
        let obstacles: [StepID: StepID]
        /// The failed gates that people have opened.
        let opened: Set<StepID>
        /// What blocks others.
        let blocking: Set<StepID>

        init(_ state: RunState) {
            obstacles = state.obstacles()
            opened = Set(state.bypassedFailures.map(\.id))
            blocking = Set(state.steps.compactMap { if case .blocked(let by)? = $0.reason { by } else { nil } })
        }
    }

    /// How each thing that has failed, or asked for too long, in a run which waits elsewhere is gone past meanwhile; empty where nothing can be begun.
    func waysPastFailuresMeanwhile(now: Date) -> [String] {
        let meanwhile = Meanwhile(self)
        return plan.steps.flatMap { step in
            let ways = waysMeanwhile(pastFailed: step, meanwhile, now: now)
            return ways.prefix(1).map { "\(howItEnded(step.id)): \(step.id): \($0)" } + ways.dropFirst()
        }
    }

    /// In a word how a step ended badly; of a gate whether somebody said no or nobody decided in time.
    private func howItEnded(_ step: StepID) -> String {
        switch self[step]?.status {
        case .rejected?: refusal(at: step) == nil ? "expired" : "rejected"
        case .cancelled?: "cancelled"
        default: "failed"
        }
    }

    /// What has failed in a run that waits elsewhere, one line each with the way on; empty for another run.
    public func failuresMeanwhile(now: Date) -> [String] {
        guard status == .waiting else { return [] }
        let meanwhile = Meanwhile(self)
        return zip(plan.steps, steps).compactMap { step, known in
            let way = waysMeanwhile(pastFailed: step, meanwhile, now: now).first
            if known.status != .failed, let way {
                let why = if case .rejected(let message)? = known.reason { "\(message); " } else { "" }
                return "\(howItEnded(step.id)): \(step.id): \(why)\(way)"
            }
            guard known.status == .failed, let failure = known.failure else { return nil }
            return "failed: \(step.id): \(failure.message) [\(failure.code)]\(way.map { "; \($0)" } ?? "")"
        }
    }

    /// The way past one thing that has failed in a run which waits elsewhere, and the commands for it; empty where there is none.
    private func waysMeanwhile(pastFailed step: Step, _ meanwhile: Meanwhile, now: Date) -> [String] {
        guard status == .waiting, !isCalledOff, let known = self[step.id] else { return [] }
        if refusal(at: step.id) != nil {
            return ["that stands; once the run has ended, `almrun resume \(run)` asks again"]
        }
        guard isRerunnableNow(step.id) else { return [] }
        if meanwhile.opened.contains(step.id) { return ["bypassed: \(way(pastOpened: step.id))"] }
        if let first = meanwhile.obstacles[step.id] {
            return known.status == .failed ? ["it comes after '\(first)', which is to be done first"] : []
        }
        let again = "`almrun resume \(run) --rerun \(step.id)`"
        if known.status == .rejected { return ["\(again) asks anew while the run goes on"] }
        if known.status == .cancelled {
            if isFirstCancelled(step) { return ["\(again) takes it up while the run goes on"] }
            return meanwhile.blocking.contains(step.id) ? ["\(again) asks anew while the run goes on"] : []
        }
        guard known.status == .failed else { return [] }
        guard case .gate = step.work else {
            // What the object store cannot give is not there the next time either.
            let isLost = known.failure?.code.hasPrefix("object/") == true
            return ["\(isLost ? "`almrun doctor` first, then " : "")\(again) does it again while the run goes on"]
        }
        if let half = pendingBypass(of: step.id, now: now) {
            return [half.text] + wayToBypass(step, now: now).map { "  \($0)" }
        }
        let bypass = bypassCommand(ofFailed: step)
        guard case .gate(.evidence) = step.work else {
            let does = step.work == .gate(.preview) ? "looks again what it would do" : "asks again for what it needs"
            return ["\(again) \(does)"] + (bypass.map { ["  or \($0)"] } ?? [])
        }
        // Asked again, it finds the same unless something shows it anew.
        let shows = step.needs.filter { $0.reason == .evidence && isRerunnableNow($0.step) }
        guard !shows.isEmpty else {
            if let ways = waysPastWord(at: step) { return [ways] }
            return [bypass.map { "only a bypass opens it: \($0)" } ?? "only a new run shows what it asks for"]
        }
        return ["`\(resumeCommand(rerunning: shows.map(\.step)))` has it shown anew"]
            + (bypass.map { ["  or \($0)"] } ?? [])
    }

    /// How a run goes on that has failed at gates alone for want of evidence that it can never show.
    var waysPastMissingEvidence: [String] {
        plan.steps.filter { self[$0.id]?.status == .failed }.flatMap { gate in
            guard let who = whoMayBypass(gate) else {
                return ["next: only a bypass opens '\(gate.id)', and nobody may bypass it"]
            }
            let first = overtaking(of: gate).map { "`almrun resume \(run)` first, as \($0), then " } ?? ""
            return ["next: only a bypass opens '\(gate.id)': \(first)`\(bypassCommand(at: gate))`, by \(who)"]
        } + ["then `almrun resume \(run)`"]
    }

    /// What comes of a cancelled run that is taken up.
    ///
    /// - Parameter isNewerOver: Whether no run is left that has taken its place.
    func wayOnAfterCancelling(isNewerOver: Bool) -> String {
        if let left = nothingLeft { return left }
        guard let request = cancelRequest, !request.isInterruption else {
            return "next: `almrun resume \(run)` carries on where it stopped"
        }
        if let newer = request.newerRun, !isNewerOver {
            return
                "next: `almrun show \(newer)`, which has taken its place; once that one has ended, or `almrun cancel \(newer)` has "
                + "called it off, this one can be taken up"
        }
        let isAsking = plan.steps.contains { step in
            if case .gate(.approval) = step.work { true } else { self[step.id]?.decisions.isEmpty == false }
        }
        return "next: `almrun resume \(run)` carries on where it stopped"
            + (isAsking ? ", and asks anew at every gate: nothing counts that was decided before" : "")
            + (request.newerRun.map {
                "; run '\($0)', which had taken its place, is over: where it has brought a higher version, this one is refused"
            } ?? "")
    }

    /// That taking the run up again would do nothing but end it anew; nil where something is left to do.
    private var nothingLeft: String? {
        let all = zip(plan.steps, steps)
        // An approval that stands by itself is asked anew.
        let asksAnew =
            cancelRequest?.isInterruption == false
            && plan.steps.contains { step in
                if case .gate(.approval) = step.work { step.guarding == nil } else { false }
            }
        guard !asksAnew, all.allSatisfy({ $1.status.isGood || $1.status == .skipped }) else { return nil }
        let cleanup = all.filter { step, known in step.isFinally && known.status.isGood }.map { "'\($0.0.id)'" }
        guard !cleanup.isEmpty else { return "nothing is left to do" }
        return "nothing is left to do: `almrun resume \(run)` would only do \(cleanup.joined(separator: ", ")) again"
    }

    /// The steps of a run on which no process works any more that may have had their effect, in the order of the plan.
    var stepsCutOff: [StepID] {
        zip(plan.steps, steps).filter { step, known in
            guard step.effect == .once, case .stage = step.work else { return false }
            // What was cut off before is in doubt as well.
            return known.status == .running || known.mayHaveTakenEffect && !known.status.isGood
        }.map(\.0.id)
    }

    /// That steps were cut off, one line each.
    public var doubtNotes: [String] {
        // What takes it up then only ends the cancelling.
        let isCancelling = status == .waiting && cancelRequest != nil
        return stepsInDoubt.map { step in
            let way =
                if isLeftInDoubt(step) {
                    "and say what you found: `almrun resume \(run) --assume \(step)=done` (or not-done) begins nothing"
                } else if let held = asking(before: step) {
                    "or `almrun resume \(run)` looks once \(held) decided"
                } else {
                    "or `almrun resume \(run)` looks \(isCancelling ? "once the run is cancelled" : "first")"
                }
            return "IN DOUBT: \(step) was cut off, and its effect may have happened: look there, \(way)"
        }
    }

    /// What people said of effects in doubt after the run was over, one line each.
    var wordNotes: [String] {
        zip(plan.steps, steps).filter { $1.isNoted }.compactMap { step, known in
            known.noted.last.map {
                let again =
                    status.isFinished ? "whoever takes the run up has it looked for once more" : lookAgain(at: step.id)
                return "\(step.id) was cut off: \($0)" + (again.map { "; \($0)" } ?? "")
            }
        }
    }
}
