import Engine
import GRDB
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// A store whose file somebody has changed.
@Suite struct StoredRunTests {
    private let folder: TemporaryFolder
    private let store: SQLiteRunStore

    init() async throws {
        folder = try TemporaryFolder()
        store = try SQLiteRunStore(folder: folder.path)
        var ledger = try Ledger("one")
        try await store.append(ledger.first, to: "one")
        try await store.append(
            try ledger.add(.cancelled("ask"), .cancelled("deploy"), .finished(.cancelled)), to: "one")
        let other = try Ledger("two")
        try await store.append(other.first, to: "two")
    }

    private func found() async throws -> [Discrepancy] {
        let stored = try #require(try await store.stored("one"))
        return RunVerification(stored, objects: nil).discrepancies
    }

    private func change(_ sql: String) async throws {
        try await store.write { db in try db.execute(sql: sql) }
    }

    @Test func givesBackWhatWasWritten() async throws {
        let stored = try #require(try await store.stored("one"))
        #expect(stored.lines.map(\.place) == [1, 2, 3, 4])
        #expect(stored.lines.map(\.bytes) == (try await store.events(of: "one", after: 0)).map(\.bytes))
        #expect(try await found().isEmpty)
        #expect(try await store.stored("three") == nil)
    }

    @Test(arguments: 1...4) func namesTheEventThatWasChanged(_ sequence: Int) async throws {
        try await change(
            "UPDATE event SET line = replace(line, '\"time\":\"2', '\"time\":\"1') WHERE id = \(1 << 32 | sequence)")
        let found = try await found()
        #expect(found.filter { $0.code == "verify/changed" }.map(\.event) == [sequence], "\(found)")
    }

    @Test(arguments: ["x'00FF'", "'{}'", "''"]) func readsWhateverIsThere(_ line: String) async throws {
        try await change("UPDATE event SET line = \(line) WHERE id = \(1 << 32 | 2)")
        let found = try await found()
        #expect(found.first?.event == 2)
        #expect(found.first?.message.contains("it cannot be read") == true)
    }

    @Test func namesTheEventThatIsMissing() async throws {
        try await change("DELETE FROM event WHERE id = \(1 << 32 | 4)")
        #expect(try await found().map(\.message) == ["event 4 is missing: the run index counts 4"])
        try await change("DELETE FROM event WHERE id = \(1 << 32 | 2)")
        #expect(try await found().map(\.event) == [2, 4])
    }

    @Test func saysWhatIsWrongWithTheIndex() async throws {
        try await change("UPDATE run SET status = 'succeeded', requester = 'bob' WHERE name = 'one'")
        let wrong = try await found()
        #expect(wrong.map(\.code) == ["verify/index"])
        #expect(wrong.first?.message.contains("status is succeeded, and the events say cancelled") == true)
        try await change("UPDATE run SET status = 'nonsense' WHERE name = 'one'")
        #expect(try await found().first?.message.contains("no status that almrun knows") == true)
    }

    @Test func knowsTheEventsOfAnotherRun() async throws {
        try await change("UPDATE run SET name = 'three' WHERE name = 'one'")
        let stored = try #require(try await store.stored("three"))
        let found = RunVerification(stored, objects: nil).discrepancies
        #expect(found.contains { $0.code == "verify/other-run" })
    }
}
