import Documents
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// Decides what may happen next, from the plan and what happened; it asks nothing and waits for nothing.
public struct Decider: Sendable {
    /// When an environment may next be changed; nil means never.
    public typealias WindowOpening = @Sendable ([ChangeWindow], [Freeze], Date) -> WindowPolicy.Opening?

    /// How many steps run at once.
    public var width: Int
    /// How often the gates of a step are asked again because what they approved has changed.
    public var rounds: Int
    /// Whether earlier results may stand in for steps without effects.
    public var reuses: Bool
    private let opening: WindowOpening

    public init(
        width: Int, rounds: Int = 5, reuses: Bool = true,
        opening: @escaping WindowOpening = { WindowPolicy.nextOpening($0, $1, after: $2) }
    ) {
        self.width = max(1, width)
        self.rounds = rounds
        self.reuses = reuses
        self.opening = opening
    }

    /// What is to be done now, in the order of the plan; the same arguments always give the same commands.
    ///
    /// The schedule remembers what it has given out: record the events, let it follow them, and ask again.
    public func decide(_ state: RunState, _ schedule: inout Schedule, now: Date) -> [Command] {
        var commands: [Command] = []
        if state.cancelRequest != nil, !schedule.isSwept {
            schedule.isSwept = true
            // What runs after everything is shielded from the cancellation.
            if !schedule.isMainDone { commands.append(.stop) }
            for number in schedule.unsettled where !schedule.isRunning(number) {
                let step = state.plan.steps[number]
                if !step.isFinally { commands.append(.record(.cancelled(step.id))) }
            }
            // A run that was cut off after the sweep has nothing to sweep when it is taken up again.
            if !commands.isEmpty { return commands }
        }
        for number in schedule.waiting.sorted() { lookAfter(number, state, &schedule, now, &commands) }
        while let number = schedule.nextArrived() { examine(number, state, &schedule, now, &commands) }
        while let number = schedule.nextRunnable(state.plan, width: width) {
            commands.append(start(number, state, now))
        }
        if commands.isEmpty, schedule.isDone { commands.append(.finish(state.outcome)) }
        return commands
    }

    /// The earliest time at which a step that waits can go on by itself.
    public func nextTime(_ state: RunState, _ schedule: Schedule) -> Date? {
        schedule.waiting.compactMap { number -> Date? in
            let known = state.steps[number]
            switch known.reason {
            case .retry(let date, _): return date
            case .suspended(let suspension):
                switch suspension.cause {
                case .until(let date): return date
                case .approval:
                    guard case .gate(.approval(let policy)) = state.plan.steps[number].work,
                        let expires = policy.expires, let began = known.began
                    else { return nil }
                    return began.addingTimeInterval(expires)
                case .lock, .uncertainEffect: return nil
                }
            default: return nil
            }
        }.min()
    }

    // MARK: Steps that wait

    private func lookAfter(
        _ number: Int, _ state: RunState, _ schedule: inout Schedule, _ now: Date, _ commands: inout [Command]
    ) {
        let step = state.plan.steps[number]
        let known = state.steps[number]
        if known.status == .retrying {
            if case .retry(let date, _) = known.reason, date <= now { schedule.enqueue(number) }
            return
        }
        if case .gate(.approval(let policy)) = step.work {
            commands += answer(policy, step, state, now)
            return
        }
        if let bypass = state.bypass(of: step) {
            commands.append(.record(pass(step, bypass)))
            return
        }
        if case .until(let date)? = known.suspension?.cause, date <= now { schedule.reexamine(number) }
    }

    private func pass(_ step: Step, _ bypasses: [Decision]) -> RunEvent.Kind {
        let people = bypasses.map(\.person).joined(separator: ", ")
        let reasons = bypasses.compactMap(\.comment).joined(separator: "; ")
        return .ended(
            step.id, attempt: 0,
            .succeeded(
                output: .map(["bypassedBy": .string(people), "reason": .string(reasons)]), object: nil,
                inputDigest: nil))
    }

    private func answer(_ policy: ApprovalPolicy, _ step: Step, _ state: RunState, _ now: Date) -> [Command] {
        switch ApprovalStanding(policy, step: step, in: state, now: now) {
        case .open: return []
        case .approved(let decisions):
            let people = decisions.map { Value.string($0.person) }
            return [
                .record(
                    .ended(
                        step.id, attempt: 0,
                        .succeeded(output: .map(["approvedBy": .list(people)]), object: nil, inputDigest: nil)))
            ]
        case .bypassed(let decisions): return [.record(pass(step, decisions))]
        case .rejected(let decision):
            let comment = decision.comment.map { ": \($0)" } ?? ""
            return [.record(.ended(step.id, attempt: 0, .rejected("\(decision.person) said no\(comment)")))]
        case .expired: return [.record(.expired(step.id, round: state[step.id]?.round ?? 1))]
        }
    }

    // MARK: Steps whose needs have ended

    private func examine(
        _ number: Int, _ state: RunState, _ schedule: inout Schedule, _ now: Date, _ commands: inout [Command]
    ) {
        let step = state.plan.steps[number]
        if state.cancelRequest != nil, !step.isFinally {
            commands.append(.record(.cancelled(step.id)))
            return
        }
        if let verdict = needs(of: step, in: state) {
            commands.append(.record(verdict))
            return
        }
        switch step.work {
        case .gate(.approval) where step.guarding.flatMap({ state.preview(for: $0) })?.changesNothing == true:
            // The stage plans again under the lock; should something have to be changed then, the gates are asked anew.
            let output: Value = .map(["reason": .string("nothing would change")])
            commands.append(
                .record(.ended(step.id, attempt: 0, .succeeded(output: output, object: nil, inputDigest: nil))))
        case .gate(.approval(let policy)):
            let answers = answer(policy, step, state, now)
            commands += answers
            if answers.isEmpty { commands.append(.record(.suspended(step.id, question(policy, step, state)))) }
        case .gate(.window(let windows, let freezes)):
            if let bypass = state.bypass(of: step) {
                commands.append(.record(pass(step, bypass)))
            } else {
                commands.append(.record(window(windows, freezes, step, now)))
            }
        case .gate(.eligible):
            if let bypass = state.bypass(of: step) {
                commands.append(.record(pass(step, bypass)))
            } else {
                schedule.enqueue(number)
            }
        case .gate(.evidence(let policy)):
            if let bypass = state.bypass(of: step) {
                commands.append(.record(pass(step, bypass)))
            } else {
                commands.append(.record(evidence(policy, step, state, now)))
            }
        case .gate(.preview): schedule.enqueue(number)
        case .stage:
            if reuses, step.effect == .none, !state.steps[number].isDoneAnew {
                commands.append(resolved(step, state) { .look(step.id, input: $0) })
            } else {
                schedule.enqueue(number)
            }
        }
    }

    /// What follows from how the needs ended and from the `when`; nil when the step may go on.
    private func needs(of step: Step, in state: RunState) -> RunEvent.Kind? {
        let needs = state.needs(of: step)
        for need in needs {
            guard need.reason != .evidence, let known = state[need.step] else { continue }
            if known.status.blocks, !step.isFinally { return .blocked(step.id, by: need.step) }
        }
        for need in needs {
            guard let known = state[need.step], !known.status.isGood else { continue }
            switch need.reason {
            case .output(let name): return .skipped(step.id, .output(of: need.step, name: name))
            case .gate: return .skipped(step.id, .gate(need.step))
            case .declared, .condition, .evidence: continue
            }
        }
        let condition = step.condition ?? step.guarding.flatMap { state.planned($0)?.condition }
        if let condition, let unmet = state.unmet(condition) { return .skipped(step.id, .condition(unmet)) }
        return nil
    }

    private func question(_ policy: ApprovalPolicy, _ step: Step, _ state: RunState) -> Suspension {
        let people = policy.count == 1 ? "1 person" : "\(policy.count) people"
        let subject = step.guarding.map { " of '\($0)'" } ?? ""
        return Suspension(
            .approval, code: "run/approval",
            message: "waits for the approval\(subject) by \(people) with the role '\(policy.role)'")
    }

    private func window(
        _ windows: [ChangeWindow], _ freezes: [Freeze], _ step: Step, _ now: Date
    ) -> RunEvent.Kind {
        guard let opening = opening(windows, freezes, now) else {
            return .ended(
                step.id, attempt: 0,
                .failed(
                    StageFailure(
                        .broken, "gate/never-open",
                        "environment '\(step.environment ?? "")' has no window in which it may be changed")))
        }
        guard opening.date > now else {
            return .ended(
                step.id, attempt: 0, .succeeded(output: .map([:]), object: nil, inputDigest: nil))
        }
        let place = step.environment.map { " of '\($0)'" } ?? ""
        return .suspended(
            step.id,
            Suspension(
                .until(EventTime.roundedUp(opening.date)), code: "run/window",
                message:
                    "waits until \(EventTime.text(opening.date)), when changes\(place) are allowed: \(opening.reason)"))
    }

    private func evidence(
        _ policy: EvidencePolicy, _ step: Step, _ state: RunState, _ now: Date
    ) -> RunEvent.Kind {
        let standing = EvidenceStanding(policy, step: step, in: state, now: now)
        if let failure = standing.failure(at: step, in: state) {
            return .ended(step.id, attempt: 0, .failed(failure))
        }
        let shown = standing.items.map { Value.string($0.message) }
        return .ended(
            step.id, attempt: 0, .succeeded(output: .map(["evidence": .list(shown)]), object: nil, inputDigest: nil))
    }

    /// The gates of a step that were open once and are not open now: a window that closed, an approval that ran out.
    ///
    /// One that people have bypassed since is no longer shut; a step that begins has it opened by the bypass first.
    func shutGates(
        of step: Step, _ state: RunState, _ now: Date, begins: Bool = false
    ) -> [(gate: StepID, why: String)] {
        (state.gates[step.id] ?? []).compactMap { number in
            let gate = state.plan.steps[number]
            let known = state.steps[number]
            guard known.status == .succeeded,
                state.bypass(of: gate) == nil || begins && state.isBypassedSinceOpen(gate)
            else { return nil }
            switch gate.work {
            case .gate(.window(let windows, let freezes)):
                let opening = opening(windows, freezes, now)
                return opening.map { $0.date <= now } ?? false
                    ? nil : (gate.id, opening?.reason ?? "the window has closed")
            case .gate(.evidence(let policy)):
                let items = EvidenceStanding(policy, step: gate, in: state, now: now).items
                return items.first { $0.verdict != .good }.map { (gate.id, $0.message) }
            case .gate(.approval):
                return state.lapse(of: gate).flatMap { now > $0 ? (gate.id, "the approval has run out") : nil }
            default: return nil
            }
        }
    }

    private func start(_ number: Int, _ state: RunState, _ now: Date) -> Command {
        let step = state.plan.steps[number]
        let known = state.steps[number]
        if step.locksEnvironment, !known.isInDoubt, state.cancelRequest == nil {
            let shut = shutGates(of: step, state, now, begins: true)
            if let first = shut.first {
                // What comes after a gate waits for it again; what people said there still counts where nothing changed.
                let gates = (state.gates[step.id] ?? []).map { state.plan.steps[$0].id }.drop { $0 != first.gate }
                return .record(
                    .voided(step.id, gates: Array(gates), changed: shut.map(\.why), round: known.round + 1))
            }
        }
        return resolved(step, state) { input in
            .start(
                step.id, input: input, attempt: known.attempts + 1, token: state.token(of: step, input: input),
                recovering: known.isInDoubt)
        }
    }

    /// The command for a step with its inputs put in; a step whose inputs have no value fails.
    private func resolved(_ step: Step, _ state: RunState, _ command: (Value) -> Command) -> Command {
        do {
            return command(try state.resolve(state.input(of: step)))
        } catch {
            return .record(
                .ended(
                    step.id, attempt: 0,
                    .failed(
                        StageFailure(.broken, RunState.noValueCode, error.message, notes: ["used by step '\(step.id)'"])
                    ))
            )
        }
    }
}
