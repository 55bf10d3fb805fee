public import Documents
public import Engine
public import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// What a person must know who decides at a gate: only facts of the run, each with where it comes from.
public struct GateBrief: Sendable {
    public let run: RunID
    public let pipeline: String
    public let gate: StepID
    /// The stage that the gate stands before.
    public let stage: StepID?
    public let environment: String?
    public let requester: String
    public let commit: String?
    /// The commits of the package and of its gates, to be read after who asked.
    let commits: String
    /// SHA-256 of the package.
    public let package: String?
    public let solution: String?
    public let version: String?
    public let question: OpenQuestion?
    /// Why what was said before is not enough any more, where it is asked anew.
    public let askedAnew: [String]
    /// What people have said and is void for good; one line each.
    public let voidDecisions: [String]
    /// That one more person must bypass it, or that only a bypass opens it.
    public let pendingBypass: PendingBypass?
    /// E-mail of who looks: only what they may do is offered; nil for everybody.
    public var viewer: String?
    /// What would be done in the environment.
    public let preview: Preview?
    /// What stages show, what did not end well first; of earlier runs too, where they are about the same package.
    public let results: [Result]
    public var risks: [GateRisk]
    /// What else stands before the deployment, while the gate waits.
    public let conditions: [GateCondition]
    public let instructions: String?
    /// Why a package is to be taken back, in the words of who asked for it.
    public let reason: String?
    /// What the run was asked.
    public let inputs: OrderedDictionary<String, Value>
    /// Other runs that wait to change the same environment.
    public let others: [RunID]
    let now: Date
    private let wantsSignature: Bool
    /// Whether an approval alone brings nothing about, as evidence has run out or files are others.
    public let comesToNothing: Bool
    /// Whether what it asks about is another thing now, so that nothing counts that is said before the run is taken up.
    private let isOvertaken: Bool
    /// Whether the object store cannot give what it asks about, so that nothing is taken that is said before it can.
    private let isUnreadable: Bool

    /// The brief of a gate; nil when the plan has no such step.
    ///
    /// - Parameters:
    ///   - others: Other runs that wait for the same environment.
    ///   - earlier: The runs in which the evidence that the run was given was shown.
    ///   - objects: Holds the reports of stages.
    ///   - more: What is known besides what runs say.
    public init?(
        _ state: RunState, gate id: StepID, now: Date, others: [OtherRun] = [], earlier: [RunState] = [],
        objects: ObjectStore? = nil, risks more: [GateRisk] = []
    ) {
        guard let step = state.planned(id) else { return nil }
        self.now = now
        run = state.run
        pipeline = state.plan.pipeline
        gate = id
        stage = step.guarding
        environment = step.environment
        requester = state.requester
        commit = state.commit
        commits = state.commits
        preview = state.preview(for: step.guarding ?? id)
        let named = Self.package(of: step, in: state)
        package = preview?.package ?? named?["digest"]?.string ?? state.binding(of: step).package
        solution = preview?.details["solution"]?.string ?? named?["solution"]?.string
        version = preview?.details["to"]?.string ?? named?["version"]?.string
        question = state.openQuestion(id, now: now)
        askedAnew = state[id].map { $0.status == .succeeded ? [] : $0.voided } ?? []
        voidDecisions = state.voidDecisions(at: step)
        let bypass = state.pendingBypass(of: id, now: now) ?? state.wantedBypass(of: id, now: now)
        pendingBypass = bypass ?? state.bypassOfImpasse(at: step, now: now)
        wantsSignature = step.wantsSignature
        comesToNothing = bypass == nil && state.lapsedEvidence(beside: step, now: now) != nil
        isOvertaken = state.overtaking(of: step) != nil
        isUnreadable = state.unreadable(at: step) != nil
        inputs = state.plan.inputs
        reason = state.plan.rollbackReason
        let own = Self.results(of: state, beside: step, objects: objects)
        let found = Self.earlier(state, package, earlier, objects)
        results = (own + found).filter { !$0.isGood } + (own + found).filter(\.isGood)
        let isShut =
            state[id]?.status == .waiting || pendingBypass != nil || state.waitsForTime(before: step, now: now) != nil
        conditions = isShut ? GateCondition.all(beside: step, in: state, now: now) : []
        if case .gate(.approval(let policy)) = step.work {
            instructions = policy.instructions
        } else {
            instructions = nil
        }
        self.others = others.map(\.run)
        risks =
            GateRisk.all(
                in: state, step: step, preview: preview, results: results, question: question, others: others, now: now)
            + GateRisk.generated(for: package, in: earlier, besides: state.run)
            + GateRisk.bypasses(of: package, in: earlier) + more
    }

    /// The package that a gate, or the stage it stands before, is given.
    private static func package(of step: Step, in state: RunState) -> Value? {
        let owner = step.guarding.flatMap { state.planned($0) } ?? step
        // What cannot be put in yet is not known yet.
        return (try? state.resolve(owner.input))?["package"]
    }

    /// What earlier runs show of the package, as far as the run was given it as evidence, and what failed in those runs.
    private static func earlier(
        _ state: RunState, _ package: String?, _ runs: [RunState], _ objects: ObjectStore?
    ) -> [Result] {
        var newest: OrderedDictionary<StepID, Evidence> = [:]
        for evidence in state.evidence where evidence.package == package && package != nil {
            guard word(for: evidence.kind) != nil, newest[evidence.step].map({ $0.time < evidence.time }) ?? true
            else { continue }
            newest[evidence.step] = evidence
        }
        var results: [Result] = []
        for run in runs where newest.values.contains(where: { $0.run == run.run }) {
            results += Self.results(of: run, objects: objects).filter { result in
                guard result.isGood else { return !["stage", "gate"].contains(result.kind) }
                return newest[result.step]?.run == run.run
            }
        }
        for evidence in newest.values where !runs.contains(where: { $0.run == evidence.run }) {
            results.append(
                Result(
                    run: evidence.run, step: evidence.step, kind: word(for: evidence.kind) ?? "stage",
                    status: .succeeded, text: "ended well; the run itself is gone", made: evidence.time, numbers: [:]))
        }
        return results
    }

    /// The commands that show it, approve it and reject it; a no needs no package.
    public var commands: [(word: String, command: String)] {
        let sign = wantsSignature ? " --sign ~/.ssh/id_ed25519" : ""
        var commands = [(word: "see", command: "almrun show \(run) --gate \(gate)")]
        if isOvertaken, question != nil || pendingBypass != nil {
            // What is said before that is refused.
            return commands + [("resume", "almrun resume \(run)")]
        }
        if isUnreadable { commands.append(("doctor", "almrun doctor")) }
        if let question {
            if !isUnreadable, viewer.map({ Self.contains(question.may, $0) }) ?? true {
                commands.append(("approve", "almrun approve \(run) \(gate) --comment \"...\"\(sign)"))
            }
            let members = question.may + question.leftOut.map(\.person) + question.given.map(\.person)
            if viewer.map({ Self.contains(members, $0) }) ?? true {
                commands.append(("reject", "almrun reject \(run) \(gate) --comment \"...\""))
            }
        }
        if !isUnreadable, let pendingBypass, viewer.map(pendingBypass.waits) ?? true {
            commands.append(("bypass", "almrun bypass \(run) \(gate) --reason \"...\"\(sign)"))
        }
        return commands
    }

    private static func contains(_ people: [String], _ person: String) -> Bool {
        people.contains { $0.lowercased() == person.lowercased() }
    }
}
