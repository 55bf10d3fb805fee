import Engine
import Foundation
import GRDB
import Pipelines
import RunStorage
import Synchronization
import TestSupport
import Testing

/// A damaged run beside one that waits and ends those before it.
@Suite struct DamagedWaiterTests {
    /// However often it is looked at.
    @Test func isNamedOnce() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let other = try await store.occupy("prod", by: "r0")
        let process = try await store.hold("r0")
        let waits = plan([deployment("deploy", in: "prod")], pending: .supersede)
        var old = try Ledger("r1", plan: waits, at: .thisMillisecond)
        try await store.append(old.first, to: "r1")
        try await store.append(
            try old.add(
                .lockWaited("deploy", lock: "environment prod", holder: "r0", since: other.since), .rested), to: "r1")
        try await DatabaseQueue(path: folder.path("runs.sqlite")).write { db in
            try db.execute(sql: "UPDATE event SET line = '{' WHERE id = 1 << 32 | 2")
        }
        let looks = Mutex(0)
        let remarks = Mutex<[String]>([])
        let watched = FaultyRunStore(
            store, failing: nil, looked: { look in if look == .runs { looks.withLock { $0 += 1 } } })
        var settings = RunnerSettings()
        settings.poll = 0.02
        let runner = Runner(
            store: watched, settings: settings,
            observe: { notice in if case .remark(let text) = notice { remarks.withLock { $0.append(text) } } },
            executor: { _ in ScriptedExecutor() })
        let task = Task { try await runner.start(waits, RunRequest(run: "r2", requester: "a@b.c")).state.status }
        while looks.withLock(\.self) < 5 { try await Task.sleep(for: .milliseconds(5)) }
        try await store.release(other)
        process.release()
        #expect(try await task.value == .succeeded)
        let said = remarks.withLock(\.self)
        #expect(said.count == 1)
        #expect(said.first?.hasPrefix("run 'r1' cannot be read, and is not superseded: ") == true)
    }
}
