public import Documents
public import Engine
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// What a person must know who decides at a gate: only facts of the run, each with where it comes from.
public struct GateBrief: Sendable {
    /// What a stage that ended well found out.
    public struct Result: Sendable, Hashable {
        public var step: StepID
        /// `diff`, `lint` or `test`.
        public var kind: String
        public var text: String
        /// When it was made; that of a reused result is when it was first made.
        public var made: Date?
        public var numbers: Value
    }

    public let run: RunID
    public let pipeline: String
    public let gate: StepID
    /// The stage that the gate stands before.
    public let stage: StepID?
    public let environment: String?
    public let requester: String
    public let commit: String?
    /// SHA-256 of the package.
    public let package: String?
    public let solution: String?
    public let version: String?
    public let question: OpenQuestion?
    /// That one more person must bypass it.
    public let pendingBypass: PendingBypass?
    /// E-mail of who looks: only what they may do is offered; nil for everybody.
    public var viewer: String?
    /// What would be done in the environment.
    public let preview: Preview?
    public let results: [Result]
    public internal(set) var risks: [GateRisk]
    public let instructions: String?
    /// Other runs that wait to change the same environment.
    public let others: [RunID]

    /// The brief of a gate; nil when the plan has no such step.
    ///
    /// - Parameter others: Other runs that wait for the same environment.
    public init?(_ state: RunState, gate id: StepID, now: Date, others: [RunID] = []) {
        guard let step = state.planned(id) else { return nil }
        run = state.run
        pipeline = state.plan.pipeline
        gate = id
        stage = step.guarding
        environment = step.environment
        requester = state.requester
        commit = state.commit
        preview = state.preview(for: step.guarding ?? id)
        let named = Self.package(of: step, in: state)
        package = preview?.package ?? named?["digest"]?.string ?? state.binding(of: step).package
        solution = preview?.details["solution"]?.string ?? named?["solution"]?.string
        version = preview?.details["to"]?.string ?? named?["version"]?.string
        question = state.openQuestion(id, now: now)
        pendingBypass = state.pendingBypass(of: id)
        results = Self.results(state)
        if case .gate(.approval(let policy)) = step.work {
            instructions = policy.instructions
        } else {
            instructions = nil
        }
        self.others = others
        risks = GateRisk.all(
            in: state, step: step, preview: preview, results: results, question: question, others: others, now: now)
    }

    /// The package that a gate, or the stage it stands before, is given.
    private static func package(of step: Step, in state: RunState) -> Value? {
        let owner = step.guarding.flatMap { state.planned($0) } ?? step
        // What cannot be put in yet is not known yet.
        return (try? state.resolve(owner.input))?["package"]
    }

    private static func results(_ state: RunState) -> [Result] {
        zip(state.plan.steps, state.steps).compactMap { step, known in
            guard case .stage(let kind) = step.work, known.status.isGood, let output = known.output else { return nil }
            var made = known.ended
            if case .reused(let earlier) = known.reason { made = earlier.time }
            func result(_ kind: String, _ text: String, _ names: [String]) -> Result {
                let numbers = Value(members: names.map { ($0, output[$0]) })
                return Result(step: step.id, kind: kind, text: text, made: made, numbers: numbers)
            }
            func count(_ name: String) -> Int { output[name]?.integer ?? 0 }
            switch kind {
            case "openapi.diff":
                let level = output["level"]?.string ?? "unknown"
                let text =
                    output["first"]?.boolean == true
                    ? "the first release: there is nothing to compare with"
                    : "\(level): \(count("changes")) changes, \(count("breaking")) breaking"
                return result("diff", text, ["level", "first", "changes", "breaking", "neededVersion"])
            case "openapi.lint":
                return result(
                    "lint", "\(count("errors")) errors, \(count("warnings")) warnings",
                    ["errors", "warnings", "findings"])
            case "connector.test":
                let coverage = output["coverage"]?.double.map { ", coverage \(Int(($0 * 100).rounded())) %" } ?? ""
                return result(
                    "test", "\(count("cases")) cases, \(count("failed")) failed\(coverage)",
                    ["cases", "failed", "success", "coverage", "readP95", "writeP95"])
            default: return nil
            }
        }
    }

    /// The commands that show it, approve it and reject it.
    public var commands: [(word: String, command: String)] {
        let sign = question?.policy.signed == .required ? " --sign ~/.ssh/id_ed25519" : ""
        var commands = [(word: "see", command: "almrun show \(run) --gate \(gate)")]
        if let question {
            if viewer.map({ Self.contains(question.may, $0) }) ?? true {
                commands.append(("approve", "almrun approve \(run) \(gate) --comment \"...\"\(sign)"))
            }
            let members = question.may + question.leftOut.map(\.person) + question.given.map(\.person)
            if viewer.map({ Self.contains(members, $0) }) ?? true {
                commands.append(("reject", "almrun reject \(run) \(gate) --comment \"...\""))
            }
        }
        if let pendingBypass, viewer.map(pendingBypass.waits) ?? true {
            commands.append(("bypass", "almrun bypass \(run) \(gate) --reason \"...\""))
        }
        return commands
    }

    private static func contains(_ people: [String], _ person: String) -> Bool {
        people.contains { $0.lowercased() == person.lowercased() }
    }
}
