import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// Who approved for an environment of which a gate asks that stays known, whatever became of the run.
@Suite struct KeptApproverTests {
    private let folder: TemporaryFolder
    private let store: SQLiteRunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteRunStore(folder: folder.path)
    }

    /// A run that was cancelled once Ann had approved in it.
    private func addApproved(_ name: RunID, at seconds: Double, for environment: String) async throws {
        let policy = ApprovalPolicy(role: "release-manager")
        let gate = Step(id: "ask", work: .gate(.approval(policy)), effect: .none, environment: environment)
        var ledger = try Ledger(name, plan: samplePlan([gate]), at: time(seconds))
        let yes = Decision(
            step: "ask", verdict: .approve, person: "ann@contoso.com", package: "p1",
            time: ledger.state.updated.addingTimeInterval(0.125))
        try await store.append(ledger.first, to: name)
        try await store.append(try ledger.add(.decided(yes), .finished(.cancelled)), to: name)
    }

    /// A run in which nobody decided.
    private func add(
        _ name: RunID, at seconds: Double, leavesOut excluded: [ApprovalPolicy.Excluded] = []
    ) async throws {
        let policy = ApprovalPolicy(role: "release-manager", distinctFrom: excluded)
        let gate = Step(id: "ask", work: .gate(.approval(policy)), effect: .none)
        var ledger = try Ledger(name, plan: samplePlan([gate]), at: time(seconds))
        try await store.append(ledger.first, to: name)
        try await store.append(try ledger.add(.finished(.cancelled)), to: name)
    }

    private func prune(asking environments: Set<String>?) async throws -> PruneReport {
        let pruning = StorePruning(
            store: store, objects: ObjectStore(folder: folder.path("objects/sha256")),
            logs: StepLogs(folder: folder.path("logs")), packages: DeployedPackages(approversOf: environments),
            clock: RunClock(now: { time(100_000) }, sleep: { _ in }))
        return try await pruning.prune(PrunePolicy(keep: 1), changing: false)
    }

    @Test func onlyWhatAGateAsksForStays() async throws {
        for (number, name) in ["dev", "test", "prod"].enumerated() {
            try await addApproved(RunID("r\(number + 1)"), at: Double(number + 1), for: name)
        }
        try await add("r4", at: 4)
        #expect(try await prune(asking: []).runs == ["r3", "r2", "r1"])
        #expect(try await prune(asking: nil).runs == [])
        let report = try await prune(asking: ["test"])
        #expect(report.runs == ["r3", "r1"] && report.kept.map(\.run) == ["r2"])
        let what = "approved or bypassed a gate of 'test' in it, and `approvers-of: test` asks who did"
        #expect(report.kept.first?.reason == "ann@contoso.com \(what)")
    }

    /// A run that is taken up again asks what its own plan says, whatever the files say now.
    @Test func whatThePlanOfARunAsksForCounts() async throws {
        try await addApproved("r1", at: 1, for: "dev")
        try await addApproved("r2", at: 2, for: "test")
        try await add("r3", at: 3, leavesOut: [.approvers(of: "dev")])
        #expect(try await prune(asking: []).runs == ["r2"])
    }
}
