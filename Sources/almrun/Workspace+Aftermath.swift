import Engine
import Stages

extension Workspace {
    /// Ends what the dead process of a run left running of which not all events can be read, and says so.
    func clearAftermath(of remains: RunRemains) async {
        let left = await LocalExecutor.endLeftCommands(of: remains.run, below: root, remains.steps)
        for (step, text) in Aftermath.remarks(of: left) { Console.error("\(step): \(text)") }
        if let elsewhere = remains.elsewhere { Console.error("warning: \(elsewhere)") }
    }
}
