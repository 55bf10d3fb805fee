import Foundation

extension RunHold.Holder {
    /// Whether the process is stopped, as by SIGSTOP or Ctrl-Z: it has the right and does nothing, until it is let go on.
    ///
    /// False for a process of another machine, of which nobody here knows.
    public var isStopped: Bool {
        guard process > 0, host == ProcessInfo.processInfo.hostName,
            // A process that is gone is not stopped.
            let number = pid_t(exactly: process), let state = WorkingProcess.state(of: number)
        else { return false }
        return state == "T" || state == "t"
    }

    /// Whether it is the process that the run names as the last one that worked on it, and not one that is about to, or that
    /// only ends what the run left running.
    func isLast(of state: RunState) -> Bool {
        let last = WorkingProcess(state.lastProcess)
        return last.host == host && last.number == String(process)
    }
}
