import Documents
import Engine
import OrderedCollections
import Pipelines

import struct Foundation.Date

/// A plan of two steps, the first of which people approve.
func samplePlan(_ steps: [Step]? = nil) -> Plan {
    let gate = Step(
        id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none)
    let deploy = Step(
        id: "deploy", work: .stage("test.work"), effect: .once, environment: "prod", locksEnvironment: true,
        needs: [Need("ask", .declared)])
    return Plan(
        pipeline: "release", inputs: ["version": "1.2.0"], steps: steps ?? [gate, deploy],
        roles: Roles(members: ["release-manager": [Roles.Person(email: "ann@contoso.com", name: "Ann")]]),
        concurrency: Plan.Concurrency(group: "g"))
}

/// A time with whole milliseconds.
func time(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_800_000_000 + seconds) }

/// The lines of a run, and the state they make.
struct Ledger {
    var lines: [LedgerLine]
    var state: RunState

    init(_ run: RunID, plan: Plan = samplePlan(), at date: Date = time(0), evidence: [Evidence] = []) throws {
        let creation = RunCreation(
            run: run, plan: plan, requester: "eve@contoso.com", people: KnownPeople(committers: ["bob@contoso.com"]),
            commit: "abc",
            process: "here:1", version: "0.2.0", evidence: evidence)
        let line = LedgerLine(RunEvent(sequence: 1, time: date, previous: "", kind: .created(creation)))
        lines = [line]
        state = try RunState(line)
    }

    /// Adds events, and gives the batch that makes them durable.
    mutating func add(_ kinds: RunEvent.Kind...) throws -> EventBatch {
        let before = state.sequence
        for kind in kinds {
            let line = LedgerLine(
                RunEvent(
                    sequence: state.sequence + 1, time: state.updated.addingTimeInterval(0.125),
                    previous: state.head, kind: kind))
            try state.apply(line)
            lines.append(line)
        }
        return EventBatch(after: before, lines: Array(lines[before...]), summary: state.summary)
    }

    /// The batch that makes the run.
    var first: EventBatch { EventBatch(after: 0, lines: Array(lines.prefix(1)), summary: state.summary) }
}
