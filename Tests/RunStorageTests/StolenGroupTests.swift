import Engine
import Foundation
import Pipelines
import Testing

@testable import RunStorage

/// A group that the store gives to another run than the ledgers do is named.
@Suite struct StolenGroupTests {
    private let changed: ChangedStore
    private var store: SQLiteRunStore { changed.store }

    init() throws { changed = try ChangedStore() }

    private func change(_ sql: String) throws { try changed.change(sql) }

    private func examine(repairing: Bool = false) async -> [Diagnosis] { await changed.examine(repairing: repairing) }

    /// Two runs of one group: the first one has it with number 1 and waits for a person, the second one waits for its turn.
    private func addRuns() async throws {
        for run in ["r1", "r2"] as [RunID] {
            _ = try await runner(store).start(samplePlan(), RunRequest(run: run, requester: "a@b.c"))
        }
        #expect(try await store.locks().map(\.run) == ["r1"])
    }

    @Test func aRowThatNamesAnotherRunIsAProblem() async throws {
        try await addRuns()
        #expect(await examine().map(\.verdict) == [.ok])
        try change("UPDATE lock SET run = 'r2', fence = 7")
        for repairing in [false, true] {
            let found = await examine(repairing: repairing)
            #expect(found.map(\.verdict) == [.problem], "\(found)")
            #expect(
                found.first?.message
                    == "group g: its row gives it to run 'r2' with number 7, and by its ledger run 'r1', which has not "
                    + "ended, has it with number 1")
            #expect(found.first?.command == "almrun locks release 'group g' --reason WHY")
        }
        // What it says to do helps.
        _ = try await LockRegister(store: store).release("group g", by: "a@b.c", reason: "stolen")
        #expect(await examine().map(\.verdict) == [.ok])
        #expect(try await runner(store).resume("r1", by: "a@b.c").state.queue == nil)
        #expect(try await store.locks().map(\.run) == ["r1"])
        #expect(await examine().map(\.verdict) == [.ok])
    }

    @Test func theNumberOfAnotherRunIsAProblem() async throws {
        try await addRuns()
        try change("UPDATE lock SET run = 'r2'")
        #expect(await examine().map(\.verdict) == [.problem])
    }

    /// Who came in because the row was free says so: then the first one waits, and nothing is to be mended.
    @Test func aRunThatCameInMeanwhileIsNamed() async throws {
        try await addRuns()
        try change("UPDATE lock SET held = 0")
        #expect(try await runner(store).resume("r2", by: "a@b.c").state.queue == nil)
        let found = await examine()
        #expect(found.map(\.verdict) == [.note, .ok] || found.map(\.verdict) == [.note], "\(found)")
        #expect(found.first?.details.first?.contains("run 'r1' waits for it when it is taken up") == true)
        #expect(try await runner(store).resume("r1", by: "a@b.c").state.queue?.holder == "r2")
    }

    /// Whoever has just taken the group and has not written it down yet is at work.
    @Test func aRunAtWorkIsNotAccused() async throws {
        try await addRuns()
        try change("UPDATE lock SET run = 'r2', fence = 7")
        let hold = try await store.hold("r2")
        #expect(await examine().map(\.verdict) == [.ok])
        hold.release()
        #expect(await examine().map(\.verdict) == [.problem])
    }

    /// A run that lost its group as it should has it no more.
    @Test func aGroupThatSomebodyTookAwayIsTheOthers() async throws {
        try await addRuns()
        _ = try await LockRegister(store: store).release("g", by: "a@b.c", reason: "stuck")
        _ = try await runner(store).resume("r2", by: "a@b.c")
        #expect(await examine().map(\.verdict) == [.ok])
    }
}
