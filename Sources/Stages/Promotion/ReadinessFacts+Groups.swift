public import Engine

/// What a new run does to another one of its concurrency group.
public struct GroupRival: Sendable {
    /// The other run.
    public var run: RunID
    public var group: String
    /// Whether a new run cancels it, is refused, or waits until it has ended.
    public var fate: Fate
    /// Where it waits, such as at `eu.approval`; nil where a process works on it, or nobody knows.
    public var place: String?

    /// What comes of the two.
    public enum Fate: Sendable, Hashable { case cancelled, refuses, goesFirst }

    public init(_ run: RunID, group: String, _ fate: Fate, at place: String?) {
        self.run = run
        self.group = group
        self.fate = fate
        self.place = place
    }

    /// Said of a new run of a pipeline.
    func text(_ pipeline: String) -> String {
        let other = "run \(run) of the same group '\(group)'"
        let waiting = place.map { ", which waits at '\($0)'" } ?? ""
        return switch fate {
        case .cancelled:
            "a new run of '\(pipeline)' cancels \(other)"
                + (place.map { ", also what that waits for at '\($0)'" } ?? "")
        case .refuses: "a new run of '\(pipeline)' is refused until \(other) has ended\(waiting)"
        case .goesFirst: "a new run of '\(pipeline)' waits until \(other) has ended\(waiting)"
        }
    }
}

extension ReadinessFacts {
    /// That another run of its group stands in the way of the new one that is named as the way on, or ends by it; none where
    /// a run is taken up, and where one of several pipelines meets no other run.
    var groupConditions: [ReadinessCondition] {
        guard !isHere, !isRollback, wayOn == nil else { return [] }
        let named = pipelines.filter { way.commands.contains(start($0)) }
        let met = named.flatMap { pipeline in (rivals[pipeline] ?? []).map { (pipeline, $0) } }
        guard named.allSatisfy({ rivals[$0]?.isEmpty == false }) else { return [] }
        return met.map { pipeline, rival in
            ReadinessCondition(.lock, .unmet, rival.text(pipeline), command: "almrun show \(rival.run)")
        }
    }
}
