import Engine
import Foundation
import GRDB

/// A store that can only be read: the disk is full, or the folder belongs to somebody else.
///
/// SQLite makes files beside a store even to read it. Where it cannot, the store alone is read, as long as nobody writes to it.
struct UnwritableStore: Sendable {
    /// Why it cannot be written.
    let obstacle: RunStoreError
    let database: DatabaseQueue
    private let file: String
    private let mark: Mark

    /// Opens a store that could not be opened for writing; nil when it cannot be read either, or something else is wrong.
    init?(_ file: String, after error: any Error) {
        guard Self.isMeant(error), let mark = Mark(file),
            let name = file.addingPercentEncoding(withAllowedCharacters: Self.plain)
        else {
            return nil
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        configuration.label = "almrun"
        // What stands in the log beside the store has to be read too, with the index that the writer of it left.
        let path = "file:\(name)?\(mark.log == 0 ? "immutable=1" : "readonly_shm=1")"
        // The first error says more than that reading does not help.
        guard let database = try? DatabaseQueue(path: path, configuration: configuration),
            let isCurrent = try? database.read({ try Schema.isCurrent($0) }), isCurrent
        else { return nil }
        obstacle = DatabaseProblem.error(error, file: file)
        self.database = database
        self.file = file
        self.mark = mark
    }

    /// Whether an error is about the disk or the rights.
    private static func isMeant(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return error is StageFailure }
        return [.SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_FULL].contains(
            error.resultCode)
    }

    /// The error for a store that cannot be opened at all.
    static func problem(_ file: String, after error: any Error) -> RunStoreError {
        let problem = DatabaseProblem.error(error, file: file)
        guard case .unavailable(let message) = problem, isMeant(error), let log = Mark(file)?.log, log > 0 else {
            return problem
        }
        return .unavailable(
            "\(message); '\(file)-wal' holds what was written last, and a command that can write has to take it up")
    }

    /// Says after a read whether it can be trusted: without SQLite's locks, a write meanwhile shows only afterwards.
    func check() throws(RunStoreError) {
        guard mark.log == 0, Mark(file) != mark else { return }
        throw .unavailable("another process wrote to '\(file)' while it was read; give the command again")
    }

    private static let plain = CharacterSet(
        charactersIn: "/-_.~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

    /// What changes with every write.
    private struct Mark: Equatable {
        var number: UInt64
        var size: Int
        var seconds: Int
        var nanoseconds: Int
        /// The length of the write-ahead log.
        var log: Int

        init?(_ file: String) {
            var status = stat()
            guard stat(file, &status) == 0 else { return nil }
            number = UInt64(status.st_ino)
            size = Int(status.st_size)
            seconds = Int(status.st_mtim.tv_sec)
            nanoseconds = Int(status.st_mtim.tv_nsec)
            log = stat("\(file)-wal", &status) == 0 ? Int(status.st_size) : 0
        }
    }
}
