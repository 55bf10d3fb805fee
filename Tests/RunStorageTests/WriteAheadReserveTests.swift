import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// The space that is kept for SQLite's log.
@Suite struct WriteAheadReserveTests {
    private func write(_ range: Range<Int>, to store: SQLiteRunStore) async throws {
        let many = ManyRuns(count: range.upperBound, steps: 2)
        for number in range {
            let batch = try many.batch(number)
            try await store.append(batch, to: batch.summary.run)
        }
    }

    private func length(_ store: SQLiteRunStore) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: "\(store.file)-wal")[.size] as? Int ?? 0
    }

    @Test func aProcessThatWritesMuchHasSomeAndAnotherReadsThroughIt() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        try await write(0..<4, to: store)
        #expect(try length(store) < 1 << 20)
        try await write(4..<40, to: store)
        #expect(try length(store) >= 1 << 20)
        // A second connection finds the last frame before the zeros, as after a crash.
        let copy = try TemporaryFolder()
        for ending in ["", "-wal"] {
            try Data(contentsOf: URL(filePath: store.file + ending)).write(
                to: URL(filePath: copy.path("runs.sqlite\(ending)")))
        }
        let survivor = try SQLiteRunStore(folder: copy.path)
        #expect(try await survivor.runs(matching: .all).count == 40)
        #expect(try await survivor.problems().isEmpty)
        let name = try #require(try await survivor.runs(matching: .all).first?.run)
        #expect(try await RunState.load(name, from: survivor).sequence > 3)
    }

    @Test func aLogThatIsGoneIsNoHarm() throws {
        let folder = try TemporaryFolder()
        let reserve = WriteAheadReserve(path: folder.path("nothing-wal"))
        for _ in 0..<32 { reserve.keep() }
        #expect(!FileManager.default.fileExists(atPath: folder.path("nothing-wal")))
    }

    @Test func resultsAreFoundTogether() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let odd = ["a \"quoted\" digest", "ü", ""]
        var state: RunState?
        for (number, digest) in odd.enumerated() {
            let first = LedgerLine(
                RunEvent(
                    sequence: 1, time: Date(timeIntervalSince1970: 1_800_000_000), previous: "",
                    kind: .created(
                        RunCreation(
                            run: RunID("r\(number)"),
                            plan: Plan(pipeline: "p", steps: [Step(id: "a", work: .stage("x"), effect: .none)]),
                            requester: "a@example.com"))))
            var made = try RunState(first)
            let end = LedgerLine(
                RunEvent(
                    sequence: 2, time: made.updated, previous: made.head,
                    kind: .ended(
                        "a", attempt: 1,
                        .succeeded(
                            output: number == 0 ? [:] : ["n": .integer(number)], object: nil, inputDigest: digest))))
            try made.apply(end)
            try await store.append(
                EventBatch(after: 0, lines: [first, end], summary: made.summary), to: RunID("r\(number)"))
            state = made
        }
        #expect(state?.run == "r2")
        let found = try await store.results(for: odd + odd + ["unknown"])
        #expect(found.found.count == 3)
        #expect(found["ü"]?.output == ["n": 1])
        #expect(found[odd[0]]?.output == [:])
        #expect(try await store.results(for: []).found.isEmpty)
    }
}
