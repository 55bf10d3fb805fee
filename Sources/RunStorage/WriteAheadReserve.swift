import Foundation
import Synchronization

/// Space of the write-ahead log that is on the disk before it is needed.
///
/// A commit that makes the file longer costs the disk a second write, for the file's new length; within a reserve it does not.
/// SQLite reads its log up to the first frame that is not whole, so zeros behind the last one say nothing.
final class WriteAheadReserve: Sendable {
    /// How many commits pass between two looks; a process that writes less never makes a reserve.
    private static let interval = 8
    private static let step = 1 << 20
    /// SQLite begins its log anew at about this length.
    private static let largest = 4 << 20
    /// Below this much free space nothing is taken in advance.
    private static let spare = 256 << 20

    private struct State {
        var commits = 0
        /// How long the file was made. Longer means that SQLite has used it up, shorter that somebody emptied the log.
        var length = 0
    }

    private let path: String
    private let state = Mutex(State())

    init(path: String) { self.path = path }

    /// Looks after the reserve now and then; only the connection that holds SQLite's write lock may call it.
    func keep() {
        let known = state.withLock { state -> Int? in
            state.commits += 1
            return state.commits % Self.interval == 0 ? state.length : nil
        }
        guard let known else { return }
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return }
        let length = Int(status.st_size)
        guard length != known, length < Self.largest else { return }
        var system = statvfs()
        guard fstatvfs(descriptor, &system) == 0, Int(system.f_bavail) * Int(system.f_frsize) >= Self.spare else {
            return
        }
        let wanted = min(Self.largest, (4 * length / Self.step + 1) * Self.step)
        // Without space for a reserve the log grows as it always does.
        guard Self.fill(descriptor, from: length, to: wanted) else {
            ftruncate(descriptor, off_t(length))
            return
        }
        fsync(descriptor)
        state.withLock { $0.length = wanted }
    }

    /// Writes zeros; a hole, or space that the file system only promises, would be written for twice all the same.
    private static func fill(_ descriptor: Int32, from start: Int, to end: Int) -> Bool {
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        var place = start
        while place < end {
            let written = zeros.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, min($0.count, end - place), off_t(place))
            }
            guard written > 0 else { return false }
            place += written
        }
        return true
    }
}
