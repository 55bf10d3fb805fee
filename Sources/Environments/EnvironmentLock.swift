import Documents
import Foundation

/// Keeps every other process and thread out of an environment for as long as the value lives.
///
/// The kernel drops it with the process.
struct EnvironmentLock: ~Copyable {
    private let file: Int32

    /// Waits for the lock where nothing may be written: what only looks keeps installations out as well.
    ///
    /// - Parameter reading: The file of the lock, which is there.
    init(reading path: String, patience: Duration) async throws {
        file = try await Self.taken(path, mayWrite: false, until: .now.advanced(by: patience)) { _ in }
    }

    /// Waits for the lock as long as told, and says once for whom, where that is known; a cancelled task waits no longer.
    init(path: String, patience: Duration, waiting: (_ holder: String?) -> Void = { _ in }) async throws {
        let taken = try await Self.taken(path, mayWrite: true, until: .now.advanced(by: patience), waiting)
        file = taken
        // Who holds it is only for those who wait; the lock itself is the kernel's.
        let text = "process \(getpid())\n"
        ftruncate(taken, 0)
        _ = text.withCString { pwrite(taken, $0, strlen($0), 0) }
    }

    deinit {
        // Where it was opened for reading there is nothing to clear, and this does nothing.
        ftruncate(file, 0)
        close(file)
    }

    private static func taken(
        _ path: String, mayWrite: Bool, until deadline: ContinuousClock.Instant, _ waiting: (String?) -> Void
    ) async throws -> Int32 {
        while true {
            let file = try opened(path, mayWrite: mayWrite)
            do {
                try await take(file, path, until: deadline, waiting)
                // Who removed the file while this waited let others make a new one, and lock that.
                if isInPlace(file, path) {
                    // Only now is it certain that no other process has it, and that the name may go.
                    guard mayWrite, RegularFile.hasOtherName(file) else { return file }
                    throw unusable(path, "it has another name (hard link)")
                }
                guard ContinuousClock.now < deadline else { throw unusable(path, "it is replaced again and again") }
                try await Task.sleep(for: .milliseconds(10))
                close(file)
            } catch {
                close(file)
                throw error
            }
        }
    }

    private static func opened(_ path: String, mayWrite: Bool) throws -> Int32 {
        do throws(RegularFile.Failure) {
            return try RegularFile.lockFile(path, mayWrite: mayWrite)
        } catch .notRegular {
            throw unusable(path, RegularFile.Failure.notRegular.description)
        } catch {
            throw EnvironmentError(
                .disk, "environment/disk", "cannot open the lock '\(path)': \(error.systemText)")
        }
    }

    private static func unusable(_ path: String, _ reason: String) -> EnvironmentError {
        EnvironmentError(
            .disk, "environment/disk", "cannot use the lock '\(path)': \(reason)",
            notes: ["remove it: almrun makes a file there and follows no link"])
    }

    private static func isInPlace(_ file: Int32, _ path: String) -> Bool {
        var (opened, there) = (stat(), stat())
        guard fstat(file, &opened) == 0, lstat(path, &there) == 0 else { return false }
        return opened.st_dev == there.st_dev && opened.st_ino == there.st_ino
    }

    private static func take(
        _ file: Int32, _ path: String, until deadline: ContinuousClock.Instant, _ waiting: (String?) -> Void
    ) async throws {
        var isTold = false
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            guard number == EWOULDBLOCK else { throw Disk.error("cannot lock '\(path)'") }
            let holder = holder(file)
            guard ContinuousClock.now < deadline else {
                throw EnvironmentError(
                    .busy, "environment/busy", "another process works in the environment",
                    notes: holder.map { ["it is \($0)"] } ?? [])
            }
            if !isTold { waiting(holder) }
            isTold = true
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// The process that wrote its number into the file, unless it is gone: then somebody else holds the lock.
    private static func holder(_ file: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = pread(file, &buffer, buffer.count, 0)
        let text = String(decoding: buffer[..<max(0, count)], as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines)
        guard let process = text.split(separator: " ").last.flatMap({ pid_t($0) }), process > 0,
            kill(process, 0) == 0 || errno == EPERM
        else { return nil }
        return "process \(process)"
    }
}
