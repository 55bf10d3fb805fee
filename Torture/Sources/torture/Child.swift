import CSystem
import Foundation

/// A process that was started.
struct Child: Sendable {
    enum End: Sendable, Hashable, CustomStringConvertible {
        case exited(Int32)
        case signaled(Int32)
        /// It did not end in time, and was killed.
        case hung

        var description: String {
            switch self {
            case .exited(let status): "status \(status)"
            case .signaled(let signal): "signal \(signal)"
            case .hung: "no end in time"
            }
        }
    }

    enum Output: Sendable {
        case files(output: String, errors: String)
        /// Both to one descriptor.
        case descriptor(Int32)
    }

    let process: pid_t
    let started = ContinuousClock.now

    init(
        _ program: String, _ arguments: [String], in folder: String, environment: [String: String], output: Output
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addchdir_np(&actions, folder)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        switch output {
        case .files(let output, let errors):
            posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
            posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        case .descriptor(let descriptor):
            posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
            posix_spawn_file_actions_adddup2(&actions, descriptor, 2)
        }
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in words + variables { free(text) } }
        words.append(nil)
        variables.append(nil)
        var process: pid_t = 0
        let status = posix_spawnp(&process, program, &actions, nil, words, variables)
        guard status == 0 else { throw Problem("cannot start '\(program)': \(String(cString: strerror(status)))") }
        self.process = process
    }

    /// How long it has run.
    var age: Double {
        let parts = (ContinuousClock.now - started).components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    /// Sends a signal; nothing when it has ended.
    func signal(_ number: Int32) { kill(process, number) }

    /// Waits for the end, at most so many seconds; does at their times what a fault wants.
    func wait(_ fault: Fault = .none, limit: Double = 60) -> End {
        var signals = fault.signals.sorted { $0.after < $1.after }[...]
        var wasKilled = false
        let watch = torture_watch(process)
        defer { if watch >= 0 { close(watch) } }
        while true {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                let signal = status & 0x7F
                if signal == 0 { return .exited((status >> 8) & 0xFF) }
                return .signaled(signal)
            }
            let age = age
            if let after = fault.killAfter, age >= after, !wasKilled {
                wasKilled = true
                self.signal(SIGKILL)
            }
            while let next = signals.first, age >= next.after {
                self.signal(next.signal)
                signals.removeFirst()
            }
            if age > limit {
                self.signal(SIGKILL)
                waitpid(process, &status, 0)
                return .hung
            }
            // Until it ends, or the next thing is to be done.
            var next = min(limit, age + 10)
            if let after = fault.killAfter, !wasKilled { next = min(next, after) }
            if let signal = signals.first { next = min(next, signal.after) }
            let left = next - self.age
            if watch < 0 {
                usleep(500)
            } else if left > 0.0015 {
                torture_await(watch, Int32(left * 1000))
            } else if left > 0 {
                usleep(UInt32(left * 1_000_000))
            }
        }
    }

    /// Processes that work in a folder or below it.
    static func processes(in folder: String) -> [pid_t] {
        var found = [pid_t](repeating: 0, count: 64)
        let count = torture_processes(folder, &found, Int32(found.count))
        return Array(found.prefix(Int(count)))
    }

    /// Waits a while for the processes in a folder to end, and gives those that do not.
    static func leftover(in folder: String) -> [pid_t] {
        var left = processes(in: folder)
        for _ in 0..<1000 where !left.isEmpty {
            usleep(4000)
            left = processes(in: folder)
        }
        return left
    }
}
