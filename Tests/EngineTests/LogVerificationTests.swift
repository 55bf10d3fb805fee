import Documents
import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

/// What the logs of a run held when its attempts ended is in the ledger, and `verify` compares.
@Suite struct LogVerificationTests {
    /// A run in a store in memory, whose steps say what a script says, with its logs.
    private struct Spoken {
        let folder: TemporaryFolder
        let logs: StepLogs
        let store = MemoryRunStore()
        let clock = ManualClock()

        init() throws {
            folder = try TemporaryFolder()
            logs = StepLogs(folder: folder.path)
        }

        func runner(
            over store: (any RunStore)? = nil, _ script: @escaping ScriptedExecutor.Script
        ) -> Runner {
            Runner(store: store ?? self.store, logs: logs, clock: clock.clock, settings: RunnerSettings()) { _ in
                ScriptedExecutor(script)
            }
        }

        func verify() async throws -> RunVerification {
            RunVerification(try #require(try await store.stored("r1")), objects: nil, logs: logs)
        }

        /// The digests in the ledger, each with the kind of its event.
        func vouched() async throws -> [(kind: String, log: LogDigest)] {
            try await store.events(of: "r1", after: 0).flatMap { line in
                line.event.logs.map { (line.event.kind.name, $0) }
            }
        }

        func path(_ step: StepID, _ attempt: Int) -> String { logs.path(run: "r1", step: step, attempt: attempt) }

        func content(_ step: StepID, _ attempt: Int) throws -> Data {
            try Data(contentsOf: URL(filePath: path(step, attempt)))
        }

        func put(_ content: Data, _ step: StepID, _ attempt: Int) throws {
            try content.write(to: URL(filePath: path(step, attempt)))
        }
    }

    private static let request = RunRequest(run: "r1", requester: "eve@contoso.com")

    /// A step that says something, in two attempts, one that says nothing, and one whose words are no text.
    private static func spoken() async throws -> Spoken {
        let spoken = try Spoken()
        let steps = plan([
            step("talk", .once, retry: RetryPolicy(attempts: 2, delay: 0)), step("silent", .once, needs: ["talk"]),
            step("last", needs: ["silent"], finally: true),
        ])
        let state = try await spoken.runner { step, _, attempt in
            switch step.id {
            case "talk":
                attempt.emit(.line("hello \(attempt.number)\nthere", .output))
                return attempt.number == 1
                    ? .failed(StageFailure(.transient, "test/later", "later")) : .succeeded([:])
            case "last": attempt.emit(.bytes([0xFF, 0xFE, 0x20, 0x62], .error))
            default: break
            }
            return .succeeded([:])
        }.start(steps, request).state
        try #require(state.status == .succeeded)
        return spoken
    }

    @Test func theEventThatEndsAnAttemptNamesItsLog() async throws {
        let spoken = try await Self.spoken()
        let found = try await spoken.vouched()
        #expect(found.map(\.kind) == ["ended", "ended", "ended"])
        #expect(found.map { "\($0.log.step) \($0.log.attempt)" } == ["talk 1", "talk 2", "last 1"])
        for (_, log) in found {
            let content = try spoken.content(log.step, log.attempt)
            #expect(log.bytes == content.count && log.sha256 == ObjectStore.digest(of: content))
        }
        // A step that said nothing has neither file nor member.
        #expect(!FileManager.default.fileExists(atPath: spoken.path("silent", 1)))
        let check = try await spoken.verify()
        #expect(check.isSound, "\(check.text)")
        #expect(check.counts.logs == 3 && check.counts.logBytes == found.reduce(0) { $0 + $1.log.bytes })
        #expect(check.text.contains("  ok     logs       3 with \(check.counts.logBytes) bytes"), "\(check.text)")
    }

    @Test func eachChangedByteIsNamed() async throws {
        let spoken = try await Self.spoken()
        for (step, attempt) in [("talk", 1), ("talk", 2), ("last", 1)] as [(StepID, Int)] {
            let whole = try spoken.content(step, attempt)
            #expect(whole.count > 30)
            for place in whole.indices {
                var changed = whole
                changed[place] ^= 1
                try spoken.put(changed, step, attempt)
                let found = try await spoken.verify().discrepancies
                #expect(found.map(\.code) == ["verify/log-changed"], "byte \(place)")
                #expect(
                    found.first?.message.contains("the log of '\(step)', attempt \(attempt), '\(step)-\(attempt).log'")
                        == true, "\(found)")
            }
            try spoken.put(whole, step, attempt)
        }
        #expect(try await spoken.verify().isSound)
    }

    @Test func whatIsMissingOrTooMuchIsNamed() async throws {
        let spoken = try await Self.spoken()
        let whole = try spoken.content("talk", 2)
        for count in 0..<whole.count {
            try spoken.put(whole.prefix(count), "talk", 2)
            #expect(try await spoken.verify().discrepancies.map(\.code) == ["verify/log-shortened"])
        }
        try spoken.put(whole + Data("x".utf8), "talk", 2)
        let added = try await spoken.verify().discrepancies
        #expect(added.map(\.code) == ["verify/log-added"])
        #expect(added.first?.message.contains("has 1 bytes more") == true, "\(added)")
        try spoken.put(whole, "talk", 2)
        try spoken.put(Data("all good".utf8), "silent", 1)
        let planted = try await spoken.verify().discrepancies
        #expect(planted.map(\.code) == ["verify/log-added"])
        #expect(planted.first?.message.contains("8 bytes, and the attempt had said nothing") == true, "\(planted)")
        try FileManager.default.removeItem(atPath: spoken.path("silent", 1))
        try spoken.put(try spoken.content("talk", 1), "talk", 2)
        #expect(try await spoken.verify().discrepancies.map(\.code) == ["verify/log-changed"])
        try FileManager.default.removeItem(atPath: spoken.path("talk", 2))
        let missing = try await spoken.verify()
        #expect(missing.discrepancies.map(\.code) == ["verify/log-missing"])
        #expect(missing.discrepancies.first?.notes.first == "it was \(spoken.path("talk", 2)), \(whole.count) bytes")
        #expect(missing.text.contains("  wrong  logs"), "\(missing.text)")
        try FileManager.default.createDirectory(atPath: spoken.path("talk", 2), withIntermediateDirectories: false)
        #expect(try await spoken.verify().discrepancies.map(\.code) == ["verify/log-unreadable"])
    }

    /// What ends no attempt for good vouches as well: a wait, a failure, a stop.
    @Test func attemptsThatEndOtherwise() async throws {
        let spoken = try Spoken()
        let steps = plan([step("doubt", .once), step("bad", needs: [])])
        let state = try await spoken.runner { step, _, attempt in
            attempt.emit(.line("this is \(step.id)", .note))
            return step.id == "doubt"
                ? .suspended(Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "who knows"))
                : .failed(StageFailure(.rejected, "test/no", "no"))
        }.start(steps, Self.request).state
        #expect(state.status == .waiting)
        #expect(Set(try await spoken.vouched().map(\.kind)) == ["suspended", "ended"])
        #expect(try await spoken.verify().counts.logs == 2)
        #expect(try await spoken.verify().isSound)
    }

    /// A process dies at each of its writes: whatever it had written to logs is no fault, and is vouched for once the run
    /// is taken up.
    @Test func whatACutOffAttemptSaidIsVouchedForWhenItIsTakenUp() async throws {
        let steps = plan([step("one", .repeatable), step("two", needs: ["one"]), step("end", finally: true)])
        var cutOff = 0
        for write in 2...12 {
            let spoken = try Spoken()
            let script: ScriptedExecutor.Script = { step, _, attempt in
                attempt.emit(.line("\(step.id) says something", .output))
                return .succeeded([:])
            }
            let faulty = FaultyRunStore(spoken.store, failing: write)
            guard let state = try? await spoken.runner(over: faulty, script).start(steps, Self.request).state else {
                #expect(try await spoken.verify().isSound, "write \(write)")
                let ended = try await spoken.runner(script).resume("r1", by: "eve@contoso.com").state
                #expect(ended.status == .succeeded)
                for (kind, log) in try await spoken.vouched() where kind == "resumed" {
                    cutOff += 1
                    var content = try spoken.content(log.step, log.attempt)
                    content[content.count - 2] ^= 1
                    try spoken.put(content, log.step, log.attempt)
                    #expect(try await spoken.verify().discrepancies.map(\.code) == ["verify/log-changed"])
                    content[content.count - 2] ^= 1
                    try spoken.put(content, log.step, log.attempt)
                }
                let check = try await spoken.verify()
                #expect(check.isSound, "write \(write): \(check.text)")
                continue
            }
            #expect(state.status == .succeeded)
        }
        #expect(cutOff > 0)
    }

    /// The file may have lines of an attempt that was killed before the ledger knew of it, or get some from elsewhere.
    @Test func theDigestIsOfWhatIsInTheFile() async throws {
        let spoken = try Spoken()
        try FileManager.default.createDirectory(
            atPath: spoken.logs.folder(of: "r1"), withIntermediateDirectories: true)
        let earlier = Data("2026-01-01T00:00:00.000Z out earlier\n".utf8)
        try spoken.put(earlier, "one", 1)
        let steps = plan([step("one"), step("two", needs: ["one"])])
        _ = try await spoken.runner { step, _, attempt in
            attempt.emit(.line("before", .output))
            if step.id == "two" {
                let whole = (try? spoken.content("two", 1)) ?? Data()
                try? spoken.put(whole + earlier, "two", 1)
            }
            attempt.emit(.line("after", .output))
            return .succeeded([:])
        }.start(steps, Self.request)
        let found = try await spoken.vouched()
        #expect(found.count == 2)
        #expect(try spoken.content("one", 1).starts(with: earlier))
        let check = try await spoken.verify()
        #expect(check.isSound, "\(check.text)")
    }

    @Test func logsAreReadFromEventsOfTodayOnly() throws {
        let log = LogDigest(step: "a", attempt: 3, bytes: 7, sha256: String(repeating: "0", count: 64))
        let line = LedgerLine(
            RunEvent(
                sequence: 2, time: Date(timeIntervalSince1970: 0), previous: "", kind: .rested, logs: [log, log]))
        #expect(try LedgerLine(bytes: line.bytes).event == line.event)
        let older = line.text.replacing("\"format\":\(RunEvent.format)", with: "\"format\":4")
        #expect(try LedgerLine(bytes: Array(older.utf8)).event.logs.isEmpty)
        for wrong in ["\"bytes\":7,", "\"attempt\":3,", "\"sha256\":\"\(log.sha256)\""] {
            let text = line.text.replacing(wrong, with: "")
            #expect(throws: RunStoreError.self) { try LedgerLine(bytes: Array(text.utf8)) }
        }
    }

    @Test func linesComeAsTheyWereWritten() throws {
        let spoken = try Spoken()
        let writer = spoken.logs.writer(run: "r1", step: "a", attempt: 1)
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        writer.write("text ends with a return\r", .output, at: time)
        writer.write([0xFF, 0x20, 0xC3], .error, at: time)
        writer.write("", .note, at: time)
        writer.close()
        var reader = spoken.logs.reader(run: "r1", step: "a", attempt: 1)
        #expect(
            reader.next() == [
                .init(time: time, stream: .output, text: "text ends with a return\r"),
                .init(time: time, stream: .error, text: "\u{FFFD} \u{FFFD}", bytes: [0xFF, 0x20, 0xC3]),
                .init(time: time, stream: .note, text: ""),
            ])
    }
}
