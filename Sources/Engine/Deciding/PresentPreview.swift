import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// What the stage that gates stand before would do now, as far as that can be told.
public enum PresentPreview: Sendable, Hashable {
    case known(Preview)
    /// It would be refused, and so no gate can let it through.
    case refused(StageFailure)
    /// Nobody can tell now.
    case unknown(StageFailure)
}

/// Looks what the stage that gates stand before would do now; nil where they have shown nothing of it yet.
public typealias Foreseeing = @Sendable (RunState, StepID) async -> PresentPreview?

extension StageExecutor {
    /// Looks what a stage would do now, by way of the gate that showed it; nil where none has, or it has ended well.
    public func foresee(_ guarded: StepID, in state: RunState) async -> PresentPreview? {
        guard let gate = state.previewGate(of: guarded), state.preview(for: guarded) != nil,
            state[guarded]?.status.isGood == false, let input = try? state.resolve(state.input(of: gate))
        else { return nil }
        let attempt = Attempt(run: state.run, requester: state.requester, token: "preview", commit: state.commit)
        switch await execute(gate, input: input, attempt: attempt) {
        case .succeeded(let output), .found(let output):
            return RunState.preview(in: output).map { .known($0) }
        case .failed(let failure): return failure.kind == .rejected ? .refused(failure) : .unknown(failure)
        case .suspended(let suspension):
            return .unknown(StageFailure(.transient, suspension.code, suspension.message))
        case .cancelled: return nil
        }
    }
}

extension RunState {
    func previewGate(of guarded: StepID) -> Step? {
        gates[guarded]?.lazy.map { plan.steps[$0] }.first { $0.work == .gate(.preview) }
    }

    /// What a gate asks about and is another thing now, so that what people say there is void when the run is taken up;
    /// one line each, lower case.
    public func drift(
        at gate: Step, to present: PresentPreview?, _ parts: [ApprovalPolicy.Part] = ApprovalPolicy.Part.allCases
    ) -> [String] {
        switch present {
        case nil, .unknown: return []
        case .refused(let failure): return ["it would be refused now: \(failure.message)"]
        case .known(let preview):
            let shown = self.preview(for: gate.guarding ?? gate.id)
            return binding(of: gate).changes(to: GateBinding(preview), parts).map { change in
                let what = change.part == .plan ? shown.map { preview.differenceText(from: $0) } ?? "" : ""
                return change.text + (what.isEmpty ? "" : " (\(what))")
            }
        }
    }

    /// The parts of what a gate asks about that are other ones now; what is refused is no plan, in a target that is another.
    func changedParts(at gate: Step, to present: PresentPreview?) -> [ApprovalPolicy.Part] {
        switch present {
        case nil, .unknown: []
        case .refused: [.plan, .target]
        case .known(let preview):
            binding(of: gate).changes(to: GateBinding(preview), ApprovalPolicy.Part.allCases).map(\.part)
        }
    }

    /// The run as it is for somebody who has looked what these steps would do now.
    public func facing(_ present: [StepID: PresentPreview]) -> RunState {
        var state = self
        state.present.merge(present) { $1 }
        return state
    }

    /// What a gate is about and is another thing now, of what makes void what people said there, as far as somebody has
    /// looked.
    public func drift(at gate: Step) -> [String] {
        guard let guarded = gate.guarding else { return [] }
        var parts = ApprovalPolicy.Part.allCases
        if case .gate(.approval(let policy)) = gate.work, bypass(of: gate) == nil { parts = policy.voidOn }
        return drift(at: gate, to: present[guarded], parts)
    }

    /// That what a gate asks about is another thing now, in one line; nil where it is not, as far as somebody has looked.
    public func overtaking(of gate: Step) -> String? {
        let drift = drift(at: gate)
        return drift.isEmpty ? nil : drift.joined(separator: ", and ")
    }

    /// What comes of it when the run is taken up, where what people said at a gate is overtaken, as far as somebody has looked.
    public func wayOnWhenOvertaken(at gate: Step) -> String {
        let resume = "`almrun resume \(run)`"
        if let guarded = gate.guarding, case .refused? = present[guarded] {
            return "\(resume) fails there, and asks nobody, as long as that is so"
        }
        guard let guarded = gate.guarding, case .known(let preview)? = present[guarded], !preview.summary.isEmpty else {
            return "\(resume) asks anew"
        }
        let isForChanges =
            switch gate.work {
            case .gate(.approval), .gate(.evidence): true
            default: false
            }
        if isForChanges, preview.changesNothing == true {
            return "\(resume) asks nobody then, as nothing would change: \(preview.summary)"
        }
        let isAnother = preview.summary != self.preview(for: guarded)?.summary
        return "\(resume) asks anew" + (isAnother ? ", for this: \(preview.summary)" : "")
    }

    /// The gates at which people are asked, or have said something on which nobody has acted yet.
    ///
    /// - Parameter isDecided: Only those at which enough of them have said yes, or somebody has begun a bypass.
    public func gatesInQuestion(isDecided: Bool, now: Date) -> [Step] {
        plan.steps.filter { step in
            guard case .gate = step.work, let known = self[step.id] else { return false }
            if known.status == .waiting, !isDecided || settlement(of: step, now: now)?.opens == true { return true }
            if !known.decisions.isEmpty, isShut(step.id), !bypasses(at: step).isEmpty { return true }
            return !isDecided && wantedBypass(of: step.id, now: now) != nil
        }
    }

    /// Refuses what would be said about something that is another thing now, and so would count for nothing.
    func check(_ present: PresentPreview?, at gate: Step, _ parts: [ApprovalPolicy.Part]) throws(Refusal) {
        if let unreadable = Self.unreadable(present) {
            throw Refusal(
                "gate/unreadable", "what '\(gate.id)' asks about cannot be deployed as it is: \(unreadable)",
                notes: ["nothing was written: `almrun doctor` says what to do about the object store first"])
        }
        let drift = drift(at: gate, to: present, parts)
        guard !drift.isEmpty else { return }
        var notes: [String] = []
        if case .known(let preview) = present, let shown = self.preview(for: gate.guarding ?? gate.id) {
            if preview.summary != shown.summary {
                notes += ["it asks about: \(shown.summary)", "what would happen: \(preview.summary)"]
            } else if preview.target == shown.target, gate.environment.map(usesSecrets) ?? false {
                notes.append("a secret that has another value in this process makes another plan")
            }
        }
        throw Refusal(
            "gate/changed",
            "what '\(gate.id)' asks about is not what would happen now: \(drift.joined(separator: ", "))",
            notes: notes + [
                "nothing was written: `almrun resume \(run)` asks anew, about what would happen then",
                "read it before you decide: `almrun show \(run) --gate \(gate.id)`",
            ])
    }

    /// Why the object store cannot give what a gate asks about; nil where it can, as far as somebody has looked.
    public func unreadable(at gate: Step) -> String? {
        gate.guarding.flatMap { Self.unreadable(present[$0]) }
    }

    /// Why the target of what a gate stands before cannot be read; nil where it can, as far as somebody has looked. What is
    /// said at the gate is taken all the same.
    public func unreadableTarget(at gate: Step) -> String? {
        guard case .unknown(let failure)? = gate.guarding.flatMap({ present[$0] }),
            failure.code == "environment/damaged"
        else { return nil }
        return "nobody can tell what would happen there: \(failure.message); what is approved is not deployed before "
            + "that is mended: `almrun doctor`"
    }

    private static func unreadable(_ present: PresentPreview?) -> String? {
        guard case .unknown(let failure)? = present, failure.code.hasPrefix("object/") else { return nil }
        return failure.message
    }

    private func usesSecrets(_ environment: String) -> Bool {
        plan.environments[environment].map { !$0.secretNames.isEmpty } ?? false
    }

    /// The steps whose gates have shown what would be done and are not all open: people may still decide there.
    ///
    /// A gate at which somebody said no, or whose time is over, first comes to its end.
    func stepsToLookAtAnew(now: Date) -> [StepID] {
        gates.keys.filter { isToBeLookedAtAnew($0, now: now) }.sorted { index[$0] ?? 0 < index[$1] ?? 0 }
    }

    func isToBeLookedAtAnew(_ guarded: StepID, now: Date) -> Bool {
        guard let known = self[guarded], known.status == .pending, !known.isInDoubt, preview(for: guarded) != nil else {
            return false
        }
        let closed = (gates[guarded] ?? []).filter { !steps[$0].status.isSettled }
        return !closed.isEmpty
            && closed.allSatisfy { number in
                switch standing(of: plan.steps[number], now: now) {
                case .rejected?, .expired?: false
                default: true
                }
            }
    }
}
