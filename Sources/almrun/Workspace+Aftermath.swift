import Engine
import Pipelines
import Stages

extension Workspace {
    /// Ends what the dead process of a run left running of which not all events can be read, or what a stopped one runs, and
    /// says so.
    ///
    /// - Parameter what: What that is, as after "ended".
    func clearAftermath(of remains: RunRemains, _ what: String = "what an earlier attempt left running") async {
        let left = await LocalExecutor.endLeftCommands(of: remains.run, below: root, remains.steps)
        for (step, text) in Aftermath.remarks(of: left, what) { Console.error("\(step): \(text)") }
        for one in remains.unended where one.work.map({ $0 == .stage(ShellRun.description.kind) }) ?? true {
            if let unseen = logs.unseenProcesses(of: remains.run, one.step, attempt: one.attempt) {
                Console.error("warning: \(one.step): \(unseen.text)")
            }
        }
        if let elsewhere = remains.elsewhere { Console.error("warning: \(elsewhere)") }
    }
}
