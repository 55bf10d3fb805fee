import Foundation

/// Keeps every other process and thread out of an environment for as long as the value lives.
///
/// The kernel drops it with the process.
struct EnvironmentLock: ~Copyable {
    private let file: Int32

    /// Waits for the lock as long as told.
    init(path: String, patience: Duration) throws {
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw Disk.error("cannot open the lock '\(path)'") }
        let deadline = ContinuousClock.now.advanced(by: patience)
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            guard number == EWOULDBLOCK else {
                let error = Disk.error("cannot lock '\(path)'")
                close(opened)
                throw error
            }
            guard ContinuousClock.now < deadline else {
                let holder = Self.holder(opened)
                close(opened)
                throw EnvironmentError(
                    .busy, "environment/busy", "another process works in the environment",
                    notes: holder.isEmpty ? [] : ["it is \(holder)"])
            }
            usleep(20_000)
        }
        file = opened
        // Who holds it is only for the message above; the lock itself is the kernel's.
        let text = "process \(getpid())\n"
        ftruncate(opened, 0)
        _ = text.withCString { pwrite(opened, $0, strlen($0), 0) }
    }

    deinit { close(file) }

    private static func holder(_ file: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = pread(file, &buffer, buffer.count, 0)
        return String(decoding: buffer[..<max(0, count)], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
