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
    /// a run is taken up, and where one of several pipelines meets no other run (then it is a note).
    var groupConditions: [ReadinessCondition] {
        let named = pipelinesToStart
        guard named.allSatisfy({ rivals[$0]?.isEmpty == false }) else { return [] }
        return meetings(of: named).map { text, run in
            ReadinessCondition(.lock, .unmet, text, command: "almrun show \(run)")
        }
    }

    /// The same of some of the pipelines that are named, where others meet no run; one line each.
    var groupNotes: [String] {
        let named = pipelinesToStart
        guard named.contains(where: { rivals[$0]?.isEmpty ?? true }) else { return [] }
        return meetings(of: named).map(\.text)
    }

    /// Those of which a new run is named as the way on.
    private var pipelinesToStart: [String] {
        guard !isHere, !isRollback, wayOn == nil else { return [] }
        let commands = way.commands
        return pipelines.filter { commands.contains(start($0)) }
    }

    private func meetings(of named: [String]) -> [(text: String, run: RunID)] {
        named.flatMap { pipeline in (rivals[pipeline] ?? []).map { ($0.text(pipeline), $0.run) } }
    }
}
