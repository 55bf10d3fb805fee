public import Engine
public import Pipelines

extension LocalExecutor {
    /// Those of commands, which are known by the mark in their environment wherever they have gone since.
    public func endLeftProcesses(of run: RunID, _ steps: [Step]) async -> [LeftProcesses] {
        let commands = steps.filter { $0.work == .stage(ShellRun.description.kind) }
        return await withTaskGroup(of: LeftProcesses.self) { group in
            for step in commands {
                group.addTask { [root] in
                    let earlier = EarlierProcesses(work: ShellRun.mark(root: root, run, step.id))
                    let ended = await earlier.end(within: ShellRun().grace)
                    let remaining = ended.isEmpty ? [] : earlier.running().map { "\($0.name) (\($0.process))" }
                    return LeftProcesses(step: step.id, ended: ended, remaining: remaining)
                }
            }
            var left: [StepID: LeftProcesses] = [:]
            for await one in group { left[one.step] = one }
            return commands.compactMap { left[$0.id] }
        }
    }
}
