import Engine
import Foundation
import GRDB
import TestSupport
import Testing

@testable import RunStorage

/// Who keeps the store locked is named where it is known.
@Suite struct DatabaseProblemTests {
    @Test func aStoppedProcessIsNamed() async throws {
        let folder = try TemporaryFolder()
        func message() -> String {
            DatabaseProblem.error(DatabaseError(resultCode: .SQLITE_BUSY), file: folder.path("runs.sqlite")).description
        }
        #expect(message().hasPrefix("another program keeps '\(folder.path("runs.sqlite"))' locked"))
        let stopped = Process()
        stopped.executableURL = URL(filePath: "/bin/sleep")
        stopped.arguments = ["600"]
        try stopped.run()
        let process = stopped.processIdentifier
        defer { kill(process, SIGKILL) }
        kill(process, SIGSTOP)
        try FileManager.default.createDirectory(atPath: folder.path("runs"), withIntermediateDirectories: true)
        let locking = RunLock(folder: folder.path("runs"))
        let hold = try locking.take("r1")
        defer { hold.release() }
        // The text says whose it is.
        let host = ProcessInfo.processInfo.hostName
        try folder.write("{\"process\":\(process),\"host\":\"\(host)\",\"since\":0}", to: "runs/r1.lock")
        while locking.holder(of: "r1")?.isStopped != true { try await Task.sleep(for: .milliseconds(10)) }
        #expect(
            message()
                == "process \(process), which works on run 'r1', is stopped and may keep '\(folder.path("runs.sqlite"))' locked: "
                + "`kill -CONT \(process)` lets it go on")
    }
}
