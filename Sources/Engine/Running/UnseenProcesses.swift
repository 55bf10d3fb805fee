import Foundation
public import Pipelines

/// Processes of another user, which only that user and an administrator may look at and end.
public struct UnseenProcesses: Sendable, Hashable {
    /// The user's name, or their number where nothing knows the name.
    public let user: String

    /// What may go on; lower case, no full stop.
    public var text: String {
        "what user '\(user)' left running of it cannot be looked at or ended by you, and may go on: `ps -f -u \(user)` lists what "
            + "that user runs; they or an administrator can end it"
    }

    /// Those of whoever made a file.
    static let ofOwner: @Sendable (String) -> UnseenProcesses? = { UnseenProcesses(ofOwnerOf: $0) }

    /// Those of whoever made a file; nil where all that this user runs can be looked at.
    ///
    /// - Parameter processes: Where the system shows its processes.
    init?(ofOwnerOf path: String, own: uid_t = geteuid(), processes: String = "/proc") {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_uid != own, Self.areHidden(of: status.st_uid, processes) else {
            return nil
        }
        user = Self.name(of: status.st_uid)
    }

    /// Whether processes of the user run of which it cannot be seen what they belong to.
    private static func areHidden(of user: uid_t, _ processes: String) -> Bool {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: processes) else { return true }
        let numbers = names.filter { Int($0) != nil }
        // Where the system shows only the user's own processes, even the first one is missing.
        guard numbers.contains("1") else { return true }
        return numbers.contains { number in
            var status = stat()
            let folder = "\(processes)/\(number)"
            guard stat(folder, &status) == 0, status.st_uid == user else { return false }
            // Parts of the kernel have no command line, nor has a process that has ended.
            guard let line = FileManager.default.contents(atPath: "\(folder)/cmdline"), !line.isEmpty else {
                return false
            }
            let descriptor = open("\(folder)/environ", O_RDONLY | O_CLOEXEC)
            guard descriptor < 0 else {
                close(descriptor)
                return false
            }
            return errno != ENOENT && errno != ESRCH
        }
    }

    private static func name(of user: uid_t) -> String {
        guard let entry = getpwuid(user), let name = entry.pointee.pw_name else { return "\(user)" }
        return String(cString: name)
    }
}

extension StepLogs {
    /// What the user who began an attempt runs now that cannot be looked at, by who made its log; nil where there is none.
    ///
    /// - Parameter look: What is looked at, for a file; nil for the processes of its owner.
    public func unseenProcesses(
        of run: RunID, _ step: StepID, attempt: Int,
        look: ((String) -> UnseenProcesses?)? = nil
    ) -> UnseenProcesses? {
        let look = look ?? UnseenProcesses.ofOwner
        let log = path(run: run, step: step, attempt: attempt)
        var status = stat()
        // An attempt that has said nothing has no log. The lock says less: the next process takes one that was left as it is.
        guard lstat(log, &status) != 0 else { return look(log) }
        // The folders of logs and of locks lie side by side.
        let beside = URL(filePath: self.folder).deletingLastPathComponent().path
        let lock = "\(beside)/runs/\(PathPart.plain(run.rawValue)).lock"
        return look(lock)
    }
}
