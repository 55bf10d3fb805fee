public import Pipelines

public import struct Foundation.Date

/// That a stage ended well for a package, in this run or in an earlier one.
public struct Evidence: Sendable, Hashable, Codable {
    /// The stage's own name.
    public var name: String
    /// The stage's kind.
    public var kind: String
    public var run: RunID
    public var step: StepID
    /// When it was made; that of a reused result is when it was first made.
    public var time: Date
    /// Digest of the package that it speaks for.
    public var package: String?

    public init(name: String, kind: String, run: RunID, step: StepID, time: Date, package: String? = nil) {
        self.name = name
        self.kind = kind
        self.run = run
        self.step = step
        self.time = time
        self.package = package
    }

    /// Whether this is what a name in `gates.evidence` means.
    public func answers(_ wanted: String) -> Bool {
        name == wanted || EvidencePolicy.matches(wanted, step: step, kind: kind)
    }
}

extension RunState {
    /// What the stages of the run, and the evidence that it was given, show of a package; a later run can be made with it.
    public func evidence(about package: String) -> [Evidence] {
        var found: [Evidence] = []
        let ties = PackageTies(of: package, in: self)
        for (step, known) in zip(plan.steps, steps) {
            guard case .stage(let kind) = step.work, !step.isFinally, let time = made(step, known),
                ties.objection(to: step) == nil
            else { continue }
            let name = step.id.rawValue.split(separator: "/").last.map(String.init) ?? step.id.rawValue
            found.append(Evidence(name: name, kind: kind, run: run, step: step.id, time: time, package: package))
        }
        return found + evidence.filter { $0.package == package }
    }

    /// What the run shows of a package for an environment that asks for these: where a stage that should show one of them did
    /// not end well, another stage of the run does not show it, as at the gate itself.
    func evidence(about package: String, asked names: [String], for environment: String?) -> [Evidence] {
        let shown = evidence(about: package)
        guard !names.isEmpty else { return shown }
        let policy = EvidencePolicy(stages: names)
        let items = EvidenceStanding(policy, package: package, for: environment, in: self, now: updated).items
        let bad = items.filter { $0.verdict == .bad || ranTooEarly($0) }.map(\.name)
        return shown.filter { one in one.run != run || !bad.contains(where: one.answers) }
    }

    /// When a step that ended well was made; nil when it did not, when that is only what a person said, or when it ran before
    /// a stage that it comes after was done.
    func made(_ step: Step, _ known: StepState) -> Date? {
        // Before format 5 a person's word was as good as an end that was seen.
        guard known.status.isGood, !known.isAssumedDone || ruleFormat < 5, stageDoneLater(than: step) == nil
        else { return nil }
        if case .reused(let result) = known.reason { return result.time }
        return known.ended
    }
}
