import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import RunStorage
import TestSupport
import Testing

/// The engine on the real store.
@Suite struct SQLiteRunTests {
    private func runner(_ store: SQLiteRunStore, _ executor: ScriptedExecutor, folder: String) -> Runner {
        var settings = RunnerSettings()
        settings.poll = 0.02
        return Runner(
            store: store, objects: ObjectStore(folder: folder + "/objects"), logs: StepLogs(folder: folder + "/logs"),
            settings: settings
        ) { _ in executor }
    }

    @Test func peopleDecideWhileOtherStepsRun() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        let decisions = Decisions(store: try SQLiteRunStore(folder: folder.path))
        let executor = ScriptedExecutor { step, _, attempt in
            guard step.id == "long" else { return .succeeded([:]) }
            attempt.emit(.line("first\nsecond", .output))
            // Runs until the gate was opened: the approval is seen while it is under way.
            for _ in 0..<500 {
                let state = try? await RunState.load("r1", from: store)
                if state?["ask"]?.status == .waiting {
                    _ = try? await decisions.approve("r1", "ask", by: .init(email: "ann@contoso.com"))
                }
                if state?["ask"]?.status == .succeeded {
                    return .succeeded(["big": .string(String(repeating: "x", count: 9000))])
                }
                try? await Task.sleep(for: .milliseconds(10))
            }
            return .failed(StageFailure(.broken, "t/t", "nobody saw the approval"))
        }
        let long = Step(id: "long", work: .stage("test.work"), effect: .repeatable)
        let uses = Step(
            id: "uses", work: .stage("test.work"), effect: .repeatable,
            input: .map(["big": .reference(.output("long", name: "big", path: []))]),
            needs: [Need("long", .output("big")), Need("deploy", .declared)])
        let plan = samplePlan(samplePlan().steps + [long, uses])
        let runner = runner(store, executor, folder: folder.path)
        let state = try await runner.start(plan, RunRequest(run: "r1", requester: "eve@contoso.com")).state
        #expect(state.status == .succeeded)
        #expect(executor.calls.last?.input["big"]?.string?.count == 9000)
        #expect(try await store.locks().isEmpty)
        // Large outputs are objects, and come back from there.
        let bare = try await RunState.load("r1", from: store)
        #expect(bare["long"].map { $0.output == Value?.none } == true)
        let full = try await RunState.load("r1", from: store, objects: ObjectStore(folder: folder.path("objects")))
        #expect(full["long"]?.output?["big"]?.string?.count == 9000)
        var log = StepLogs(folder: folder.path("logs")).reader(run: "r1", step: "long", attempt: 1)
        #expect(log.next().map(\.text) == ["first", "second"])
        #expect(log.next().isEmpty)
    }

    @Test func runsOfOneEnvironmentTakeTurns() async throws {
        let folder = try TemporaryFolder()
        let executor = ScriptedExecutor { _, _, _ in
            try? await Task.sleep(for: .milliseconds(20))
            return .succeeded([:])
        }
        let deploy = Step(
            id: "deploy", work: .stage("test.work"), effect: .once, environment: "prod", locksEnvironment: true)
        let plan = Plan(pipeline: "p", steps: [deploy])
        try await withThrowingTaskGroup(of: RunStatus.self) { group in
            for number in 0..<5 {
                let store = try SQLiteRunStore(folder: folder.path)
                let runner = runner(store, executor, folder: folder.path)
                group.addTask {
                    try await runner.start(plan, RunRequest(run: RunID("r\(number)"), requester: "a@b.c")).status
                }
            }
            for try await status in group { #expect(status == .succeeded) }
        }
        #expect(executor.calls.count == 5)
        #expect(executor.order.allSatisfy { $0 == "deploy" })
    }

    @Test func logsEndAtTheirLimit() throws {
        let folder = try TemporaryFolder()
        let logs = StepLogs(folder: folder.path, limit: 300)
        let writer = logs.writer(run: "r", step: "prod/promote", attempt: 2)
        for number in 0..<100 { writer.write("line \(number)", .error, at: time(0)) }
        writer.close()
        writer.write("late", .output, at: time(0))
        #expect(logs.path(run: "r", step: "prod/promote", attempt: 2).hasSuffix("/r/prod~promote-2.log"))
        var reader = logs.reader(run: "r", step: "prod/promote", attempt: 2)
        let lines = reader.next()
        #expect(lines.first == StepLogReader.Line(time: time(0), stream: .error, text: "line 0"))
        #expect(lines.last?.text == "the log ends here: it has reached 300 bytes")
        #expect(lines.count < 12)
    }
}
