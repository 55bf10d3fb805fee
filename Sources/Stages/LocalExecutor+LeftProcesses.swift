public import Engine
public import Pipelines

extension LocalExecutor {
    /// Those of commands, which are known by the mark in their environment wherever they have gone since.
    public func endLeftProcesses(of run: RunID, _ steps: [Step]) async -> [LeftProcesses] {
        let commands = steps.filter { $0.work == .stage(ShellRun.description.kind) }
        return await Self.endCommands(of: run, root, commands.map(\.id))
    }

    /// Ends what commands of a run left running whose plan may be unknown; only steps of which anything was running.
    ///
    /// - Parameter steps: Those that are known. Others are found by what their commands say of themselves.
    public static func endLeftCommands(
        of run: RunID, below root: String, _ steps: [StepID]
    ) async -> [LeftProcesses] {
        var marks: [String] = []
        var said: Set<StepID> = []
        for entry in ProcessEntry.all() where !entry.isEnded {
            guard let mark = ProcessEntry.variable(ProcessMark.variable, of: entry.process) else { continue }
            marks.append(mark)
            guard ProcessEntry.variable(ShellRun.runVariable, of: entry.process) == run.rawValue,
                let step = ProcessEntry.variable(ShellRun.stepVariable, of: entry.process)
            else { continue }
            said.insert(StepID(step))
        }
        // A plan may have thousands of steps, and each end looks at all processes.
        let known = steps + said.subtracting(steps).sorted { $0.rawValue < $1.rawValue }
        let running = known.filter { step in
            let work = ShellRun.mark(root: root, run, step)
            return marks.contains { work.coversWork($0) }
        }
        return await endCommands(of: run, root, running)
    }

    private static func endCommands(of run: RunID, _ root: String, _ steps: [StepID]) async -> [LeftProcesses] {
        await withTaskGroup(of: LeftProcesses.self) { group in
            for step in steps {
                group.addTask {
                    let earlier = EarlierProcesses(work: ShellRun.mark(root: root, run, step))
                    let ended = await earlier.end(within: ShellRun().grace)
                    let remaining = ended.isEmpty ? [] : earlier.running().map { "\($0.name) (\($0.process))" }
                    return LeftProcesses(step: step, ended: ended, remaining: remaining)
                }
            }
            var left: [StepID: LeftProcesses] = [:]
            for await one in group { left[one.step] = one }
            return steps.compactMap { left[$0] }
        }
    }
}
