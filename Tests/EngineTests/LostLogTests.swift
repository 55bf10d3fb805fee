import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

/// What cannot be written to a log stops no work, and is told.
@Suite struct LostLogTests {
    private func time(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_800_000_000 + seconds) }

    /// A log whose disk is full from the beginning.
    private func full(_ logs: StepLogs, _ step: StepID) throws {
        let path = logs.path(run: "r1", step: step, attempt: 1)
        try FileManager.default.createDirectory(atPath: logs.folder(of: "r1"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
    }

    @Test func linesThatCannotBeWrittenAreCounted() throws {
        let folder = try TemporaryFolder()
        let logs = StepLogs(folder: folder.path)
        try full(logs, "a")
        let writer = logs.writer(run: "r1", step: "a", attempt: 1)
        #expect(writer.loss == nil)
        writer.write("one\ntwo", .output, at: time(0))
        writer.write("three", .error, at: time(1))
        writer.close()
        #expect(writer.loss?.lines == 3)
        #expect(writer.loss?.reason == String(cString: strerror(ENOSPC)))
    }

    @Test func aLogThatCannotBeMadeIsTold() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(filePath: folder.path("r1")))
        let writer = StepLogs(folder: folder.path).writer(run: "r1", step: "a", attempt: 1)
        for number in 1...3 {
            // What else went wrong meanwhile is no reason.
            errno = EINVAL
            writer.write("\(number)", .output, at: time(0))
            #expect(writer.loss?.reason == String(cString: strerror(ENOTDIR)))
        }
        writer.close()
        #expect(writer.loss?.lines == 3)
        #expect(writer.loss?.reason == String(cString: strerror(ENOTDIR)))
    }

    @Test func theRunGoesOnAndSaysSo() async throws {
        let folder = try TemporaryFolder()
        let logs = StepLogs(folder: folder.path)
        try full(logs, "a")
        let lost = Mutex<[String]>([])
        let bench = Bench()
        let runner = Runner(
            store: bench.store, logs: logs, clock: bench.clock.clock, settings: bench.settings,
            observe: { notice in
                if case .lost(let step, let loss) = notice { lost.withLock { $0.append("\(step) \(loss.lines)") } }
            },
            executor: { _ in
                ScriptedExecutor { _, _, attempt in
                    attempt.emit(.line("hello", .output))
                    return .succeeded([:])
                }
            })
        let state = try await runner.start(
            plan([step("a", .once), step("b", .once, needs: ["a"])]),
            RunRequest(run: "r1", requester: "eve@contoso.com")
        ).state
        #expect(state.status == .succeeded)
        #expect(lost.withLock { $0 } == ["a 1"])
        var log = logs.reader(run: "r1", step: "b", attempt: 1)
        #expect(log.next().map(\.text) == ["hello"])
    }

    @Test func aNameThatIsTooLongForAFileHasALogToo() throws {
        let folder = try TemporaryFolder()
        let logs = StepLogs(folder: folder.path)
        let names = [
            String(repeating: "a", count: 250), String(repeating: "a", count: 249) + "b",
            String(repeating: "ø", count: 200), String(repeating: "a", count: 240),
        ].map { StepID($0) }
        for name in names {
            let writer = logs.writer(run: "r1", step: name, attempt: 1)
            writer.write("this is \(name)", .output, at: time(0))
            writer.close()
            #expect(writer.loss == nil)
        }
        for name in names {
            var log = logs.reader(run: "r1", step: name, attempt: 1)
            #expect(log.next().map(\.text) == ["this is \(name)"])
        }
        // What had room before has the file that it had.
        #expect(logs.path(run: "r1", step: names[3], attempt: 1).hasSuffix("/r1/\(names[3])-1.log"))
    }
}
