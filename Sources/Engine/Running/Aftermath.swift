import Foundation
public import Pipelines

/// What goes on of a run although the process that worked on it was killed: the children of its steps.
///
/// To be ended before others may rely on the run standing still, by who holds the run.
public struct Aftermath: Sendable {
    let executor: any StageExecutor
    let logs: StepLogs?
    let clock: RunClock
    /// What of another user is looked at, for a file.
    var look: @Sendable (String) -> UnseenProcesses? = UnseenProcesses.ofOwner

    public init(executor: any StageExecutor, logs: StepLogs? = nil, clock: RunClock = .system) {
        self.executor = executor
        self.logs = logs
        self.clock = clock
    }

    /// Ends what the steps that were cut off left running; gives what a person should know of it.
    ///
    /// The log of the attempt that was cut off says the same.
    public func clear(_ state: RunState) async -> [String] { await end(state).remarks }

    /// Does so; also tells whether nothing of it goes on as far as can be seen from here.
    func end(_ state: RunState) async -> (remarks: [String], isOver: Bool) {
        let cutOff = Self.cutOff(state)
        guard !cutOff.isEmpty else { return ([], true) }
        let left = await executor.endLeftProcesses(of: state.run, cutOff)
        // Only what can leave processes is among them; and what is told makes a log where there was none.
        let unseen = left.compactMap { one in
            logs?.unseenProcesses(of: state.run, one.step, attempt: state[one.step]?.attempts ?? 1, look: look)
                .map { "\(one.step): \($0.text)" }
        }
        var remarks: [String] = []
        func tell(_ text: String, of step: StepID) {
            logs?.writer(run: state.run, step: step, attempt: state[step]?.attempts ?? 1)
                .write(text, .note, at: clock.now())
            remarks.append("\(step): \(text)")
        }
        for (step, text) in Self.remarks(of: left) { tell(text, of: step) }
        let last = WorkingProcess(state.lastProcess)
        if !last.isHere {
            for one in left { tell(Self.beyondReach(last), of: one.step) }
        }
        return (remarks + unseen, unseen.isEmpty && left.allSatisfy(\.remaining.isEmpty) && Self.isHere(state))
    }

    /// What a stopped process runs, as after "ended".
    public static let runByStopped = "what the stopped process runs"

    /// What was ended of each step, and what goes on in spite of it.
    ///
    /// - Parameter what: What that is, as after "ended".
    public static func remarks(
        of left: [LeftProcesses], _ what: String = "what an earlier attempt left running"
    ) -> [(step: StepID, text: String)] {
        let ended = left.filter { !$0.ended.isEmpty }.map {
            ($0.step, "ended \(what): \($0.ended.joined(separator: ", "))")
        }
        let remaining = left.filter { !$0.remaining.isEmpty }.map {
            ($0.step, "cannot be ended, and may go on: \($0.remaining.joined(separator: ", "))")
        }
        return ended + remaining
    }

    /// That nothing is known here of what a process of another host started.
    static func beyondReach(_ last: WorkingProcess) -> String {
        "process \(last.number) on \(last.host) worked on it last: what that started there cannot be ended from here, and may "
            + "go on"
    }

    /// Whether all processes that worked on the run were of this host, and the last one is gone.
    static func isHere(_ state: RunState) -> Bool {
        isOnlyHere(state) && WorkingProcess(state.lastProcess).isGone
    }

    /// Whether all processes that worked on the run were of this host, be they gone or not.
    static func isOnlyHere(_ state: RunState) -> Bool { state.hosts == [ProcessInfo.processInfo.hostName] }

    /// What the logs hold of the attempts that were cut off, whose ends tell nothing of it.
    func logsOfCutOff(_ state: RunState) -> [LogDigest] {
        guard let logs else { return [] }
        return Self.cutOff(state).compactMap { step in
            state[step.id].flatMap { logs.digest(run: state.run, step: step.id, attempt: $0.attempts) }
        }
    }

    private static func cutOff(_ state: RunState) -> [Step] {
        zip(state.plan.steps, state.steps).compactMap { step, known in known.status == .running ? step : nil }
    }
}
