import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

/// What a preview gate finds, which a test may change between two looks.
final class Found: Sendable {
    private let preview: Mutex<Preview>

    init(package: String = "p1", plan: String = "d1", target: String = "t1") {
        preview = Mutex(Preview(package: package, plan: plan, target: target))
    }

    var now: Preview { preview.withLock(\.self) }

    func set(_ change: (inout Preview) -> Void) { preview.withLock { change(&$0) } }

    /// Shows the preview, and deploys only what was approved.
    var executor: ScriptedExecutor {
        ScriptedExecutor { [self] step, _, attempt in
            // A preview can always be written as a value.
            if case .gate(.preview) = step.work { return .succeeded((try? ValueEncoder().encode(now)) ?? .null) }
            if case .gate = step.work { return .succeeded([:]) }
            if let approved = attempt.approved, approved != now {
                return .failed(StageFailure(.stale, "t/stale", "what would happen has changed", notes: ["changed"]))
            }
            return .succeeded([:])
        }
    }
}

/// A plan whose gates are those of an environment `prod`, before the step `prod`.
func guardedPlan(
    _ gates: [(String, Gate)], before: [Step] = [], evidence: [StepID] = [], environments: [EnvironmentFile] = [],
    roles: Roles = TestKey.roles
) -> Plan {
    var steps = before
    var last: StepID?
    for (name, work) in [("preview", Gate.preview)] + gates {
        var made = gate(StepID("prod.\(name)"), work, before: "prod", after: last)
        if case .evidence = work { made.needs += evidence.map { Need($0, .evidence) } }
        steps.append(made)
        last = made.id
    }
    var guarded = step("prod", .once, environment: "prod")
    if let last { guarded.needs.append(Need(last, .gate)) }
    var files = OrderedDictionary<String, EnvironmentFile>()
    for file in environments { files[file.name] = file }
    return Plan(pipeline: "release", steps: steps + [guarded], environments: files, roles: roles)
}

/// An environment of which only the gates matter.
func environment(_ name: String, _ gates: EnvironmentFile.Gates = .init()) -> EnvironmentFile {
    EnvironmentFile(name: name, target: .directory(path: "env/\(name)"), gates: gates)
}

extension Bench {
    var state: RunState { get async throws { try await RunState.load("r1", from: store) } }

    func state(of run: RunID) async throws -> RunState { try await RunState.load(run, from: store) }

    /// Writes a decision into the ledger as somebody would who can write to the store, by default as of its own time.
    func forge(_ decision: Decision, in run: RunID = "r1", at time: Date? = nil) async throws {
        var state = try await RunState.load(run, from: store)
        let after = state.sequence
        let line = LedgerLine(
            RunEvent(
                sequence: after + 1, time: time ?? max(state.updated, decision.time), previous: state.head,
                kind: .decided(decision)))
        try state.apply(line)
        try await store.append(EventBatch(after: after, lines: [line], summary: state.summary), to: run)
    }

    /// What a refused act says.
    func refusal(_ act: () async throws -> Void) async -> Refusal? {
        do {
            try await act()
            return nil
        } catch let refusal as Refusal {
            return refusal
        } catch {
            Issue.record("another error: \(error)")
            return nil
        }
    }
}

extension Decisions.Person {
    static let ann = Decisions.Person(email: "ann@contoso.com")
    static let bob = Decisions.Person(email: "bob@contoso.com")
    static let eve = Decisions.Person(email: "eve@contoso.com")
    static let boss = Decisions.Person(email: "boss@contoso.com")
}
