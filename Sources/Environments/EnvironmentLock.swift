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
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw Disk.error("cannot open the lock '\(path)'") }
        do {
            try await Self.take(opened, path, until: .now.advanced(by: patience)) { _ in }
        } catch {
            close(opened)
            throw error
        }
        file = opened
    }

    /// Waits for the lock as long as told, and says once for whom, where that is known; a cancelled task waits no longer.
    init(path: String, patience: Duration, waiting: (_ holder: String?) -> Void = { _ in }) async throws {
        let opened: Int32
        do throws(RegularFile.Failure) {
            opened = try RegularFile.lockFile(path)
        } catch {
            throw EnvironmentError(
                .disk, "environment/disk", "cannot open the lock '\(path)': \(error.systemText)",
                notes: error == .notRegular ? ["remove it: almrun makes a file there and follows no link"] : [])
        }
        do {
            try await Self.take(opened, path, until: .now.advanced(by: patience), waiting)
        } catch {
            close(opened)
            throw error
        }
        file = opened
        // Who holds it is only for those who wait; the lock itself is the kernel's.
        let text = "process \(getpid())\n"
        ftruncate(opened, 0)
        _ = text.withCString { pwrite(opened, $0, strlen($0), 0) }
    }

    deinit {
        // Where it was opened for reading there is nothing to clear, and this does nothing.
        ftruncate(file, 0)
        close(file)
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
