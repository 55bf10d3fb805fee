import Engine
import Foundation

/// Keeps the file of a store in its place: whoever has the store open shares this lock, and a repair that puts another file
/// there has it alone.
///
/// It is the kernel's lock on the store's folder: it needs no file of its own, nothing is written for it, no child inherits
/// it, and it goes with the process.
final class StoreLock: Sendable {
    private let folder: String
    private let descriptor: Int32

    private init(_ folder: String) throws(StageFailure) {
        self.folder = folder
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw Self.failure(folder) }
    }

    deinit { close(descriptor) }

    /// The lock of one of many that have the store open; waits for a repair.
    static func shared(_ folder: String) throws -> StoreLock {
        let lock = try StoreLock(folder)
        guard try lock.take(LOCK_SH, attempts: 500) else {
            throw RunStoreError.unavailable(
                "\(lock.holders) repairs the store in '\(folder)'; give the command again when it is done")
        }
        return lock
    }

    /// The lock of a repair; fails while anybody has the store open.
    static func alone(_ folder: String) throws -> StoreLock {
        let lock = try StoreLock(folder)
        // Who only looks is done in a moment.
        guard try lock.take(LOCK_EX, attempts: 50) else {
            throw RunStoreError.unavailable("\(lock.holders) works with the store")
        }
        return lock
    }

    /// Lets others open the store again.
    func share() { flock(descriptor, LOCK_SH | LOCK_NB) }

    private func take(_ kind: Int32, attempts: Int) throws(StageFailure) -> Bool {
        for attempt in 1...attempts {
            if flock(descriptor, kind | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK else { throw Self.failure(folder) }
            if attempt < attempts { usleep(20_000) }
        }
        return false
    }

    private static func failure(_ folder: String) -> StageFailure {
        StageFailure(
            .broken, "store/unavailable", "'\(folder)' cannot be locked: \(String(cString: strerror(errno)))")
    }

    /// Who has it, as far as the system tells.
    private var holders: String {
        var status = stat()
        guard fstat(descriptor, &status) == 0, let list = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
        else { return "a process" }
        let found = list.split(separator: "\n").compactMap { line -> Int32? in
            let fields = line.split(separator: " ")
            guard fields.count > 5, fields[1] == "FLOCK", fields[5].hasSuffix(":\(status.st_ino)"),
                let process = Int32(fields[4]), process > 0
            else { return nil }
            return process
        }
        // A process of another machine, or of another container.
        guard let first = found.first else { return "a process" }
        return found.count == 1 ? "process \(first)" : "process \(first), one of \(found.count),"
    }
}
