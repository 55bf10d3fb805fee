import Documents
import Engine
import OrderedCollections
import Pipelines
import TestSupport

import struct Foundation.Date

/// A step in few words.
func step(
    _ id: StepID, _ effect: StageDescription.Effect = .none, needs: [StepID] = [], uses: [(StepID, String)] = [],
    input: Argument = .map([:]), when condition: Condition? = nil, environment: String? = nil,
    retry: RetryPolicy? = nil,
    timeout: Double? = nil, finally isFinally: Bool = false, pool: Pool? = nil
) -> Step {
    var edges = needs.map { Need($0, .declared) } + uses.map { Need($0.0, .output($0.1)) }
    for alternative in condition?.alternatives ?? [] {
        for entry in alternative {
            if case .reference(.output(let step, let name, _)) = entry.argument {
                edges.append(Need(step, .condition(name)))
            }
        }
    }
    var input = input
    if input == .map([:]), !uses.isEmpty {
        input = .map(
            OrderedDictionary(
                uniqueKeysWithValues: uses.map { ("\($0.0).\($0.1)", .reference(.output($0.0, name: $0.1, path: []))) })
        )
    }
    return Step(
        id: id, work: .stage("test.work"), effect: effect, environment: environment,
        locksEnvironment: environment != nil && effect == .once, input: input, needs: edges, condition: condition,
        retry: retry, timeout: timeout, isFinally: isFinally, pool: pool)
}

/// A `when` of one entry.
func when(_ step: StepID, _ output: String, _ expected: Value...) -> Condition {
    Condition(alternatives: [
        [
            Condition.Entry(
                subject: "stages.\(step).\(output)", argument: .reference(.output(step, name: output, path: [])),
                expected: expected)
        ]
    ])
}

/// A gate before a step.
func gate(_ id: StepID, _ gate: Gate, before guarded: StepID, needs: [StepID] = [], after: StepID? = nil) -> Step {
    Step(
        id: id, work: .gate(gate), effect: .none, environment: "prod",
        needs: needs.map { Need($0, .declared) } + (after.map { [Need($0, .gate)] } ?? []), guarding: guarded)
}

/// Two release managers, and the requester is one of them.
let roles = Roles(members: [
    "release-manager": [
        Roles.Person(email: "ann@contoso.com"), Roles.Person(email: "bob@contoso.com"),
        Roles.Person(email: "Eve@contoso.com"),
    ],
    "bypass": [Roles.Person(email: "boss@contoso.com")],
])

/// Preview, approval, and the promotion they guard.
func promotion(_ policy: ApprovalPolicy, needs: [StepID] = [], to id: StepID = "prod") -> [Step] {
    let (preview, approval) = (StepID("\(id).preview"), StepID("\(id).approval"))
    var guarded = step(id, .once, needs: needs, environment: id.rawValue)
    guarded.needs.append(Need(approval, .gate))
    return [
        gate(preview, .preview, before: id, needs: needs),
        gate(approval, .approval(policy), before: id, needs: needs, after: preview), guarded,
    ]
}

func plan(_ steps: [Step], concurrency: Plan.Concurrency? = nil) -> Plan {
    Plan(pipeline: "release", steps: steps, roles: roles, concurrency: concurrency)
}

/// A store, a clock and a runner over a scripted executor.
struct Bench {
    let store = MemoryRunStore()
    let clock: ManualClock
    let executor: ScriptedExecutor
    var settings = RunnerSettings()
    /// Where what steps say goes; nowhere as a rule.
    var logs: StepLogs?

    init(_ executor: ScriptedExecutor = ScriptedExecutor(), clock: ManualClock = ManualClock()) {
        self.executor = executor
        self.clock = clock
        settings.lockPatience = 5
        // The clock runs ahead of everything that is done: nobody is too slow to take its turn.
        settings.turnPatience = .infinity
    }

    var runner: Runner {
        Runner(store: store, logs: logs, clock: clock.clock, settings: settings) { [executor] _ in executor }
    }

    var decisions: Decisions { Decisions(store: store, clock: clock.clock) }

    func start(_ plan: Plan, run: RunID = "r1", requester: String = "eve@contoso.com") async throws -> RunState {
        try await runner.start(
            plan, RunRequest(run: run, requester: requester, people: KnownPeople(committers: ["bob@contoso.com"]))
        ).state
    }

    func resume(_ run: RunID = "r1", _ assumptions: [Assumption] = []) async throws -> RunState {
        try await runner.resume(run, by: "eve@contoso.com", assumptions: assumptions).state
    }
}

/// Work that is still not done when `seconds` have passed on `clock`, and that ends when it is told to stop. With a clock that
/// does not jump as far, nobody else runs out of time, however busy the machine is.
func outlast(_ seconds: Double, _ clock: ManualClock) async -> StageOutcome {
    clock.advance(by: seconds + 1)
    try? await Task.sleep(for: .seconds(60))
    return .cancelled
}

extension RunState {
    /// How all steps stand, by name.
    var statuses: [String: StepStatus] {
        Dictionary(uniqueKeysWithValues: zip(plan.steps, steps).map { ($0.id.rawValue, $1.status) })
    }
}
