import Documents
import Pipelines

/// Events that become durable together, with what the store keeps beside them.
public struct EventBatch: Sendable {
    /// How many events the run must have before these.
    public var after: Int
    public var lines: [LedgerLine]
    /// The run as the index shall show it after these events.
    public var summary: RunSummary
    /// Locks that must still be held with these fencing numbers; otherwise nothing is written.
    public var holding: [Lock]
    /// Locks that end with these events.
    public var releasing: [Lock]
    /// Nothing else of the run can go on meanwhile: its thread may as well wait for the disk itself.
    public var isAlone: Bool

    public init(
        after: Int, lines: [LedgerLine], summary: RunSummary, holding: [Lock] = [], releasing: [Lock] = [],
        isAlone: Bool = true
    ) {
        self.after = after
        self.lines = lines
        self.summary = summary
        self.holding = holding
        self.releasing = releasing
        self.isAlone = isAlone
    }

    /// The results in it that other runs may use, each with the number of its event.
    public var reusable: [(sequence: Int, result: ReusedResult)] {
        lines.compactMap { line in
            guard case .ended(let step, _, .succeeded(let output, let object, let digest?, _)) = line.event.kind else {
                return nil
            }
            return (
                line.event.sequence,
                ReusedResult(
                    run: summary.run, step: step.rawValue, time: line.event.time, inputDigest: digest,
                    output: object == nil ? output : .null, object: object)
            )
        }
    }
}
