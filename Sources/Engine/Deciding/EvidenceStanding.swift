public import Pipelines

public import struct Foundation.Date

/// How the evidence that an environment asks for stands.
public struct EvidenceStanding: Sendable, Hashable {
    /// One thing that is asked for.
    public struct Item: Sendable, Hashable, Codable {
        public enum Verdict: String, Sendable, Hashable, Codable { case good, missing, bad, old }

        /// As in the environment's file.
        public var name: String
        public var verdict: Verdict
        /// The stage that it is from.
        public var step: StepID?
        public var run: RunID?
        public var made: Date?
        /// One sentence, lower case, no full stop.
        public var message: String
    }

    /// In the order of the environment's file.
    public let items: [Item]
    private let policy: EvidencePolicy

    /// What is known of a gate's evidence at a time; where nothing would change, none of it is too old, and none is missing.
    public init(_ policy: EvidencePolicy, step gate: Step, in state: RunState, now: Date) {
        var policy = policy
        // The stage plans again under the lock; should something have to be changed then, the gate is asked anew.
        let changesNothing = gate.guarding.flatMap { state.preview(for: $0) }?.changesNothing == true
        if changesNothing { policy.notOlderThan = nil }
        self.policy = policy
        let package = state.binding(of: gate).package
        let ties = PackageTies(of: package, in: state)
        let stages = gate.needs.filter { $0.reason == .evidence }.compactMap { state.planned($0.step) }
        items = policy.stages.map { name in
            var item = Self.item(name, policy, stages, package, ties, state, now)
            // What a stage of the run was to show, and failed to, is bad all the same.
            if changesNothing, item.verdict == .missing {
                item.verdict = .good
                item.message = "nothing would change, so that no '\(name)' is asked for"
            }
            return item
        }
    }

    /// What the stages of a run that are not still to begin show of a package that goes to an environment, by the same rule as
    /// at a gate: where the run had such a gate, the stages that it waited for, for what it asked then.
    public init(_ policy: EvidencePolicy, package: String, for environment: String?, in state: RunState, now: Date) {
        self.policy = policy
        let ties = PackageTies(of: package, in: state)
        let asked = environment.flatMap { state.plan.stepsShowing(for: $0) }
        let after = state.plan.stepsAfterAllDeployments
        let stages = zip(state.plan.steps, state.steps).filter { step, known in
            guard case .stage = step.work, !step.isFinally else { return false }
            return known.status != .pending
        }.map(\.0)
        items = policy.stages.map { name in
            let shown = stages.filter { step in
                if let asked, asked.names.contains(name) { return asked.steps.contains(step.id) }
                return !after.contains(step.id)
            }
            return Self.item(name, policy, shown, package, ties, state, now)
        }
    }

    public var isMet: Bool { items.allSatisfy { $0.verdict == .good } }

    /// When the oldest of it will be too old; nil when it never will.
    public var expires: Date? {
        guard let age = policy.notOlderThan else { return nil }
        return items.compactMap(\.made).min()?.addingTimeInterval(age)
    }

    private static func item(
        _ name: String, _ policy: EvidencePolicy, _ stages: [Step], _ package: String?, _ ties: PackageTies,
        _ state: RunState, _ now: Date
    ) -> Item {
        var oldest: Evidence?
        var unrelated: (step: StepID, why: String)?
        var skipped: StepID?
        for step in stages {
            guard let known = state[step.id], EvidencePolicy.matches(name, step: step.id, kind: step.kind) else {
                continue
            }
            guard known.status != .skipped else {
                skipped = skipped ?? step.id
                continue
            }
            if let why = ties.objection(to: step) {
                unrelated = unrelated ?? (step.id, why)
                continue
            }
            guard let time = state.made(step, known) else {
                let later = state.stageDoneLater(than: step)
                let how =
                    known.assumer.map { "nobody saw it end well: \($0) said that it was done" }
                    ?? later.map { "it ran before '\($0)', which it comes after, was done" }
                    ?? "it is \(known.status.rawValue)"
                // What ran too early is nothing that taking the run up mends.
                return Item(
                    name: name, verdict: later == nil ? .bad : .missing, step: step.id, run: state.run, made: nil,
                    message: "stage '\(step.id)' should show '\(name)', and \(how)")
            }
            if let other = oldest, other.time <= time { continue }
            var run = state.run
            if case .reused(let result) = known.reason { run = result.run }
            oldest = Evidence(name: name, kind: step.kind, run: run, step: step.id, time: time, package: package)
        }
        // What an earlier run showed of the same package counts where this one shows nothing.
        let brought = state.evidence.filter { $0.answers(name) && $0.package == package && package != nil }
        guard let evidence = oldest ?? brought.max(by: { $0.time < $1.time }) else {
            let subject = package.map { "package \($0.prefix(12))" } ?? "this package"
            let mute = unrelated ?? skipped.map { ($0, "was skipped") }
            let cause =
                mute.map { "stage '\($0.step)' \($0.why)" }
                ?? (state.plan.isRollback
                    ? "no earlier run has seen a stage of that name or kind end well"
                    : "no stage of that name or kind ended well before")
            return Item(
                name: name, verdict: .missing, step: mute?.step, run: nil, made: nil,
                message: "nothing shows '\(name)' of \(subject): \(cause)")
        }
        let origin = "stage '\(evidence.step)'\(evidence.run == state.run ? "" : " of run '\(evidence.run)'")"
        var item = Item(
            name: name, verdict: .good, step: evidence.step, run: evidence.run, made: evidence.time,
            message: "'\(name)' was shown by \(origin) on \(EventTime.text(evidence.time))")
        if let age = policy.notOlderThan, now > evidence.time.addingTimeInterval(age) {
            item.verdict = .old
            item.message =
                "what shows '\(name)' is too old: \(origin) ended well on \(EventTime.text(evidence.time)), "
                + "and it may be \(policy.age ?? "") old"
        }
        return item
    }

    /// What is not as it should be; nil when all is.
    func failure(at gate: Step, in state: RunState) -> StageFailure? {
        let unmet = items.filter { $0.verdict != .good }
        // What the run never shows decides: with the rest mended, the gate would fail once more.
        guard let first = unmet.first(where: { $0.verdict == .missing }) ?? unmet.first else { return nil }
        let code =
            switch first.verdict {
            case .missing, .good: "gate/no-evidence"
            case .bad: "gate/bad-evidence"
            case .old: "gate/old-evidence"
            }
        let isRollback = state.plan.isRollback
        var notes = unmet.filter { $0 != first }.map(\.message)
        let advice =
            switch first.verdict {
            case .missing where isRollback, .old where isRollback:
                "no rollback can show it anew: only a bypass opens the gate"
            case .missing where state.ranTooEarly(first):
                "what took effect is not done again in a run: a new run shows it: `\(state.plan.startCommand)`"
            case .missing where first.step.flatMap { state[$0] }?.status == .skipped:
                "let '\(first.step?.rawValue ?? "")' run: `almrun why \(state.run) \(first.step?.rawValue ?? "")` says why it was skipped"
            case .missing, .good:
                first.step.map { Self.connection(of: $0, before: gate, in: state) }
                    ?? "add the stage to the pipeline, before the deployment"
            case .bad where first.step.flatMap { state[$0] }?.isAssumedDone == true:
                "`almrun resume \(state.run) --rerun \(first.step?.rawValue ?? "")` looks for it once more, and does it again where "
                    + "it was not done or you say so then (`--assume \(first.step?.rawValue ?? "")=not-done`); once the run has "
                    + "ended, where something that comes after it asks people or took effect"
            case .bad:
                "a stage that failed is done again when its cause is mended and the run is taken up, or another is made"
            case .old:
                "a new run makes it anew where the pipeline still has what shows it; results that are too old are not reused for it"
            }
        notes.append(advice)
        if isRollback, first.verdict == .missing, let environment = gate.environment {
            notes.append("`almrun why \(state.rolledBack) \(environment)` says what earlier runs know of it")
        }
        if let who = state.whoMayBypass(gate) {
            notes.append(
                "\(isRollback ? "" : "or ")`\(state.bypassCommand(at: gate))`, by \(who); and resume"
            )
        }
        return StageFailure(
            .rejected, code, "environment '\(gate.environment ?? "")' asks for evidence: \(first.message)",
            notes: notes)
    }

    /// What to write in the pipeline, so that a stage is about the package.
    private static func connection(of stage: StepID, before gate: Step, in state: RunState) -> String {
        let ties = PackageTies(of: state.binding(of: gate).package, in: state)
        guard ties.maker == nil, state.planned(stage).flatMap(state.package(of:)) == nil else {
            return
                "say in the pipeline that '\(stage)' is about the package: give it the package, or let the stage that makes "
                + "the package need it (needs: [\(stage)])"
        }
        let later = state.plan.stepsAfter(gate, and: stage)
        return PlannedEvidence.Unconnected.adviceForGiven(stage, after: ties.holders.first { !later.contains($0) })
    }
}

extension Step {
    /// The kind of the stage; empty for a gate.
    fileprivate var kind: String { if case .stage(let kind) = work { kind } else { "" } }
}

extension Plan {
    /// What the evidence gates of an environment ask for, and the steps for which they wait; nil where there are none.
    fileprivate func stepsShowing(for environment: String) -> (names: Set<String>, steps: Set<StepID>)? {
        var (names, found) = (Set<String>(), Set<StepID>())
        for step in steps where step.environment == environment {
            guard case .gate(.evidence(let policy)) = step.work else { continue }
            names.formUnion(policy.stages)
            found.formUnion(step.needs.filter { $0.reason == .evidence }.map(\.step))
        }
        return found.isEmpty ? nil : (names, found)
    }

    /// The steps that come after a deployment and before none: no gate waits for what they show.
    fileprivate var stepsAfterAllDeployments: Set<StepID> {
        var (after, before) = (Set<StepID>(), Set<StepID>())
        var deployments = Set<StepID>()
        for step in steps {
            if step.locksEnvironment { deployments.insert(step.id) }
            if step.needs.contains(where: { after.contains($0.step) || deployments.contains($0.step) }) {
                after.insert(step.id)
            }
        }
        for step in steps.reversed() where step.locksEnvironment || before.contains(step.id) {
            before.formUnion(step.needs.map(\.step))
        }
        return after.subtracting(before).subtracting(deployments)
    }
}
