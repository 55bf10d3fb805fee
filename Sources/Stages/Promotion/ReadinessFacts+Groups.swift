public import Engine
import OrderedCollections
import Pipelines

/// What a new run does to another one of its concurrency group.
public struct GroupRival: Sendable {
    /// The other run.
    public var run: RunID
    public var group: String
    /// Whether a new run cancels it, is refused, or waits until it has ended.
    public var fate: Fate
    /// Where it waits, such as at `eu.approval`; nil where a process works on it, or nobody knows.
    public var place: String?
    /// Whether its events are damaged: it never ends, and only goes out of the way when the group is taken away from it.
    public var isUnreadable: Bool
    /// Whether it was at work, and its process is gone.
    public var isAbandoned: Bool

    /// What comes of the two.
    public enum Fate: Sendable, Hashable { case cancelled, refuses, goesFirst }

    public init(
        _ run: RunID, group: String, _ fate: Fate, at place: String?, isUnreadable: Bool = false,
        isAbandoned: Bool = false
    ) {
        self.run = run
        self.group = group
        self.fate = fate
        self.place = place
        self.isUnreadable = isUnreadable
        self.isAbandoned = isAbandoned
    }

    /// What a person types to see where it stands, or to have it out of the way.
    var command: String {
        isUnreadable ? Lock.forcedRelease(of: Lock.group(group)) : "almrun \(isAbandoned ? "resume" : "show") \(run)"
    }

    /// Said of a new run of a pipeline.
    func text(_ pipeline: String) -> String { text(of: "a new run of '\(pipeline)'") }

    /// Said of the run that meets it.
    func text(of new: String) -> String {
        let other = "run \(run) of the same group '\(group)'"
        let end =
            isUnreadable ? "gives it up: it cannot be read, and the group is to be taken away from it" : "has ended"
        let standing = isAbandoned ? ", of which the process is gone" : place.map { ", which waits at '\($0)'" } ?? ""
        let waiting = isUnreadable ? "" : standing
        return switch fate {
        case .cancelled:
            "\(new) cancels \(other)"
                + (place.map { ", also what that waits for at '\($0)'" } ?? "")
        case .refuses: "\(new) is refused until \(other) \(end)\(waiting)"
        case .goesFirst: "\(new) waits until \(other) \(end)\(waiting)"
        }
    }
}

extension ReadinessFacts {
    /// That another run of its group stands in the way of the new one that is named as the way on, or ends by it; none where
    /// a run is taken up, and where one of several pipelines meets no other run (then it is a note).
    ///
    /// - Parameter isReleased: Whether the group is taken away from runs that cannot be read: nothing is taken away from anybody
    ///   where nothing goes on after it.
    func groupConditions(isReleased: Bool) -> [ReadinessCondition] {
        let named = pipelinesToStart
        guard named.allSatisfy({ rivals[$0]?.isEmpty == false }) else { return [] }
        return meetings(of: named).map { text, rival in
            let stop = rival.fate == .cancelled ? nil : stop(of: rival.run)
            let command = rival.isUnreadable && !isReleased ? nil : release(of: rival) ?? rival.command
            return ReadinessCondition(.lock, .unmet, text + (stop?.text ?? ""), command: stop?.command ?? command)
        }
    }

    /// What takes runs out of the way of a new one, before that is begun, which never end by themselves; nothing where the ways on
    /// begin none.
    func groupReleases(before ways: [String]) -> [String] {
        Array(OrderedSet(meetings(before: ways).compactMap(release)))
    }

    /// What takes another run of a group out of the way that never ends by itself: the group is taken away from one that cannot be
    /// read, and one is cancelled that comes nowhere any more; nil for one that goes on.
    func release(of rival: GroupRival) -> String? {
        if rival.isUnreadable { return rival.command }
        guard rival.fate != .cancelled, let run = open.first(where: { $0.run == rival.run }), comesNowhere(run) else {
            return nil
        }
        return "almrun cancel \(run.run)"
    }

    /// The same of the run for which another one waits.
    func release(of queue: RunState.Queue, before run: RunState) -> String? {
        groupHolders[run.run].flatMap { $0.run == queue.holder ? release(of: $0) : nil }
    }

    /// Whether a run waits, never comes here, and has nothing to do that would not come behind that.
    private func comesNowhere(_ run: RunState) -> Bool {
        guard !run.status.isFinished, !isEnding(run), !atWork.contains(run.run), isInVain(run) else { return false }
        let toward = Set(steps(toward: run, withEvidence: true).map(\.id))
        let here = (gates(of: run) + deployments(of: run)).map(\.id)
        let behind = Set(here.flatMap { run.following($0) })
        return run.plan.steps.allSatisfy { step in
            behind.contains(step.id) || toward.contains(step.id) || step.isFinally
                || run[step.id]?.status.isSettled == true
        }
    }

    /// The runs that are in the way of a new one that is named as the way on, or of the one that is taken up.
    func meetings(before ways: [String]) -> [GroupRival] {
        guard !ways.isEmpty else { return [] }
        let all = meetings(of: pipelinesToStart.filter { ways.contains(start($0)) }).map(\.rival)
        return (all + [metOnTheWay].compactMap(\.self)).filter { $0.fate != .cancelled }
    }

    /// The run that has the group of the one that is to be taken up, which does not wait for it yet; nil where there is none.
    var metOnTheWay: GroupRival? {
        guard !isHere, let run = wayOn, !atWork.contains(run.run), run.queue.map(isHeldUp) != true else { return nil }
        return groupHolders[run.run]
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

    private func meetings(of named: [String]) -> [(text: String, rival: GroupRival)] {
        named.flatMap { pipeline in (rivals[pipeline] ?? []).map { ($0.text(pipeline), $0) } }
    }
}
