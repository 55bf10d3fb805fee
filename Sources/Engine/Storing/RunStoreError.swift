/// Why the store could not do what it was asked.
public enum RunStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Somebody else wrote to the run first; it now has this many events.
    case conflict(RunID, events: Int)
    /// A lock that the writer counted on went to somebody else.
    case lockLost(String)
    case unknownRun(String)
    case ambiguousRun(String, candidates: [RunID])
    case exists(RunID)
    /// Another process is working on the run.
    case busy(RunID, RunHold.Holder?)
    /// The store was made by a newer version.
    case newer(String)
    case damaged(String)
    /// Disk, permissions, or another program that keeps the store locked.
    case unavailable(String)

    /// `store/kebab-case`.
    public var code: String {
        switch self {
        case .conflict: "store/conflict"
        case .lockLost: "store/lock-lost"
        case .unknownRun: "run/unknown"
        case .ambiguousRun: "run/ambiguous"
        case .exists: "run/exists"
        case .busy: "run/busy"
        case .newer: "store/newer"
        case .damaged: "store/damaged"
        case .unavailable: "store/unavailable"
        }
    }

    /// What a person is told.
    public var description: String {
        switch self {
        case .conflict(let run, let events):
            "run '\(run)' was written to by somebody else at the same time; it now has \(events) events"
        case .lockLost(let name): "lock '\(name)' ran out and went to somebody else"
        case .unknownRun(let name): "there is no run '\(name)'"
        case .ambiguousRun(let name, let candidates):
            "'\(name)' is the beginning of \(candidates.count) runs: "
                + candidates.prefix(5).map(\.rawValue).joined(separator: ", ")
                + (candidates.count > 5 ? " and \(candidates.count - 5) more" : "")
        case .exists(let run): "there is already a run '\(run)'"
        case .busy(let run, let holder):
            if let obstacle = holder?.obstacle {
                "it cannot be told whether a process works on run '\(run)': \(obstacle)"
            } else if let holder {
                "run '\(run)' is being run by process \(holder.process) on \(holder.host) since "
                    + EventTime.text(holder.since)
            } else {
                "run '\(run)' is being run by another process"
            }
        case .newer(let message), .damaged(let message), .unavailable(let message): message
        }
    }
}
