import Documents
import Engine
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// What environments can go back to, and what is known of it no more once runs are gone.
@Suite struct LostReturnTests {
    private let folder: TemporaryFolder
    private let store: SQLiteRunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteRunStore(folder: folder.path)
    }

    private func digest(_ number: Int) -> String { String(repeating: "0", count: 63) + "\(number)" }

    /// A run that made a package, and showed something of it.
    private func add(_ number: Int, isInDoubt: Bool = false) async throws {
        let name = RunID("r\(number)")
        let steps = ["work", "tell"].map { Step(id: StepID($0), work: .stage("test.work"), effect: .once) }
        var plan = Plan(pipeline: "release", steps: isInDoubt ? steps : Array(steps.prefix(1)))
        plan.summary = nil
        var ledger = try Ledger(name, plan: plan, at: time(Double(number)))
        try await store.append(ledger.first, to: name)
        let package: Value = ["digest": .string(digest(number)), "solution": "S", "version": .string("\(number).0")]
        let made = RunEvent.Kind.ended(
            "work", attempt: 1, .succeeded(output: ["package": package], object: nil, inputDigest: "i"))
        let work = RunEvent.Kind.started("work", attempt: 1, token: "t", fence: nil, recovering: false)
        try await store.append(try ledger.add(work, made), to: name)
        guard isInDoubt else { return try await store.append(try ledger.add(.finished(.succeeded)), to: name) }
        let tell = RunEvent.Kind.started("tell", attempt: 1, token: "u", fence: nil, recovering: false)
        try await store.append(
            try ledger.add(tell, .ended("tell", attempt: 1, .cancelled), .finished(.cancelled)), to: name)
    }

    private func pruning(notOlderThan age: Double? = nil) -> StorePruning {
        let returns = (1...8).reversed().map { number in
            PackageReturn(
                environment: "prod", solution: "S", version: "\(number).0", digest: digest(number),
                leavesOutCommitters: false, evidence: EvidencePolicy(stages: ["work"], notOlderThan: age))
        }
        var packages = DeployedPackages()
        packages.returns = returns
        return StorePruning(
            store: store, objects: ObjectStore(folder: folder.path("objects/sha256")),
            logs: StepLogs(folder: folder.path("logs")), packages: packages,
            clock: RunClock(now: { time(100_000) }, sleep: { _ in }))
    }

    private func lost(keep: Int, notOlderThan age: Double? = nil) async throws -> [String] {
        try await pruning(notOlderThan: age).prune(PrunePolicy(keep: keep), changing: false).lost
    }

    /// The first five by name, in one line; what is too old already is no loss.
    @Test func versionsAreGrouped() async throws {
        for number in 1...8 { try await add(number) }
        let rest = "which 'prod' can go back to: its gates ask for that, and only a bypass opens them then"
        #expect(try await lost(keep: 1) == ["what showed 'work' of S 7.0, 6.0, 5.0, 4.0, 3.0 and 2 more, \(rest)"])
        #expect(try await lost(keep: 6) == ["what showed 'work' of S 2.0, 1.0, \(rest)"])
        #expect(try await lost(keep: 1, notOlderThan: 60) == [])
        #expect(try await lost(keep: 8) == [])
    }

    /// So does the one run that somebody gives up by its name.
    @Test func whatARunInDoubtKnewIsSaid() async throws {
        try await add(1, isInDoubt: true)
        try await add(2)
        let report = try await pruning().prune(
            unreadable: "r1", by: "ann@contoso.com", reason: "nobody wants it", force: false, changing: false)
        #expect(report.lost.contains { $0.hasPrefix("what showed 'work' of S 1.0, which 'prod' can go back to") })
    }
}
