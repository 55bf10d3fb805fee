import Documents
public import Engine
import OrderedCollections
import Pipelines

import struct Foundation.Date

/// Runs as if they had happened, to fill a store with: of a hundred, one waits for a person, one has failed, one was
/// cancelled, and the others ended well.
public struct ManyRuns: Sendable {
    public var count: Int
    /// Steps before the approval and the deployment.
    public var steps: Int

    public init(count: Int, steps: Int = 15) {
        self.count = count
        self.steps = steps
    }

    /// All the events of one run, as the batch that makes it.
    public func batch(_ number: Int) throws -> EventBatch {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        let name = RunID("release-20261121-\(padded)-k3f9")
        let plan = plan
        let creation = RunCreation(
            run: name, plan: plan, requester: "eve@contoso.example",
            people: KnownPeople(committers: ["bob@contoso.example"]),
            commit: "abc", process: "here:1", version: "0.0.0")
        let begin = Date(timeIntervalSince1970: 1_790_000_000 + Double(number))
        let first = LedgerLine(RunEvent(sequence: 1, time: begin, previous: "", kind: .created(creation)))
        var lines = [first]
        var state = try RunState(first)
        for kind in kinds(plan, number) {
            let line = LedgerLine(
                RunEvent(
                    sequence: state.sequence + 1, time: state.updated.addingTimeInterval(0.125), previous: state.head,
                    kind: kind))
            try state.apply(line)
            lines.append(line)
        }
        return EventBatch(after: 0, lines: lines, summary: state.summary)
    }

    private var plan: Plan {
        let work = (0..<steps).map { Step(id: StepID("work\($0)"), work: .stage("test.work"), effect: .none) }
        let gate = Step(id: "ask", work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none)
        let deploy = Step(
            id: "deploy", work: .stage("test.work"), effect: .once, environment: "prod", locksEnvironment: true,
            needs: [Need("ask", .declared)])
        return Plan(
            pipeline: "release", inputs: ["version": "1.2.0"], steps: work + [gate, deploy],
            roles: Roles(members: ["release-manager": [Roles.Person(email: "ann@contoso.example", name: "Ann")]]))
    }

    private func kinds(_ plan: Plan, _ number: Int) -> [RunEvent.Kind] {
        var kinds: [RunEvent.Kind] = []
        for step in plan.steps.prefix(steps) {
            kinds.append(.started(step.id, attempt: 1, token: "t\(number)", fence: nil, recovering: false))
            kinds.append(
                .ended(
                    step.id, attempt: 1,
                    .succeeded(output: ["text": "what the step found out"], object: nil, inputDigest: nil)))
        }
        let question = Suspension(
            .approval, code: "run/approval", message: "waits for the approval of 'deploy' by 1 person")
        kinds.append(.suspended("ask", question))
        if number % 100 == 50 { return kinds + [.rested] }
        if number % 100 == 30 {
            let person = "eve@contoso.example"
            return kinds + [
                .cancelRequested(by: person, reason: nil), .cancelled("ask"), .cancelled("deploy"),
                .finished(.cancelled),
            ]
        }
        kinds += [
            .ended("ask", attempt: 0, .succeeded(output: [:], object: nil, inputDigest: nil)),
            .started("deploy", attempt: 1, token: "d\(number)", fence: 1, recovering: false),
        ]
        if number % 100 == 70 {
            let failure = StageFailure(.rejected, "test/no", "the environment says no")
            return kinds + [.ended("deploy", attempt: 1, .failed(failure)), .finished(.failed)]
        }
        return kinds + [
            .ended("deploy", attempt: 1, .succeeded(output: [:], object: nil, inputDigest: nil)),
            .finished(.succeeded),
        ]
    }
}
