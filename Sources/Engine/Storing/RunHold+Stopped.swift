import Foundation

extension RunHold.Holder {
    /// Whether the process is stopped, as by SIGSTOP or Ctrl-Z: it has the right and does nothing, until it is let go on.
    ///
    /// False for a process of another machine, of which nobody here knows.
    public var isStopped: Bool {
        guard process > 0, host == ProcessInfo.processInfo.hostName,
            // A process that is gone is not stopped.
            let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The name before it may hold anything.
            let state = line[line.index(after: line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
                .first
        else { return false }
        return state == "T" || state == "t"
    }
}
