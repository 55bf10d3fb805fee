import Engine
import Foundation
import GRDB

/// Puts SQLite's errors into words.
enum DatabaseProblem {
    static func error(_ error: any Error, file: String) -> RunStoreError {
        if let known = error as? RunStoreError { return known }
        if let failure = error as? StageFailure { return .unavailable(failure.message) }
        guard let problem = error as? DatabaseError else { return .unavailable("\(error)") }
        let words = problem.message ?? "error \(problem.resultCode.rawValue)"
        switch problem.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return .unavailable(stopped(beside: file) ?? "another program keeps '\(file)' locked: \(words)")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .damaged("'\(file)' is damaged: \(words)")
        case .SQLITE_FULL: return .unavailable("there is no space left for '\(file)'")
        case .SQLITE_READONLY, .SQLITE_PERM:
            return .unavailable(StoreProbe.obstacle(of: file) ?? "'\(file)' cannot be written: \(words)")
        case .SQLITE_CANTOPEN:
            return .unavailable(StoreProbe.obstacle(of: file) ?? "'\(file)' cannot be opened: \(words)")
        case .SQLITE_IOERR:
            return .unavailable(StoreProbe.obstacle(of: file) ?? "'\(file)' cannot be read or written: \(words)")
        case .SQLITE_ERROR where words.hasPrefix("no such table"):
            return .damaged("'\(file)' is damaged: \(words); `almrun doctor` looks what can be mended")
        default: return .unavailable("'\(file)': \(words)")
        }
    }

    /// That processes are stopped that work on runs of the store: what they have locked they keep until they go on.
    private static func stopped(beside file: String) -> String? {
        let locking = RunLock(folder: URL(filePath: file).deletingLastPathComponent().appending(path: "runs").path)
        let stopped = locking.workedOn.compactMap { run in
            locking.holder(of: run).flatMap { $0.isStopped ? (run: run, process: $0.process) : nil }
        }
        guard let first = stopped.first else { return nil }
        let numbers = stopped.map { String($0.process) }
        let who =
            stopped.count == 1
            ? "process \(first.process), which works on run '\(first.run)', is stopped and may keep"
            : "processes \(numbers.joined(separator: ", ")) are stopped, and one of them may keep"
        let command = "kill -CONT \(numbers.joined(separator: " "))"
        return "\(who) '\(file)' locked: `\(command)` lets \(stopped.count == 1 ? "it" : "them") go on"
    }
}
