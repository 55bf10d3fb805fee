import Foundation

/// All processes that the commands of this process have started.
public enum StartedProcesses {
    /// From now on everything that comes to be a child of this process counts as some command's, marked or not.
    ///
    /// For a program whose only way to start others is a stage; without it, what clears its environment and leaves its
    /// group and its parents is not found.
    public static func ownAll() { ChildRegistry.shared.ownAll() }

    /// Ends all of them by force and at once, for a process that is about to leave.
    public static func kill() {
        // Twice: a process may start another one while the list is made.
        for _ in 0..<2 {
            let (running, foreign) = ChildRegistry.shared.settled()
            for process in running.keys { Foundation.kill(-process, SIGKILL) }
            let entries = ProcessEntry.all()
            var ended = foreign == nil ? Set(running.keys) : [getpid()]
            var isComplete = false
            while !isComplete {
                isComplete = true
                for entry in entries where ended.contains(entry.parent) && foreign?.contains(entry.process) != true {
                    if ended.insert(entry.process).inserted { isComplete = false }
                }
            }
            for process in ended where process != getpid() { Foundation.kill(process, SIGKILL) }
        }
    }
}
