import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

/// Runs as earlier versions wrote them; a file there is never changed or removed.
@Suite struct LedgerFixtureTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/ledger")

    @Test func earlierFormatsStayReadable() throws {
        let files = try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "jsonl" }
        #expect(files.map(\.lastPathComponent).contains("format-1.jsonl"))
        for file in files {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            let lines = try text.split(separator: "\n").map { try LedgerLine(bytes: Array($0.utf8)) }
            let state = try RunState(lines)
            #expect(state.status == .succeeded, "\(file.lastPathComponent)")
            #expect(state.steps.allSatisfy { $0.status.isSettled })
            #expect(Set(lines.map(\.event.kind.name)).count >= 15)
            // Signatures that held when they were made hold for ever; the first format had none.
            let isSigned = state.steps.flatMap(\.decisions).contains { $0.standing.fingerprint != nil }
            #expect(isSigned == (file.lastPathComponent != "format-1.jsonl"))
        }
    }

    /// Writes the file of today's format, unless there is one.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ALMRUN_WRITE_FIXTURE"] != nil))
    func writeTodaysFormat() async throws {
        let file = Self.folder.appending(path: "format-\(RunEvent.format).jsonl")
        guard !FileManager.default.fileExists(atPath: file.path) else { return }
        let text = try await eventfulRun().map { $0.text + "\n" }.joined()
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    /// A run in which almost everything happens that can.
    private func eventfulRun() async throws -> [LedgerLine] {
        let hasChanged = Mutex(false)
        let script: ScriptedExecutor.Script = { step, _, attempt in
            if step.id == "prod" { hasChanged.withLock { $0 = true } }
            return Self.outcome(of: step, attempt, inChangedTarget: hasChanged.withLock { $0 })
        }
        let executor = ScriptedExecutor(
            digest: { step, _ in step.id == "lint" ? "5f0c" : nil }, available: { _ in true }, script: script)
        let folder = try TemporaryFolder()
        var bench = Bench(executor)
        bench.logs = StepLogs(folder: folder.path)
        _ = try await bench.start(plan([step("lint")]), run: "r0")
        let steps =
            [
                step("doubt", .once), step("lint"), step("diff", .repeatable),
                step("flaky", .repeatable, needs: ["lint"], retry: RetryPolicy(attempts: 3)),
                step("major", when: when("diff", "level", "major")), step("user", uses: [("major", "x")]),
            ] + promotion(ApprovalPolicy(role: "release-manager", expires: 100_000), needs: ["flaky", "user", "doubt"])
            + [step("notes", .once, finally: true)]
        bench.store.fail(after: 4)
        await #expect(throws: RunStoreError.self) {
            var plan = plan(steps, concurrency: Plan.Concurrency(group: "g"))
            plan.roles = TestKey.roles
            _ = try await bench.start(plan)
        }
        bench.store.fail(after: nil)
        bench.store.dropHolds()
        let claim = try await bench.store.claim(
            Lock.environment("prod"), run: "other", step: "x", now: bench.clock.now,
            until: bench.clock.now.addingTimeInterval(1_000_000))
        _ = try await bench.resume()
        _ = try await LockRegister(store: bench.store, clock: bench.clock.clock)
            .release("g", by: "ann@contoso.com", reason: "the agent is gone")
        _ = try await bench.resume("r1", [Assumption(step: "doubt", isDone: true, comment: "seen")])
        try await bench.decisions.approve(
            "r1", "prod", by: .init(email: "ann@contoso.com", name: "Ann"), comment: "fine")
        _ = try await bench.resume()
        if case .granted(let lock) = claim { try await bench.store.release(lock) }
        _ = try await bench.resume()
        // Called off and begun anew, with what was found out of other people meanwhile.
        try await bench.decisions.approve("r1", "prod", by: .ann)
        _ = try await bench.runner.cancel("r1", by: "bob@contoso.com", reason: "a flaw was found")
        _ = try await bench.resume()
        let decisions = Decisions(store: bench.store, clock: bench.clock.clock) { _ in
            KnownPeople(committers: ["dora@contoso.com"], uncommittedBy: ["dora@contoso.com"])
        }
        try await decisions.approve("r1", "prod", by: .ann, sign: try TestKey.ann.signing())
        #expect(try await bench.resume().status == .succeeded)
        return try await bench.store.events(of: "r1", after: 0)
    }

    private static func outcome(of step: Step, _ attempt: Attempt, inChangedTarget hasChanged: Bool) -> StageOutcome {
        if step.id == "flaky" { attempt.emit(.line("one finding", .output)) }
        if case .gate(.preview) = step.work {
            return .succeeded([
                "package": "p1", "plan": hasChanged ? "d2" : "d1", "target": "t1", "summary": "install",
                "changes": ["adds it"], "details": ["n": 1],
            ])
        }
        switch step.id {
        case "flaky" where attempt.number == 1:
            let finding = Finding(code: "a/b", severity: .warning, message: "m")
            return .failed(
                StageFailure(
                    .transient, "http/busy", "the service is busy", notes: ["try later"], findings: [finding],
                    retryAfter: 2))
        case "prod" where attempt.number == 1:
            return .failed(
                StageFailure(
                    .stale, "promote/stale", "the environment has changed", notes: ["target"], changed: [.target]))
        case "doubt" where attempt.recovering:
            return .suspended(Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look"))
        default: return .succeeded(["level": "minor", "text": "größer \"a\"\n"])
        }
    }
}
