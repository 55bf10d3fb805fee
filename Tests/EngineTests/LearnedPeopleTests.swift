import Documents
import Engine
import Foundation
import Pipelines
import Synchronization
import TestSupport
import Testing

/// What other people do after a run was made closes its gates that are not open yet.
@Suite struct LearnedPeopleTests {
    private let role = "release-manager"
    private var policy: ApprovalPolicy {
        ApprovalPolicy(role: role, distinctFrom: [.approvers(of: "test"), .committers])
    }

    private func approval(_ person: String, run: RunID = "r0", package: String = "p1") -> EarlierApproval {
        EarlierApproval(
            person: person, environment: "test", package: package, run: run,
            time: Date(timeIntervalSince1970: 1_700_000_000))
    }

    /// What a look would find now.
    private final class World: Sendable {
        private let people = Mutex(KnownPeople())

        func set(_ found: KnownPeople) { people.withLock { $0 = found } }

        var learning: Learning { { [self] _ in people.withLock(\.self) } }
    }

    private func runner(_ bench: Bench, _ world: World) -> Runner {
        Runner(store: bench.store, clock: bench.clock.clock, settings: bench.settings, learning: world.learning) {
            [executor = bench.executor] _ in executor
        }
    }

    private func start(_ bench: Bench, _ policy: ApprovalPolicy? = nil) async throws {
        let request = RunRequest(
            run: "r1", requester: "eve@contoso.com", people: KnownPeople(committers: ["dev@contoso.com"]), commit: "c1")
        _ = try await bench.runner.start(guardedPlan([("approval", .approval(policy ?? self.policy))]), request)
    }

    private func kinds(_ bench: Bench) async throws -> [String] {
        try await bench.store.events(of: "r1", after: 0).map(\.event.kind.name)
    }

    /// What cannot be read now may be read later: the gate stays closed, and the ledger keeps nothing of it.
    @Test func aLookThatDoesNotWorkKeepsTheGateClosed() async throws {
        struct Unreadable: Error {}
        let bench = Bench(Found().executor)
        try await start(bench)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        let isMended = Mutex(false)
        let learning: Learning = { _ in
            guard isMended.withLock(\.self) else { throw Unreadable() }
            return KnownPeople()
        }
        let runner = Runner(
            store: bench.store, clock: bench.clock.clock, settings: bench.settings, learning: learning
        ) { [executor = bench.executor] _ in executor }
        let before = try await kinds(bench)
        #expect(try await runner.resume("r1", by: "eve@contoso.com").state.status == .waiting)
        #expect(try await kinds(bench).dropFirst(before.count) == ["resumed", "rested"])
        #expect(!bench.executor.order.contains("prod"))
        isMended.withLock { $0 = true }
        #expect(try await runner.resume("r1", by: "eve@contoso.com").state.status == .succeeded)
    }

    /// Who decides is told, and nothing is written; a bypass asks nobody who is left out.
    @Test func nobodyApprovesWhileNobodyCanLook() async throws {
        struct Unreadable: Error {}
        let bench = Bench(Found().executor)
        try await start(bench)
        let decisions = Decisions(
            store: bench.store, clock: bench.clock.clock, learning: { _ in throw Unreadable() })
        let before = try await kinds(bench)
        await #expect(throws: Unreadable.self) { try await decisions.approve("r1", "prod", by: .ann) }
        #expect(try await kinds(bench) == before)
        try await decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        #expect(try await kinds(bench) == before + ["decided"])
    }

    @Test func theStateOnlyEverAdds() async throws {
        let bench = Bench(Found().executor)
        try await start(bench)
        var state = try await bench.state
        let learned = KnownPeople(
            approvals: [approval("ann@contoso.com")], unreadable: ["r7"], lookedThrough: 500,
            committers: ["Dev@contoso.com", "ann@contoso.com"], committersDoubt: "nobody knows", bases: ["c0"],
            uncommittedBy: ["bob@contoso.com"])
        let news = try #require(state.news(in: learned))
        #expect(news.committers == ["ann@contoso.com"])
        _ = try state.add(.learned(news, by: "eve@contoso.com"), now: bench.clock.now)
        #expect(state.people.approvals == learned.approvals)
        #expect(state.people.unreadable == ["r7"] && state.people.lookedThrough == 500 && state.people.bases == ["c0"])
        #expect(state.people.committers == ["dev@contoso.com", "ann@contoso.com"])
        #expect(state.people.uncommittedBy == ["bob@contoso.com"] && state.people.committersDoubt == "nobody knows")
        #expect(state.news(in: learned) == nil)
        // Finding less later takes nobody out.
        _ = try state.add(.learned(KnownPeople(committers: ["x@y"]), by: "eve@contoso.com"), now: bench.clock.now)
        #expect(state.people.committers == ["dev@contoso.com", "ann@contoso.com", "x@y"])
        #expect(state.people.approvals == learned.approvals && state.people.committersDoubt == "nobody knows")
        // What is about other packages, and what the run says itself, is no news.
        let others = KnownPeople(
            approvals: [approval("x@y", package: "p2"), approval("x@y", run: "r1")], unreadable: ["r1"])
        #expect(state.news(in: others) == nil)
    }

    /// A run that nobody could read stands in the way until it can be read or is given up; then what was said before counts.
    @Test func aDoubtThatWasClearedIsGone() async throws {
        let (bench, world) = (Bench(Found().executor), World())
        try await start(bench)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        world.set(KnownPeople(unreadable: ["r7", "r8"]))
        #expect(try await runner(bench, world).resume("r1", by: "eve@contoso.com").state.status == .waiting)
        #expect(try await bench.state.people.unreadable == ["r7", "r8"])
        // One of two is not enough, and what is not known to be gone stays.
        world.set(KnownPeople(unreadable: ["r8"], cleared: ["r7", "r8", "r9"]))
        #expect(try await runner(bench, world).resume("r1", by: "eve@contoso.com").state.status == .waiting)
        #expect(try await bench.state.people.unreadable == ["r8"])
        world.set(KnownPeople())
        #expect(try await runner(bench, world).resume("r1", by: "eve@contoso.com").state.status == .waiting)
        world.set(KnownPeople(cleared: ["r8"]))
        #expect(try await runner(bench, world).resume("r1", by: "eve@contoso.com").state.status == .succeeded)
        // The ledger is read again as it was.
        let events = try await bench.store.events(of: "r1", after: 0)
        let learned = events.compactMap { line -> [RunID]? in
            if case .learned(let people, _) = line.event.kind { people.cleared } else { nil }
        }
        #expect(learned == [[], ["r7"], ["r8"]])
        #expect(try LedgerLine(bytes: events[events.count - 1].bytes).event == events[events.count - 1].event)
    }

    @Test func theEventIsWrittenAndRead() throws {
        let whole = KnownPeople(
            approvals: [approval("ann@contoso.com")], unreadable: ["r7"], lookedThrough: 500, committers: ["a@b"],
            committersDoubt: "größer", bases: ["c0", "c1"], uncommittedBy: ["b@c"])
        for people in [whole, KnownPeople(committers: ["a@b"])] {
            let line = LedgerLine(
                RunEvent(
                    sequence: 2, time: Date(timeIntervalSince1970: 1_700_000_000), previous: "00",
                    kind: .learned(people, by: "eve@contoso.com")))
            #expect(try LedgerLine(bytes: line.bytes).event == line.event)
            #expect(line.event.step == nil)
        }
        let bare = #"{"format":3,"sequence":2,"time":"2026-11-21T00:00:00.000Z","previous":"","kind":"learned""#
        #expect(throws: RunStoreError.self) { try LedgerLine(bytes: Array("\(bare)}".utf8)) }
        #expect(throws: RunStoreError.self) { try LedgerLine(bytes: Array(#"\#(bare),"by":"x","people":7}"#.utf8)) }
    }

    /// A run of an earlier version says nothing of it.
    @Test func anEarlierCreationKnowsOfNoLook() throws {
        let creation = RunCreation(run: "r1", plan: guardedPlan([]), requester: "eve@contoso.com")
        let text = String(decoding: try ValueEncoder().encode(creation).canonicalJSON.utf8, as: UTF8.self)
        #expect(!text.contains("lookedThrough") && !text.contains("bases"))
        let read = try ValueDecoder().decode(RunCreation.self, from: try Value(json: text))
        #expect(read.people.lookedThrough == nil && read.people.bases == nil)
    }

    /// Who approved elsewhere after they approved here opens nothing; another person does.
    @Test(arguments: [
        KnownPeople(committers: ["Ann@contoso.com"]), KnownPeople(uncommittedBy: ["ann@contoso.com"]), nil,
    ])
    func theGateStaysClosed(_ other: KnownPeople?) async throws {
        let bench = Bench(Found().executor)
        let world = World()
        try await start(bench)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        world.set(other ?? KnownPeople(approvals: [approval("ann@contoso.com")]))
        let waiting = try await runner(bench, world).resume("r1", by: "eve@contoso.com").state
        #expect(waiting.status == .waiting)
        let gate = try #require(waiting.planned("prod.approval"))
        #expect(waiting.leftOut(at: gate).map(\.person) == ["ann@contoso.com"])
        #expect(try await kinds(bench).count { $0 == "learned" } == 1)
        // Known now, and not looked for again.
        #expect(try await bench.resume().status == .waiting)
        try await bench.decisions.approve("r1", "prod", by: .bob)
        #expect(try await runner(bench, world).resume("r1", by: "eve@contoso.com").state.status == .succeeded)
        #expect(try await kinds(bench).count { $0 == "learned" } == 1)
        let check = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(check.discrepancies.isEmpty, "\(check.discrepancies)")
    }

    /// What is learned when somebody approves is written with the approval, and nothing is when it is refused.
    @Test func whoApprovesLearns() async throws {
        let bench = Bench(Found().executor)
        let world = World()
        try await start(bench, ApprovalPolicy(role: role, count: 2, distinctFrom: [.approvers(of: "test")]))
        let decisions = Decisions(store: bench.store, clock: bench.clock.clock, learning: world.learning)
        try await decisions.approve("r1", "prod", by: .ann)
        world.set(KnownPeople(approvals: [approval("ann@contoso.com"), approval("bob@contoso.com")]))
        let before = try await bench.state.sequence
        let refusal = await bench.refusal { try await decisions.approve("r1", "prod", by: .bob) }
        #expect(refusal?.message.contains("approved for 'test' in run 'r0'") == true)
        #expect(try await bench.state.sequence == before)
        try await decisions.approve("r1", "prod", by: .eve)
        #expect(try await kinds(bench).suffix(2) == ["learned", "decided"])
        // Of Ann's approval and Eve's only the second counts.
        #expect(try await bench.resume().status == .waiting)
        // A signature is made over what was learned before it.
        world.set(KnownPeople(unreadable: ["r9"]))
        let bypassed = try await decisions.bypass(
            "r1", "prod", by: .boss, reason: "nobody is left", sign: nil)
        #expect(bypassed.people.unreadable == ["r9"])
        #expect(try await bench.resume().status == .succeeded)
    }

    /// A process dies before, between or after what it wrote: whoever comes next keeps the gate closed.
    @Test(arguments: 0...4) func aProcessThatDiesOpensNothing(_ writes: Int) async throws {
        let bench = Bench(Found().executor)
        let world = World()
        try await start(bench)
        try await bench.decisions.approve("r1", "prod", by: .ann)
        world.set(KnownPeople(approvals: [approval("ann@contoso.com")]))
        bench.store.fail(after: writes)
        _ = try? await runner(bench, world).resume("r1", by: "eve@contoso.com")
        bench.store.fail(after: nil)
        bench.store.dropHolds()
        let next = try await runner(bench, world).resume("r1", by: "eve@contoso.com").state
        #expect(next.status == .waiting && next["prod.approval"]?.status == .waiting)
        #expect(next.people.approvals.map(\.person) == ["ann@contoso.com"])
    }

    /// Of more runs than are read only the newest count, and it is said.
    @Test func itIsSaidWhatWasNotRead() async throws {
        let bench = Bench(Found().executor)
        for number in 1...3 { _ = try await bench.start(plan([step("a")]), run: RunID("r\(number)")) }
        let plan = guardedPlan([("approval", .approval(policy))])
        #expect(try await EarlierApprovals.find(for: plan, in: bench.store, limit: 3).lookedThrough == nil)
        let earlier = try await EarlierApprovals.find(for: plan, in: bench.store, limit: 2)
        #expect(earlier.lookedThrough == 2)
        let request = RunRequest(run: "r9", requester: "eve@contoso.com", people: earlier)
        let state = try await bench.runner.start(plan, request).state
        let gate = try #require(state.planned("prod.approval"))
        #expect(
            state.doubts(at: gate).map(\.text).contains(
                "only the newest 2 runs were looked through for who approved for 'test'"))
        #expect(try await bench.state(of: "r9").people.lookedThrough == 2)
    }

    /// An older run counts when it was at work when the package was deployed, with what it knows of still older ones.
    @Test func olderRunsOfThePackageAreRead() async throws {
        let bench = Bench(Found().executor)
        var asked = gate("test.approval", .approval(ApprovalPolicy(role: role)), before: "test")
        asked.environment = "test"
        asked.input = .literal(["package": ["digest": "p1"]])
        var test = step("test", environment: "test")
        test.needs = [Need("test.approval", .gate)]
        let handedOn = approval("eve@contoso.com")
        _ = try await bench.runner.start(
            plan([asked, test]),
            RunRequest(run: "r1", requester: "eve@contoso.com", people: KnownPeople(approvals: [handedOn])))
        try await bench.decisions.approve("r1", "test", by: .ann)
        let deployed = try await bench.resume().updated
        bench.clock.advance(by: 1000)
        _ = try await bench.start(plan([step("a")]), run: "r2")
        func find(_ times: [Date], besides own: RunID? = nil) async throws -> [String] {
            try await EarlierApprovals.find(of: ["test"], in: bench.store, besides: own, limit: 1, around: times)
                .approvals.map(\.person)
        }
        #expect(try await find([]) == [])
        #expect(try await find([deployed]) == ["ann@contoso.com", "eve@contoso.com"])
        #expect(try await find([deployed], besides: "r1") == [])
        #expect(try await find([deployed.addingTimeInterval(500)]) == [])
    }
}
