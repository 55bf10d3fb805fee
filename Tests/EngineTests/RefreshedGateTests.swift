import Documents
import Engine
import Pipelines
import Synchronization
import TestSupport
import Testing

/// A run that is taken up asks about what would happen now, and not about what would have happened once.
@Suite struct RefreshedGateTests {
    private static let ann = Decisions.Person(email: "ann@contoso.com")
    private static let bob = Decisions.Person(email: "bob@contoso.com")

    /// A promotion whose plan is what the world says.
    private final class World: Sendable {
        private let outcome = Mutex<StageOutcome>(World.plan("d1"))

        var bench: Bench {
            Bench(
                ScriptedExecutor { [self] step, _, attempt in
                    if case .gate(.preview) = step.work { return outcome.withLock { $0 } }
                    return .succeeded(["approved": .string(attempt.approved?.plan ?? "")])
                })
        }

        static func plan(_ digest: String) -> StageOutcome {
            .succeeded([
                "package": "p", "plan": .string(digest), "target": "t", "summary": .string("plan \(digest)"),
                "changes": [], "details": .null,
            ])
        }

        func becomes(_ next: StageOutcome) { outcome.withLock { $0 = next } }
    }

    private func decisions(_ bench: Bench) -> Decisions {
        Decisions(
            store: bench.store, clock: bench.clock.clock,
            foreseeing: { await bench.executor.foresee($1, in: $0) })
    }

    @Test func theFirstPassAsksAboutTheFreshPlan() async throws {
        let world = World()
        let bench = world.bench
        let begun = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager", count: 2))))
        try await decisions(bench).approve("r1", "prod", by: Self.ann)
        world.becomes(World.plan("d2"))
        let refusal = await #expect(throws: Refusal.self) {
            try await decisions(bench).approve("r1", "prod", by: Self.bob)
        }
        #expect(refusal?.code == "gate/changed")
        #expect(refusal?.message.hasSuffix("the plan changed from d1 to d2") == true, "\(refusal?.message ?? "")")
        #expect(refusal?.notes.contains("what would happen: plan d2") == true)
        let asked = try await bench.resume()
        #expect(asked.status == .waiting)
        #expect(asked["prod.approval"]?.round == (begun["prod.approval"]?.round ?? 0) + 1)
        #expect(asked.preview(for: "prod")?.plan == "d2")
        // What was said of the other plan is void.
        try await decisions(bench).approve("r1", "prod", by: Self.bob)
        #expect(try await bench.resume().status == .waiting)
        try await decisions(bench).approve("r1", "prod", by: Self.ann)
        let end = try await bench.resume()
        #expect(end["prod"]?.output == ["approved": "d2"])
        #expect(bench.executor.order.count { $0 == "prod" } == 1)
    }

    @Test func whatDidNotChangeIsNotAskedAnew() async throws {
        let world = World()
        let bench = world.bench
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager", count: 2))))
        try await decisions(bench).approve("r1", "prod", by: Self.ann)
        #expect(try await bench.resume()["prod.approval"]?.round == 1)
        // Who cannot look asks nobody anew, and refuses nobody.
        world.becomes(.failed(StageFailure(.broken, "test/away", "the target cannot be reached")))
        #expect(try await bench.resume()["prod.approval"]?.round == 1)
        try await decisions(bench).approve("r1", "prod", by: Self.bob)
        #expect(try await bench.resume().status == .succeeded)
    }

    /// A no to the old plan ends the run all the same; taken up after that, it asks about the new one.
    @Test func aNoStandsAndTheNextQuestionIsFresh() async throws {
        let world = World()
        let bench = world.bench
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        world.becomes(World.plan("d2"))
        try await decisions(bench).reject("r1", "prod", by: Self.ann, comment: "not today")
        #expect(try await bench.resume().status == .rejected)
        let asked = try await bench.resume()
        #expect(asked.status == .waiting)
        #expect(asked.preview(for: "prod")?.plan == "d2")
        try await decisions(bench).approve("r1", "prod", by: Self.ann)
        #expect(try await bench.resume()["prod"]?.output == ["approved": "d2"])
    }

    @Test func whatIsRefusedByNowFailsTheRun() async throws {
        let world = World()
        let bench = world.bench
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        world.becomes(.failed(StageFailure(.rejected, "test/no", "a newer version is there")))
        let refusal = await #expect(throws: Refusal.self) {
            try await decisions(bench).bypass("r1", "prod", by: .init(email: "boss@contoso.com"), reason: "hurry")
        }
        #expect(refusal?.message.hasSuffix("it would be refused now: a newer version is there") == true)
        let end = try await bench.resume()
        #expect(end.status == .failed)
        #expect(end["prod.preview"]?.failure?.code == "test/no")
    }
}
