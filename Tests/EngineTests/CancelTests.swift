import Engine
import Pipelines
import TestSupport
import Testing

@Suite struct CancelTests {
    private func kinds(_ store: MemoryRunStore) async throws -> [String] {
        try await store.events(of: "r1", after: 0).compactMap { line in
            switch line.event.kind {
            case .cancelRequested: "cancelRequested"
            case .resumed: "resumed"
            case .finished(let status): status.rawValue
            default: nil
            }
        }
    }

    private func runner(_ bench: Bench, _ store: any RunStore) -> Runner {
        Runner(store: store, clock: bench.clock.clock, settings: bench.settings) { _ in bench.executor }
    }

    @Test func aRunThatAnotherCancelHasEndedIsNotTakenUpAgain() async throws {
        let bench = Bench()
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        let store = FaultyRunStore(bench.store, failing: nil) {
            await #expect(throws: Never.self) { try await bench.runner.cancel("r1", by: "bob@contoso.com") }
        }
        let state = try await runner(bench, store).cancel("r1", by: "ann@contoso.com")
        #expect(state.status == .cancelled)
        #expect(try await RunState.load("r1", from: bench.store).status == .cancelled)
        #expect(try await kinds(bench.store) == ["cancelRequested", "resumed", "cancelled"])
    }

    @Test func aProcessThatIsAboutToLeaveIsWaitedFor() async throws {
        let bench = Bench()
        _ = try await bench.start(plan(promotion(ApprovalPolicy(role: "release-manager"))))
        // The run is at rest, and its process has not given it back yet.
        let hold = try await bench.store.hold("r1")
        let store = FaultyRunStore(bench.store, failing: nil) {
            Task {
                try await Task.sleep(for: .milliseconds(30))
                hold.release()
            }
        }
        let state = try await runner(bench, store).cancel("r1", by: "ann@contoso.com")
        #expect(state.status == .cancelled)
        #expect(try await kinds(bench.store) == ["cancelRequested", "resumed", "cancelled"])
    }
}
