import Foundation
import Synchronization

/// Knows which processes this one has started and not yet waited for.
final class ChildRegistry: Sendable {
    static let shared = ChildRegistry()

    private struct State {
        var running: [pid_t: ProcessMark] = [:]
        /// Starts that have begun and not come back yet.
        var starting: Set<Int> = []
        var nextStart = 0
        /// Children that were there before, when all others are known to be ours.
        var foreign: Set<pid_t>?
    }

    private let state = Mutex(State())

    private init() {
        // Where ended children are reaped by the system, nobody could learn their status.
        KernelCalls.keepStatuses()
        KernelCalls.becomeSubreaper()
    }

    /// From now on every process that comes to be a child of this one belongs to some command.
    func ownAll() {
        let there = Set(ProcessEntry.adopted() ?? [])
        state.withLock { $0.foreign = $0.foreign ?? there }
    }

    /// Starts a process and remembers it.
    func start(_ mark: ProcessMark, _ start: () throws(ChildStartError) -> pid_t) throws(ChildStartError) -> pid_t {
        let number = state.withLock { state in
            state.nextStart += 1
            state.starting.insert(state.nextStart)
            return state.nextStart
        }
        do {
            let process = try start()
            state.withLock { state in
                state.running[process] = mark
                state.starting.remove(number)
            }
            return process
        } catch {
            state.withLock { _ = $0.starting.remove(number) }
            throw error
        }
    }

    /// Takes the status of an ended process, after which its number may be another's; nil while it runs.
    func reap(_ process: pid_t) -> ChildStatus? {
        state.withLock { state in
            guard let status = KernelCalls.reap(process) else { return nil }
            state.running[process] = nil
            return status
        }
    }

    /// Clears away an ended process that came to this one when its parent ended; nobody waits for it.
    func clear(_ process: pid_t) {
        state.withLock { state in
            if state.running[process] == nil { _ = KernelCalls.reap(process) }
        }
    }

    /// Whether every process of this list was started here or was there before.
    func knowsAll(_ processes: [pid_t]) -> Bool {
        state.withLock { state in
            processes.allSatisfy { state.running[$0] != nil || state.foreign?.contains($0) == true }
        }
    }

    /// What is running and what was there before, with every start in it that had begun when this was called.
    func settled() -> (running: [pid_t: ProcessMark], foreign: Set<pid_t>?) {
        let begun = state.withLock(\.starting)
        while true {
            let found = state.withLock { state in
                state.starting.isDisjoint(with: begun) ? (state.running, state.foreign) : nil
            }
            if let found { return found }
            // A start takes about half a millisecond.
            usleep(200)
        }
    }
}
