/// Whether a run is stored as it was written: its chain of events, what people signed, the objects it names, and what its
/// steps said.
///
/// Somebody who can write to the store can write a new chain, but not a new signature: what was signed names the hash
/// of the event before it, and so stands for everything up to there.
public struct RunVerification: Sendable {
    /// What was looked at.
    public struct Counts: Sendable, Hashable, Codable {
        public var events = 0
        /// Decisions of people.
        public var decisions = 0
        /// Of those, how many are signed.
        public var signed = 0
        /// Gates that were opened by people.
        public var gates = 0
        public var objects = 0
        /// What the objects hold together.
        public var bytes = 0
        /// Logs of steps that events vouch for.
        public var logs = 0
        /// What they hold together.
        public var logBytes = 0
    }

    public let run: RunID
    public let counts: Counts
    public let discrepancies: [Discrepancy]
    /// What is as it was written, and yet proves nothing: signatures by keys that were in no commit.
    public let notes: [Discrepancy]
    /// SHA-256 of the last event's line, which stands for every event up to there; nil where there is none.
    public let head: String?

    /// Whether the row in the run index was compared with the events, which damaged ones do not allow.
    private(set) var isIndexCompared = true
    /// The objects that were compared with their digests.
    public private(set) var compared: Set<String> = []

    /// Whether nothing is wrong.
    public var isSound: Bool { discrepancies.isEmpty }

    /// Looks at everything; with no object store the objects are left out, and without logs the logs.
    ///
    /// - Parameter expected: The head that the run had once, kept elsewhere: that event must be there still.
    public init(_ stored: StoredRun, objects: ObjectStore?, logs: StepLogs? = nil, expected: String? = nil) {
        var counts = Counts()
        let chain = ChainCheck(stored)
        counts.events = stored.lines.count
        let decisions = DecisionCheck(chain, run: stored.run, objects: objects)
        counts.decisions = decisions.decisions
        counts.signed = decisions.signed
        counts.gates = decisions.gates
        var found = chain.discrepancies + decisions.discrepancies
        found += IndexCheck(stored, told: decisions.summary).discrepancies
        isIndexCompared = decisions.summary != nil
        head = stored.lines.last.map { LedgerLine.digest($0.bytes) }
        if let expected, !stored.lines.contains(where: { LedgerLine.digest($0.bytes).hasPrefix(expected) }) {
            found.append(
                Discrepancy(
                    "verify/missing",
                    "no event has the hash \(expected): events that were there are gone, or were changed",
                    notes: ["it is what was kept of the run elsewhere, and stands for every event up to there"]))
        }
        if let objects {
            let check = ObjectCheck(chain.readable, objects)
            counts.objects = check.count
            counts.bytes = check.bytes
            compared = check.compared
            found += check.discrepancies
        }
        if let logs {
            let check = LogCheck(chain.readable, logs, run: stored.run)
            counts.logs = check.count
            counts.logBytes = check.bytes
            found += check.discrepancies
        }
        run = stored.run
        self.counts = counts
        discrepancies = found
        notes = decisions.notes
    }

    /// Of a run that the store cannot even give out.
    public init(_ run: RunID, unreadable reason: String) {
        self.run = run
        counts = Counts()
        (head, notes) = (nil, [])
        discrepancies = [Discrepancy("verify/index", "the row in the run index cannot be read: \(reason)")]
    }

    /// Of a run of which the index has no row.
    public init(unindexed run: UnreadableRun) {
        self.run = run.run ?? RunID(run.name)
        counts = Counts()
        (head, notes) = (nil, [])
        discrepancies = [Discrepancy("verify/index", run.reason)]
    }
}
