import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import Environments
@testable import Stages

@Suite("whether a package may come into an environment")
struct ReadinessTests {
    /// Friday, 15 January 2027, 08:00 UTC.
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    static let digest = String(repeating: "ab", count: 32)
    static let roles = Roles(members: ["manager": [.init(email: "ann@x.example"), .init(email: "bob@x.example")]])

    /// An environment that has had these packages of `Sales`, the last of which is there.
    static func state(_ deployments: [(version: String, digest: String, hoursAgo: Double)]) -> EnvironmentState {
        var state = EnvironmentState(key: "k")
        for (index, item) in deployments.enumerated() {
            let at = now.addingTimeInterval(-item.hoursAgo * 3600)
            state.operations.append(
                EnvironmentState.Operation(
                    sequence: index + 1, token: OperationToken("t\(index)"), solution: "Sales", version: item.version,
                    digest: item.digest, action: .upgrade, by: "a@x.example", at: at, result: .verified, readBack: at))
            state.solutions["Sales"] = InstalledSolution(
                solution: "Sales", version: item.version, isManaged: true, digest: item.digest, installed: at,
                layers: [], components: [], connectionReferences: [], variables: [], flows: [])
        }
        return state
    }

    static func facts(
        _ gates: EnvironmentFile.Gates = .init(), after: String? = nil, here: EnvironmentState = state([]),
        before: EnvironmentState? = nil, lock: HeldLock? = nil, runs: [RunState] = [], isRollback: Bool = false
    ) -> ReadinessFacts {
        ReadinessFacts(
            package: KnownPackage(digest: digest, solution: "Sales", version: "1.2.0.0"),
            environment: EnvironmentFile(
                name: "prod", after: after, target: .directory(path: "prod"), gates: gates), roles: roles, here: here,
            before: before, lock: lock, trail: PackageTrail(digest: digest, runs: runs), isRollback: isRollback,
            pipelines: ["release"], now: now)
    }

    func only(_ kind: ReadinessCondition.Kind, _ facts: ReadinessFacts) throws -> ReadinessCondition {
        try #require(Readiness(facts).conditions.first { $0.kind == kind })
    }

    @Test("without gates everything is met and a pipeline is named")
    func free() throws {
        let readiness = Readiness(Self.facts())
        #expect(readiness.standing == .met)
        #expect(readiness.conditions.map(\.kind) == [.version, .lock])
        #expect(readiness.commands == ["almrun run release"])
        #expect(readiness.earliest == nil)
        #expect(readiness.text.contains("it can go there now"))
    }

    @Test("what the environment does not bind is said")
    func bindings() throws {
        var facts = Self.facts()
        facts.unbound = []
        #expect(try only(.bindings, facts).standing == .met)
        facts.unbound = ["'prod' binds no connection for 'a'", "another"]
        let unmet = try only(.bindings, facts)
        #expect(unmet.standing == .unmet && unmet.text.hasPrefix("'prod' binds no connection for 'a'; and 1 more"))
        #expect(Readiness(facts).standing == .unmet)
    }

    @Test("a newer version and another content of the same version can never be replaced")
    func versions() throws {
        let newer = try only(.version, Self.facts(here: Self.state([("1.3.0.0", "other", 5)])))
        #expect(newer.standing == .never)
        #expect(newer.text == "1.3.0.0 is installed there, which is newer than 1.2.0.0")
        #expect(newer.command == nil)
        let back = Self.state([("1.2.0.0", Self.digest, 9), ("1.3.0.0", "other", 5)])
        #expect(
            try only(.version, Self.facts(here: back)).command == "almrun rollback prod --to 1.2.0.0 --solution Sales")
        #expect(try only(.version, Self.facts(here: back, isRollback: true)).standing == .met)
        let same = try only(.version, Self.facts(here: Self.state([("1.2.0.0", "other", 5)])))
        #expect(same.standing == .never)
        #expect(same.text.contains("another content"))
        #expect(try only(.version, Self.facts(here: Self.state([("1.2.0.0", Self.digest, 5)]))).standing == .met)
        #expect(try only(.version, Self.facts(here: Self.state([("1.1.0.0", "other", 5)]))).standing == .met)
        #expect(Readiness(Self.facts(here: Self.state([("1.3.0.0", "other", 5)]))).commands == [])
    }

    @Test("it must have been in the environment before, for long enough")
    func origin() throws {
        let gates = EnvironmentFile.Gates(soak: 86_400)
        let never = try only(.after, Self.facts(gates, after: "test", before: Self.state([])))
        #expect(never.standing == .unmet)
        #expect(never.command == "almrun why abababababab test")
        let fresh = Self.state([("1.2.0.0", Self.digest, 4)])
        let soaking = try only(.soak, Self.facts(gates, after: "test", before: fresh))
        #expect(soaking.standing == .unmet)
        #expect(soaking.text == "it has lived in 'test' for 4 h of 1 d")
        #expect(soaking.notBefore == Self.now.addingTimeInterval(20 * 3600))
        let old = Self.state([("1.2.0.0", Self.digest, 30)])
        #expect(try only(.soak, Self.facts(gates, after: "test", before: old)).standing == .met)
        let gone = Self.state([("1.2.0.0", Self.digest, 4), ("1.3.0.0", "other", 2)])
        let early = try only(.soak, Self.facts(gates, after: "test", before: gone))
        #expect(early.standing == .unmet)
        #expect(early.notBefore == nil)
        #expect(
            early.text.hasSuffix(
                "for 2 h of 1 d, and was replaced; back there, it must stay for 1 d before it comes here"))
        #expect(early.command == "almrun rollback test --to 1.2.0.0 --solution Sales")
        let way = Readiness(Self.facts(gates, after: "test", before: gone)).commands
        #expect(way.first == early.command, "\(way)")
        // What an older one took the place of no rollback brings back.
        let lower = Self.state([("1.2.0.0", Self.digest, 4), ("1.1.0.0", "other", 2)])
        #expect(try only(.soak, Self.facts(gates, after: "test", before: lower)).command == nil)
        // An earlier stay that was long enough counts, whatever came after.
        let history = Self.state([
            ("1.2.0.0", Self.digest, 90), ("1.3.0.0", "other", 50), ("1.2.0.0", Self.digest, 4),
            ("1.3.0.0", "other", 2),
        ])
        #expect(try only(.soak, Self.facts(gates, after: "test", before: history)).standing == .met)
    }

    @Test("windows, freezes and soak give the earliest time together")
    func times() throws {
        let window = ChangeWindow(days: [1, 2], from: 8 * 60, to: 16 * 60, timeZone: "UTC")
        let freeze = Freeze(from: "2027-01-10", to: "2027-01-18", reason: "moving")
        let gates = EnvironmentFile.Gates(soak: 86_400, windows: [window], freezes: [freeze])
        let fresh = Self.state([("1.2.0.0", Self.digest, 4)])
        let readiness = Readiness(Self.facts(gates, after: "test", before: fresh))
        #expect(readiness.standing == .unmet)
        let byKind = Dictionary(grouping: readiness.conditions, by: \.kind)
        // Monday the 18th is frozen, so Tuesday the 19th it is.
        #expect(byKind[.window]?.first?.notBefore == Timestamp.date("2027-01-18T08:00:00Z"))
        #expect(byKind[.freeze]?.first?.notBefore == Timestamp.date("2027-01-19T00:00:00Z"))
        #expect(byKind[.freeze]?.first?.text == "frozen 2027-01-10 to 2027-01-18 UTC: moving")
        #expect(readiness.earliest == Timestamp.date("2027-01-19T08:00:00Z"))
        #expect(try readiness.value["earliest"]?.string == "2027-01-19T08:00:00.000Z")
        let later = EnvironmentFile.Gates(freezes: [Freeze(from: "2027-02-01", to: "2027-02-02", reason: "audit")])
        #expect(try only(.freeze, Self.facts(later)).standing == .met)
        let past = EnvironmentFile.Gates(freezes: [Freeze(from: "2026-02-01", to: "2026-02-02", reason: "audit")])
        #expect(Readiness(Self.facts(past)).conditions.contains { $0.kind == .freeze } == false)
        // In New York the last day ends five hours later than in UTC, and in Tokyo it is over.
        for (zone, isFrozen) in [("America/New_York", true), ("UTC", false), ("Asia/Tokyo", false)] {
            let ends = Freeze(from: "2027-01-10", to: "2027-01-14", reason: "move", timeZone: zone)
            var facts = Self.facts(EnvironmentFile.Gates(freezes: [ends]))
            facts.now = try #require(Timestamp.date("2027-01-15T04:00:00Z"))
            let condition = Readiness(facts).conditions.first { $0.kind == .freeze }
            #expect(condition?.text == (isFrozen ? "frozen 2027-01-10 to 2027-01-14 America/New_York: move" : nil))
            #expect(condition?.notBefore == (isFrozen ? Timestamp.date("2027-01-15T05:00:00Z") : nil))
        }
    }

    @Test("a lock says who has it, and one that ran out is none")
    func locks() throws {
        let lock = Lock(
            name: "environment prod", run: "r1", step: "prod", fence: 1, since: Self.now.addingTimeInterval(-60),
            expires: Self.now.addingTimeInterval(60))
        func holding(_ lock: Lock) -> HeldLock { HeldLock(lock: lock, status: .running, process: nil) }
        let held = try only(.lock, Self.facts(lock: holding(lock)))
        #expect(held.standing == .unmet)
        #expect(held.text.hasPrefix("'prod' of run r1 works there since "))
        var over = lock
        over.expires = Self.now
        #expect(try only(.lock, Self.facts(lock: holding(over))).standing == .met)
    }

    @Test("approvals and evidence come from the open run of the package")
    func people() async throws {
        let policy = ApprovalPolicy(role: "manager", count: 2)
        let gates = EnvironmentFile.Gates(evidence: EvidencePolicy(stages: ["test"]), approvals: [policy])
        let unasked = Readiness(Self.facts(gates))
        #expect(unasked.conditions.map(\.standing) == [.met, .unmet, .unmet, .met])
        #expect(
            unasked.text.contains(
                "2 of 'manager' (ann@x.example, bob@x.example) must approve, and no run asks them about this package"))
        #expect(unasked.text.contains("no run shows 'test' of it"))

        let package: Value = ["digest": .string(Self.digest), "solution": "Sales", "version": "1.2.0.0"]
        let executor = ScriptedExecutor { step, _, _ in
            switch step.id {
            case "pack": .succeeded(["package": package])
            // A preview can always be written as a value.
            case "prod.preview":
                .succeeded((try? ValueEncoder().encode(Preview(package: Self.digest, plan: "p", target: "t"))) ?? .null)
            default: .succeeded([:])
            }
        }
        func gate(_ id: StepID, _ gate: Gate, after: StepID) -> Step {
            Step(
                id: id, work: .gate(gate), effect: .none, environment: "prod", needs: [Need(after, .gate)],
                guarding: "prod")
        }
        var promote = Step(
            id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod", locksEnvironment: true)
        promote.needs = [Need("prod.approval", .gate)]
        let plan = Plan(
            pipeline: "release",
            steps: [
                Step(id: "test", work: .stage("connector.test"), effect: .none),
                Step(id: "pack", work: .stage("solution.pack"), effect: .none, needs: [Need("test", .declared)]),
                gate("prod.preview", .preview, after: "pack"),
                gate("prod.approval", .approval(policy), after: "prod.preview"), promote,
            ], roles: Self.roles)
        let store = MemoryRunStore()
        let clock = ManualClock(Self.now.addingTimeInterval(-600))
        let runner = Runner(store: store, clock: clock.clock) { _ in executor }
        _ = try await runner.start(plan, RunRequest(run: "r1", requester: "rana@x.example"))
        try await Decisions(store: store, clock: clock.clock)
            .approve("r1", "prod", by: .init(email: "ann@x.example"))
        let trail = try await PackageTrail.find(Self.digest, in: store, objects: nil)
        #expect(trail.runs.map(\.run) == ["r1"])
        #expect(trail.evidence().map(\.name) == ["test", "pack"])
        let asked = Readiness(Self.facts(gates, runs: trail.runs))
        let approval = try #require(asked.conditions.first { $0.kind == .approval })
        #expect(
            approval.text
                == "1 more of 'manager' must approve, given by ann@x.example; bob@x.example may; run r1 asks")
        #expect(approval.command == "almrun approve r1 prod.approval")
        #expect(asked.conditions.first { $0.kind == .evidence }?.standing == .met)
        #expect(asked.commands == ["almrun approve r1 prod.approval", "almrun resume r1"])
        let other = try await PackageTrail.find("cdcdcd", in: store, objects: nil)
        #expect(other.runs.isEmpty)
    }

    @Test("older runs that were not read are told of")
    func unread() async throws {
        let store = MemoryRunStore()
        let clock = ManualClock(Self.now.addingTimeInterval(-600))
        let runner = Runner(store: store, clock: clock.clock) { _ in ScriptedExecutor() }
        let plan = Plan(
            pipeline: "p", steps: [Step(id: "a", work: .stage("test.work"), effect: .none)], roles: Self.roles)
        for number in 1...4 {
            _ = try await runner.start(plan, RunRequest(run: RunID("r\(number)"), requester: "rana@x.example"))
        }
        for (limit, unread) in [(0, 4), (3, 1), (4, 0), (50, 0)] {
            var facts = Self.facts()
            facts.trail = try await PackageTrail.find(Self.digest, in: store, objects: nil, limit: limit)
            let readiness = Readiness(facts)
            #expect(readiness.unread == unread)
            #expect(try readiness.value["unreadRuns"]?.integer == unread)
            let words = unread == 1 ? "not read: 1 older run; what only it shows" : "not read: \(unread) older runs;"
            #expect(readiness.text.contains(words) == (unread > 0), "\(readiness.text)")
        }
    }

    /// A run that brings the package back, with the gates before its promotion.
    func rollback(_ gates: [(String, Gate)], key: String? = nil) async throws -> (
        Runner, Decisions, PackageTrail
    ) {
        let executor = ScriptedExecutor { step, _, _ in
            guard case .gate(.preview) = step.work else { return .succeeded([:]) }
            // A preview can always be written as a value.
            let preview = Preview(package: Self.digest, plan: "p", target: "t")
            return .succeeded((try? ValueEncoder().encode(preview)) ?? .null)
        }
        var steps: [Step] = []
        for (name, gate) in [("preview", Gate.preview)] + gates {
            steps.append(
                Step(
                    id: StepID("prod.\(name)"), work: .gate(gate), effect: .none, environment: "prod",
                    needs: steps.last.map { [Need($0.id, .gate)] } ?? [], guarding: "prod"))
        }
        let package: Value = ["digest": .string(Self.digest), "solution": "Sales", "version": "1.2.0.0"]
        steps.append(
            Step(
                id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod",
                locksEnvironment: true, input: .map(["package": .literal(package)]),
                needs: steps.last.map { [Need($0.id, .gate)] } ?? []))
        let managers = (Self.roles.members["manager"] ?? []).map { Roles.Person(email: $0.email, key: key) }
        let roles = Roles(members: [
            "manager": managers, "bypass": [.init(email: "boss@x.example")],
        ])
        let plan = Plan(pipeline: RollbackPlan.pipeline, steps: steps, roles: roles)
        let store = MemoryRunStore()
        let clock = ManualClock(Self.now.addingTimeInterval(-600))
        let runner = Runner(store: store, clock: clock.clock) { _ in executor }
        _ = try await runner.start(plan, RunRequest(run: "back", requester: "rana@x.example"))
        let trail = try await PackageTrail.find(Self.digest, in: store, objects: nil)
        return (runner, Decisions(store: store, clock: clock.clock), trail)
    }

    @Test("beside a waiting rollback of the package, what that waits for is said")
    func waitingRollback() async throws {
        let back = Self.state([("1.2.0.0", Self.digest, 9), ("1.3.0.0", "other", 5)])
        let policy = ApprovalPolicy(role: "manager")
        let gates = EnvironmentFile.Gates(approvals: [policy])
        #expect(Readiness(Self.facts(gates, here: back)).standing == .never)
        let (_, _, trail) = try await rollback([("approval", .approval(policy))])
        #expect(trail.openRollback(in: "prod")?.run == "back")
        #expect(trail.openRollback(in: "test") == nil)
        #expect(PackageTrail(digest: "cdcdcd", runs: trail.runs).openRollback(in: "prod") == nil)
        let waiting = Readiness(Self.facts(gates, here: back, runs: trail.runs, isRollback: true))
        #expect(waiting.standing == .unmet)
        #expect(waiting.text.contains("goes back from 1.3.0.0 to 1.2.0.0, as run back asks"))
        #expect(
            waiting.text.contains("1 more of 'manager' must approve; ann@x.example, bob@x.example may; run back asks"))
        #expect(waiting.commands == ["almrun approve back prod.approval", "almrun resume back"])
        // Planned and not begun, it has no run that could be resumed.
        #expect(Readiness(Self.facts(gates, here: back, isRollback: true)).commands == [])
    }

    @Test("what was bypassed in the open run is met")
    func bypassed() async throws {
        let freeze = Freeze(from: "2027-01-10", to: "2027-01-18", reason: "moving")
        let gates = EnvironmentFile.Gates(freezes: [freeze])
        let (_, decisions, trail) = try await rollback([("window", .window([], freezes: [freeze]))])
        let before = Readiness(Self.facts(gates, runs: trail.runs))
        #expect(before.standing == .unmet)
        #expect(before.earliest != nil)
        let run = try await decisions.bypass("back", "prod", by: .init(email: "boss@x.example"), reason: "incident")
        let after = Readiness(Self.facts(gates, runs: [run]))
        #expect(after.standing == .met)
        #expect(after.earliest == nil)
        #expect(
            after.text.contains("frozen 2027-01-10 to 2027-01-18 UTC: moving; bypassed by boss@x.example in run back"))
    }

    @Test("what people have decided is said before anybody resumes the run")
    func decidedAndNotResumed() async throws {
        let policy = ApprovalPolicy(role: "manager", count: 2)
        let gates = EnvironmentFile.Gates(approvals: [policy])
        func approval(_ run: RunState) throws -> ReadinessCondition {
            let facts = Self.facts(gates, runs: [run], isRollback: true)
            return try #require(Readiness(facts).conditions.first { $0.kind == .approval })
        }
        let (_, decisions, _) = try await rollback([("approval", .approval(policy))])
        try await decisions.approve("back", "prod", by: .init(email: "ann@x.example"))
        let approved = try await decisions.approve("back", "prod", by: .init(email: "bob@x.example"))
        #expect(try approval(approved).standing == .met)
        #expect(
            try approval(approved).text
                == "approved by ann@x.example and bob@x.example: that is enough; `almrun resume back` carries on")

        let (_, others, _) = try await rollback([("approval", .approval(policy))])
        let rejected = try await others.reject("back", "prod", by: .init(email: "ann@x.example"), comment: "no\nmet")
        #expect(try approval(rejected).standing == .unmet)
        #expect(
            try approval(rejected).text
                == "rejected by ann@x.example: no met; `almrun resume back` carries on and ends the run")
        #expect(try approval(rejected).command == "almrun resume back")

        let (_, thirds, _) = try await rollback([("approval", .approval(policy))])
        let bypassed = try await thirds.bypass("back", "prod", by: .init(email: "boss@x.example"), reason: "incident")
        #expect(try approval(bypassed).standing == .met)
        #expect(try approval(bypassed).text.hasPrefix("bypassed by boss@x.example: that is enough; "))
    }

    @Test("who cannot approve is not named")
    func leftOut() throws {
        let policy = ApprovalPolicy(role: "manager", distinctFrom: [.approvers(of: "test")], signed: .required)
        var facts = Self.facts(.init(approvals: [policy]))
        #expect(try only(.approval, facts).text.contains("(nobody may)"))
        facts.roles.members["manager"]?[1].key = "ssh-ed25519 AAAA"
        #expect(try only(.approval, facts).text.contains("(bob@x.example)"))
    }

    @Test(
        "a package is named by digest, file, or solution and version",
        arguments: [
            ("abcdef", PackageName.digest("abcdef")), ("ABCDEF12", .digest("abcdef12")), ("abcde", nil),
            ("sha256:abcdef", .digest("abcdef")), ("SHA256:ABCDEF", .digest("abcdef")), ("sha256:abc", nil),
            ("abcdeg", nil), ("out/a.ZIP", .file("out/a.ZIP")),
            ("Sales@1.2", .version(solution: "Sales", version: "1.2")), ("@1.2", nil), ("Sales@", nil), ("latest", nil),
        ] as [(String, PackageName?)])
    func names(_ text: String, _ expected: PackageName?) { #expect(PackageName(text) == expected) }
}
