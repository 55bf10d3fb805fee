import Documents
import OrderedCollections
import Pipelines

/// What a person signs at a gate: one line of JSON with sorted keys, and a line feed.
///
/// It names the run and the place in its ledger, the gate and what was decided there, so that a signature counts once only.
public struct ApprovalRecord: Sendable, Hashable {
    /// What `ssh-keygen -Y verify -n` must be given.
    public static let namespace = "almrun-approval"

    /// UTF-8.
    public let bytes: [UInt8]

    /// The record of a decision of a run; ``Decision/ledger`` must be set already.
    public init(_ state: RunState, _ decision: Decision) {
        var members: OrderedDictionary<String, Value> = [
            "format": 1, "kind": "almrun approval", "run": .string(state.run.rawValue),
            "pipeline": .string(state.plan.pipeline), "step": .string(decision.step.rawValue),
            "verdict": .string(decision.verdict.rawValue), "person": .string(decision.person),
            "round": .integer(decision.round), "time": .string(EventTime.text(decision.time)),
        ]
        members["environment"] = state.planned(decision.step)?.environment.map { .string($0) }
        members["comment"] = decision.comment.map { .string($0) }
        members["package"] = decision.package.map { .string($0) }
        members["plan"] = decision.plan.map { .string($0) }
        members["target"] = decision.target.map { .string($0) }
        members["ledger"] = decision.ledger.map { .string($0) }
        bytes = Array((Value.map(members).canonicalJSON + "\n").utf8)
    }

    /// The record as text, with its line feed.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
