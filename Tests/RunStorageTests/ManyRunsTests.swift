import Documents
import Engine
import Foundation
import GRDB
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// What a store of many runs costs to look at.
@Suite struct ManyRunsTests {
    /// What SQLite does for a statement, a line a step.
    private func plan(_ sql: String, _ arguments: StatementArguments, _ store: SQLiteRunStore) async throws -> String {
        try await store.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
                .map { $0["detail"] as String }.joined(separator: "\n")
        }
    }

    @Test func lookUpsUseAnIndex() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let names = try await plan(SQLiteRunStore.namesInRange, ["rel", "rem"], store)
        #expect(names.contains("USING COVERING INDEX") && names.contains("name>? AND name<?"))
        for filter in [
            RunFilter(limit: 20), RunFilter(limit: 1), RunFilter(statuses: [.waiting]), .unfinished,
            RunFilter(run: "r1", limit: 1), RunFilter(statuses: [.waiting], limit: 20),
        ] {
            let (sql, arguments) = SQLiteRunStore.select(filter)
            let steps = try await plan(sql, arguments, store)
            #expect(steps.contains("USING INDEX"), "\(sql): \(steps)")
            #expect(!steps.contains("SCAN run\n"), "\(sql): \(steps)")
        }
    }

    @Test func prefixesOfNamesEndWhereTheyShould() {
        #expect(SQLiteRunStore.firstAfter("rel") == "rem")
        #expect(SQLiteRunStore.firstAfter("") == nil)
        #expect(SQLiteRunStore.firstAfter("a\u{D7FF}") == "a\u{E000}")
        #expect(SQLiteRunStore.firstAfter("a\u{10FFFF}") == "b")
        #expect(SQLiteRunStore.firstAfter("\u{10FFFF}") == nil)
    }

    @Test func aThousandRunsAreListedAtOnce() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        try await ManyRuns(count: 1000).write(to: store)
        #expect(try await store.runs(matching: RunFilter(limit: 20)).count == 20)
        #expect(try await store.runs(matching: .all).count == 1000)
        let waiting = try await store.runs(matching: RunFilter(statuses: [.waiting]))
        #expect(waiting.count == 10)
        #expect(waiting.allSatisfy { $0.waits.first?.role == "release-manager" })
        let name = try #require(waiting.first?.run)
        #expect(try await store.run(named: String(name.rawValue.dropLast(1))) == name)
        #expect(try await RunState.load(name, from: store).status == .waiting)
    }

    /// Writes a store for measuring whole commands: `ALMRUN_WRITE_STORE=FOLDER`, of as many runs as `ALMRUN_RUNS` says.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ALMRUN_WRITE_STORE"] != nil))
    func writeALargeStore() async throws {
        let variables = ProcessInfo.processInfo.environment
        let store = try SQLiteRunStore(folder: try #require(variables["ALMRUN_WRITE_STORE"]))
        try await ManyRuns(count: Int(variables["ALMRUN_RUNS"] ?? "") ?? 10_000).write(to: store)
        try await store.shrink()
    }
}
