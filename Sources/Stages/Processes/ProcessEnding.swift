import Foundation

/// Ends processes: asks them, waits, and uses force in the end.
struct ProcessEnding {
    /// Finds those that still run.
    let find: () -> [ProcessEntry]
    private var running: [ProcessEntry] = []
    private var asked: [pid_t: String] = [:]

    init(_ find: @escaping () -> [ProcessEntry]) { self.find = find }

    /// Gives the processes that were asked to end, as `name (number)`.
    ///
    /// A cancelled task waits all the same. Those that end by themselves within `settling` are not asked.
    mutating func end(within grace: Duration, after settling: Duration = .zero) async -> [String] {
        running = find()
        guard !running.isEmpty else { return [] }
        await wait(settling) { _ in }
        await wait(grace) { ending in
            for entry in ending.running where ending.asked[entry.process] == nil { ending.send(SIGTERM, entry) }
        }
        // New ones may come while others end; what cannot be ended in this time waits inside the kernel.
        await wait(.seconds(5)) { ending in for entry in ending.running { ending.send(SIGKILL, entry) } }
        for process in asked.keys { ChildRegistry.shared.clear(process) }
        return asked.sorted { $0.key < $1.key }.map { "\($0.value) (\($0.key))" }
    }

    private mutating func send(_ number: Int32, _ entry: ProcessEntry) {
        asked[entry.process] = entry.name
        kill(entry.process, number)
    }

    /// Does something about those that run again and again, until there are none or the time is up.
    private mutating func wait(_ time: Duration, _ act: (inout ProcessEnding) -> Void) async {
        let deadline = ContinuousClock.now.advanced(by: time)
        var pause = Duration.milliseconds(1)
        while !running.isEmpty {
            act(&self)
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return }
            let step = min(pause, left)
            // A cancelled task would not sleep; the wait has to go on all the same.
            await Task { try? await Task.sleep(for: step) }.value
            pause = min(pause * 2, .milliseconds(20))
            running = find()
        }
    }
}
