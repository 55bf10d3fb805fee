import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// Rows of locks as another program may leave them: the doctor names and mends them, and no number is given out twice.
@Suite struct StrangeLockTests {
    private let changed: ChangedStore
    private var store: SQLiteRunStore { changed.store }

    init() throws { changed = try ChangedStore() }

    private func change(_ sql: String) throws { try changed.change(sql) }

    private func examine(repairing: Bool) async -> [Diagnosis] {
        await changed.examine(repairing: repairing, now: time(50))
    }

    private func claim(_ run: RunID = "next", at now: Date = time(60)) async throws -> Claim {
        try await store.claim("environment prod", run: run, step: "deploy", now: now, until: now.addingTimeInterval(9))
    }

    /// A run whose ledger names number 5 of the lock, and that holds it or has given it back.
    private func addRun(holding: Bool = false, finished: Bool = true) async throws {
        var run = try Ledger("r1")
        try await store.append(run.first, to: "r1")
        for fence in 1...5 {
            let lock = try #require(try await claim("r1", at: time(0)).lock)
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

    /// Nobody knows whose it is, and a process works: the lock is not given away; afterwards it is.
    @Test(arguments: ["run = x'ff'", "run = x'ff', held = 7", "run = 'gone'", "run = ''"])
    func aLockOfWhomNobodyKnowsStaysWhileAProcessWorks(_ column: String) async throws {
        try await addRun(holding: true, finished: false)
        try change("UPDATE lock SET \(column)")
        let hold = try await store.hold("r1")
        let busy = await examine(repairing: true)
        #expect(busy.map(\.verdict) == [.problem] && busy.first?.command == "almrun cancel r1", "\(busy)")
        #expect(
            busy.first?.message.contains("'r1'") == true && busy.first?.message.contains("when it has ended") == true)
        if case .granted? = try? await claim("other", at: time(5)) { Issue.record("another run gets it") }
        hold.release()
        #expect(await examine(repairing: true).first?.verdict == .repaired)
        guard case .granted(let lock) = try await claim("other") else {
            Issue.record("nobody gets the lock")
            return
        }
        #expect(lock.fence > 5)
    }

    @Test(arguments: [Int(Int32.max) - 1, Int(Int32.max), Int(Int32.max) + 7, 1 << 52])
    func highNumbersGoOn(_ fence: Int) async throws {
        try await addRun()
        try change("UPDATE lock SET fence = \(fence)")
        for next in 1...3 {
            guard case .granted(let lock) = try await claim(RunID("r\(next)"), at: time(100 * Double(next))) else {
                Issue.record("nobody gets the lock")
                return
            }
            #expect(lock.fence == fence + next)
            try await store.release(lock)
        }
        try change("UPDATE lock SET since = 'x'")
        #expect(await examine(repairing: true).first?.verdict == .repaired)
        #expect(await examine(repairing: false).allSatisfy { $0.verdict == .ok })
        guard case .granted(let lock) = try await claim() else {
            Issue.record("nobody gets the lock")
            return
        }
        #expect(lock.fence == fence + 5)
    }

    @Test func whenNoNumberIsLeftThatIsSaid() async throws {
        try await addRun()
        try change("UPDATE lock SET fence = \(Lock.lastFence)")
        await #expect(throws: RunStoreError.self) { _ = try await claim() }
        let found = await examine(repairing: true)
        #expect(found.map(\.verdict) == [.problem] && found.first?.message.contains("the highest number") == true)
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

    /// One strange row stops only who needs that lock.
    @Test(arguments: ["since = -5", "fence = 'x'", "run = x'ff'", "held = 'x'"])
    func theOtherLocksGoOn(_ column: String) async throws {
        try await addRun(holding: true, finished: false)
        _ = try await store.claim("group g", run: "gone", step: "", now: time(0), until: nil)
        try change("UPDATE lock SET \(column) WHERE name = 'environment prod'")
        #expect(try await store.locks().map(\.name) == ["group g"])
        let strange = try await store.unreadableLocks()
        #expect(strange.map(\.name) == ["environment prod"])
        #expect(strange.first?.reason.contains("'\(column.prefix { $0 != " " })'") == true, "\(strange)")
        #expect(try await store.lock(named: "group g")?.run == "gone")
        await #expect(throws: RunStoreError.self) { _ = try await store.lock(named: "environment prod") }
        let register = LockRegister(store: store)
        await #expect(throws: RunStoreError.self) { _ = try await register.find("prod") }
        await #expect(throws: Refusal.self) { _ = try await register.find("test") }
        #expect(try await register.release("g", by: "a@b.c", reason: "gone").lock.run == "gone")
        guard case .granted = try await store.claim("group h", run: "r2", step: "", now: time(0), until: nil) else {
            Issue.record("another lock is not given")
            return
        }
    }

    /// A run that has its group, whose ledger says under which number.
    private func addWaitingRun(finished: Bool = false) async throws {
        let step = Step(id: "deploy", work: .stage("test.work"), effect: .none)
        let plan = Plan(pipeline: "p", steps: [step], concurrency: Plan.Concurrency(group: "g"))
        var run = try Ledger("w", plan: plan)
        try await store.append(run.first, to: "w")
        for fence in 1...7 {
            let lock = try #require(
                try await store.claim("group g", run: "w", step: "", now: time(0), until: nil).lock)
            try await store.append(try run.add(.groupEntered(lock: lock.name, fence: fence), .rested), to: "w")
        }
        guard finished else { return }
        var batch = try run.add(.finished(.succeeded))
        batch.releasing = try await store.locks()
        try await store.append(batch, to: "w")
    }

    @Test(arguments: ["DELETE FROM lock", "UPDATE lock SET fence = 1", "UPDATE lock SET held = 0"])
    func aGroupThatForgotItsNumberIsNamed(_ sql: String) async throws {
        try await addWaitingRun()
        #expect(await examine(repairing: false).map(\.verdict) == [.ok])
        try change(sql)
        let found = await examine(repairing: false)
        #expect(found.map(\.verdict) == [.problem] && found.first?.details.first?.contains("'w'") == true, "\(found)")
        #expect(await examine(repairing: true).first?.verdict == .repaired)
        #expect(await examine(repairing: false).map(\.verdict) == [.ok])
        // The run that waits in the group has it, and nobody comes in beside it.
        let lock = try #require(try await store.locks().first)
        #expect(lock.run == "w" && lock.step.isEmpty && lock.fence > 7 && lock.expires == nil)
        guard case .held = try await store.claim("group g", run: "next", step: "", now: time(0), until: nil) else {
            Issue.record("two runs are in the group")
            return
        }
    }

    @Test func aGroupOfAFinishedRunIsNotHeldAnew() async throws {
        try await addWaitingRun(finished: true)
        #expect(await examine(repairing: false).map(\.message) == ["none is held"])
        try change("DELETE FROM lock")
        #expect(await examine(repairing: true).map(\.verdict) == [.repaired])
        #expect(try await store.locks().isEmpty)
        let lock = try #require(
            try await store.claim("group g", run: "r", step: "", now: time(0), until: nil).lock)
        #expect(lock.fence > 7)
    }

    @Test(arguments: ["DELETE FROM lock", "UPDATE lock SET fence = 1, held = 0"])
    func noNumberIsGivenOutAgainThatAnOpenRunNames(_ sql: String) async throws {
        try await addWaitingRun()
        try change(sql)
        let lock = try #require(
            try await store.claim("group g", run: "r", step: "", now: time(0), until: nil).lock)
        #expect(lock.fence == 8)
    }
}
