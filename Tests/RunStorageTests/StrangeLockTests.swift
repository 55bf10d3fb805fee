import Engine
import Foundation
import GRDB
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// Rows of locks as another program may leave them: the doctor names and mends them, and no number is given out twice.
@Suite struct StrangeLockTests {
    private let folder: TemporaryFolder
    private let store: SQLiteRunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteRunStore(folder: folder.path)
    }

    private func change(_ sql: String) throws {
        try DatabaseQueue(path: folder.path("runs.sqlite")).write { db in try db.execute(sql: sql) }
    }

    private func examine(repairing: Bool) async -> [Diagnosis] {
        await StoreExamination(
            folder: folder.path, objects: ObjectStore(folder: folder.path("objects")), person: "a@b.c",
            clock: RunClock(now: { time(50) }, sleep: { _ in })
        ).examine(repairing: repairing).found.filter { $0.check == "locks" }
    }

    private func claim(_ run: RunID = "next", at now: Date = time(60)) async throws -> Claim {
        try await store.claim("environment prod", run: run, step: "deploy", now: now, until: now.addingTimeInterval(9))
    }

    /// A run whose ledger names number 5 of the lock, and that holds it or has given it back.
    private func addRun(holding: Bool = false, finished: Bool = true) async throws {
        var run = try Ledger("r1")
        try await store.append(run.first, to: "r1")
        for fence in 1...5 {
            guard case .granted(let lock) = try await claim("r1", at: time(0)) else { return }
            #expect(lock.fence == fence)
            var batch = try run.add(.lockAcquired("deploy", lock: lock.name, fence: fence))
            if fence < 5 || !holding {
                batch = try add(.lockReleased("deploy", lock: lock.name, fence: fence), to: batch, &run)
                batch.releasing = [lock]
            }
            try await store.append(batch, to: "r1")
        }
        if finished {
            try await store.append(
                try run.add(.cancelled("ask"), .cancelled("deploy"), .finished(.cancelled)), to: "r1")
        }
    }

    private func add(_ kind: RunEvent.Kind, to batch: EventBatch, _ run: inout Ledger) throws -> EventBatch {
        let next = try run.add(kind)
        return EventBatch(after: batch.after, lines: batch.lines + next.lines, summary: next.summary)
    }

    @Test(arguments: [
        "UPDATE lock SET fence = 'x'", "UPDATE lock SET fence = 9223372036854775807", "UPDATE lock SET fence = -1",
        "UPDATE lock SET fence = 2", "UPDATE lock SET fence = 2.5", "UPDATE lock SET since = 'x'",
        "UPDATE lock SET expires = 'x'", "UPDATE lock SET run = x'ff'", "UPDATE lock SET step = x'00'",
        "UPDATE lock SET held = 'x'", "UPDATE lock SET held = 2", "UPDATE lock SET name = CAST(name AS BLOB)",
        "UPDATE lock SET name = x'ff'", "UPDATE lock SET name = 'Environment prod'", "UPDATE lock SET name = ''",
        "DELETE FROM lock",
        "INSERT INTO lock SELECT CAST(name AS BLOB), run, step, fence + 3, since, expires, held FROM lock",
        "INSERT INTO lock SELECT 'env:odd', 0, 1, 'y', 'z', NULL, 0 FROM lock",
    ])
    func aLockThatNobodyHoldsIsMended(_ sql: String) async throws {
        try await addRun()
        try change(sql)
        let found = await examine(repairing: false)
        let first = try #require(found.first)
        #expect(found.count == 1 && first.verdict == .problem && first.repair != nil, "\(found)")
        #expect(await examine(repairing: true).first?.verdict == .repaired)
        let healthy = await examine(repairing: false)
        #expect(healthy.allSatisfy { $0.verdict != .problem }, "\(healthy)")
        guard case .granted(let lock) = try await claim() else {
            Issue.record("nobody gets the lock")
            return
        }
        #expect(lock.fence > (sql.contains("+ 3") ? 8 : 5))
        #expect(lock.fence < 20)
    }

    @Test func aNumberThatCannotBeReadIsSaidWithWhatTakesItsPlace() async throws {
        try await addRun()
        try change("UPDATE lock SET fence = 'x'")
        await #expect(throws: RunStoreError.self) { _ = try await claim() }
        let found = try #require(await examine(repairing: false).first)
        #expect(
            found.details == [
                "environment prod: its row has \"x\" for 'fence'; its number cannot be read, the highest that is known is 5, "
                    + "and it becomes 6, and nobody holds it"
            ])
    }

    /// What a run holds it keeps, with a number under which nothing old counts; while a process works on it nothing changes.
    @Test(arguments: ["fence = 'x'", "since = 'x'", "expires = 'x'", "held = 7"])
    func aHeldLockStaysWithItsRun(_ column: String) async throws {
        try await addRun(holding: true, finished: false)
        let before = try #require(try await store.locks().first)
        try change("UPDATE lock SET \(column)")
        let hold = try await store.hold("r1")
        let busy = await examine(repairing: true)
        #expect(busy.map(\.verdict) == [.problem] && busy.first?.command == "almrun cancel r1")
        hold.release()
        #expect(await examine(repairing: true).first?.verdict == .repaired)
        let after = try #require(try await store.locks().first)
        #expect(after.run == "r1" && after.step == "deploy" && after.fence == 6 && after.expires != nil)
        // What comes under the old number is refused, and the run itself gets a new one.
        #expect(try await store.renew(before, until: time(500)) == false)
        guard case .held = try await claim("other", at: time(5)) else {
            Issue.record("another run gets it")
            return
        }
        guard case .granted(let own) = try await claim("r1") else {
            Issue.record("its own run does not get it")
            return
        }
        #expect(own.fence == 7)
    }

    @Test func aLockOfAnotherRunWithTheSameNumberDoesNotCount() async throws {
        try await addRun(holding: true, finished: false)
        let old = try #require(try await store.locks().first)
        try change("UPDATE lock SET run = 'thief'")
        let state = try await RunState.load("r1", from: store)
        let line = LedgerLine(
            RunEvent(sequence: state.sequence + 1, time: time(90), previous: state.head, kind: .rested))
        let batch = EventBatch(after: state.sequence, lines: [line], summary: state.summary, holding: [old])
        await #expect(throws: RunStoreError.lockLost("environment prod")) { try await store.append(batch, to: "r1") }
    }
}
