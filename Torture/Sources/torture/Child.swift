import CSystem
import Foundation

/// A process that was started; its output goes to files.
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

    let process: pid_t
    let started = ContinuousClock.now

    init(
        _ program: String, _ arguments: [String], in folder: String, environment: [String: String], output: String,
        errors: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addchdir_np(&actions, folder)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in words + variables { free(text) } }
        words.append(nil)
        variables.append(nil)
        var process: pid_t = 0
        let status = posix_spawn(&process, program, &actions, nil, words, variables)
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
            usleep(age < 0.2 ? 300 : 1000)
        }
    }

    /// Processes that work in a folder, other than those of this user's shells.
    static func processes(in folder: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            var buffer = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/\(process)/cwd", &buffer, buffer.count - 1)
            guard length > 0 else { return false }
            let place = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return place == folder || place.hasPrefix(folder + "/")
        }
    }
}
