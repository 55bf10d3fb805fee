import Foundation

/// What an attempt left running that ended without a chance to clear up, because its almrun was killed.
struct EarlierProcesses: Sendable {
    /// The work that the attempt was at.
    let work: ProcessMark

    /// Processes that carry the mark of another attempt at the same work.
    func running() -> [ProcessEntry] {
        let own = getpid()
        return ProcessEntry.all().filter { entry in
            guard !entry.isEnded, entry.process != own,
                let value = ProcessEntry.variable(ProcessMark.variable, of: entry.process)
            else { return false }
            return work.coversWork(value) && !work.covers(value)
        }
    }

    /// Ends them, and gives their names.
    func end(within grace: Duration) async -> [String] {
        var ending = ProcessEnding(running)
        return await ending.end(within: grace)
    }
}
