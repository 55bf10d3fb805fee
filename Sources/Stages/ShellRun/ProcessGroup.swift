import Foundation
import Synchronization

/// The process group of a command: what is left of it is ended when the command is over.
final class ProcessGroup: Sendable {
    private let leader = Mutex<pid_t>(0)

    /// Remembers the group's first process.
    func begin(_ process: pid_t) { leader.withLock { $0 = process } }

    /// Whether a process of the group still runs. Ended ones that nobody has waited for do not count.
    private func isAlive(_ group: pid_t) -> Bool {
        guard kill(-group, 0) == 0 else { return false }
        // Without a process list the answer of kill is all there is, whatever the reason.
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return true }
        return names.contains { name in
            guard let first = name.utf8.first, (49...57).contains(first),
                let stat = FileManager.default.contents(atPath: "/proc/\(name)/stat"),
                let close = stat.lastIndex(of: UInt8(ascii: ")"))
            else { return false }
            let fields = stat[close...].split(separator: UInt8(ascii: " "))
            guard fields.count > 3, let number = Int32(String(decoding: fields[3], as: UTF8.self)) else { return false }
            return number == group && fields[1] != Data("Z".utf8)
        }
    }

    /// Asks what is left of the group to end, waits, and ends it by force. Gives whether anything was left.
    func end(grace: Duration) async -> Bool {
        let group = leader.withLock { $0 }
        // 0 would be our own group.
        guard group > 1, kill(-group, 0) == 0, isAlive(group) else { return false }
        kill(-group, SIGTERM)
        let deadline = ContinuousClock.now.advanced(by: grace)
        while ContinuousClock.now < deadline {
            // A cancelled task would not sleep; the wait has to go on all the same.
            await Task { try? await Task.sleep(for: .milliseconds(20)) }.value
            guard isAlive(group) else { return true }
        }
        kill(-group, SIGKILL)
        return true
    }
}
