import Engine
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
            return .unavailable("another program keeps '\(file)' locked: \(words)")
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
}
