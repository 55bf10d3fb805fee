import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import Testing

/// What people decided and nobody acted on yet is said wherever a run is shown, and nobody is asked for it again.
@Suite struct SettledGateTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)

    private static let plan = Plan(
        pipeline: "release",
        steps: [
            Step(
                id: "prod.approval", work: .gate(.approval(ApprovalPolicy(role: "manager", count: 2))), effect: .none,
                environment: "prod", guarding: "prod"),
            Step(
                id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod",
                needs: [Need("prod.approval", .gate)]),
        ],
        environments: [
            "prod": EnvironmentFile(
                name: "prod", target: .directory(path: "env/prod"),
                gates: .init(bypass: BypassPolicy(role: "boss", secondPerson: true)))
        ],
        roles: Roles(members: [
            "manager": [.init(email: "m@x.example"), .init(email: "n@x.example")],
            "boss": [.init(email: "b@x.example"), .init(email: "c@x.example")],
        ]))

    private static let question = "waits for the approval by 2 people"

    private func state(_ decisions: (Decision.Verdict, String, String?)..., more: [RunEvent.Kind] = []) throws
        -> RunState
    {
        let asking: [RunEvent.Kind] = [
            .suspended("prod.approval", Suspension(.approval, code: "run/approval", message: Self.question)), .rested,
        ]
        let decided = decisions.map { verdict, person, comment in
            RunEvent.Kind.decided(
                Decision(
                    step: "prod.approval", verdict: verdict, person: person, comment: comment,
                    time: Self.time.addingTimeInterval(10)))
        }
        return try RunState(
            RunCreation(run: "r1", plan: Self.plan, requester: "r@x.example"), then: asking + decided + more,
            from: Self.time)
    }

    private var now: Date { Self.time.addingTimeInterval(60) }

    private func everywhere(_ state: RunState) throws -> [String: String] {
        let value = RunReport(state, now: now).value
        let gate = try #require(GateReport(state, step: "prod.approval", now: now))
        return [
            "show": RunReport(state, now: now).text, "show --gate": gate.text,
            "remark": value["steps"]?[0]?["remark"]?.string ?? "",
            "why gate": try #require(state.why("prod.approval", now: now)).headline,
            "why stage": try #require(state.why("prod", now: now)).details.joined(separator: "\n"),
        ]
    }

    @Test func enoughApprovals() throws {
        let state = try state((.approve, "m@x.example", nil), (.approve, "n@x.example", "read it"))
        let said = "approved by m@x.example and n@x.example: that is enough; `almrun resume r1` carries on"
        for (place, text) in try everywhere(state) {
            #expect(text.contains(said), "\(place): \(text)")
            #expect(!text.contains(Self.question), "\(place): \(text)")
            #expect(!text.contains("decide  almrun approve"), "\(place): \(text)")
        }
        let ending = RunReport(state, now: now).ending
        #expect(ending.contains("decided: prod.approval: \(said)"))
        #expect(ending.hasSuffix("next: `almrun resume r1`"))
        #expect(RunReport(state, now: now).value["waits"]?[0]?["decided"]?.string == said)
    }

    @Test func oneOfTwoIsNotEnough() throws {
        let state = try state((.approve, "m@x.example", nil))
        let text = RunReport(state, now: now).text
        #expect(text.contains(Self.question))
        #expect(text.contains("decide  almrun approve r1 prod.approval"))
        #expect(!text.contains("that is enough"))
        #expect(text.hasSuffix("then `almrun resume r1`"))
    }

    @Test func aNo() throws {
        let state = try state((.approve, "m@x.example", nil), (.reject, "n@x.example", "too early"))
        for (place, text) in try everywhere(state) {
            #expect(
                text.contains("rejected by n@x.example: too early; `almrun resume r1` carries on and ends the run"),
                "\(place): \(text)")
            #expect(!text.contains(Self.question), "\(place): \(text)")
            #expect(!text.contains("decide  almrun approve"), "\(place): \(text)")
        }
    }

    @Test func bypasses() throws {
        let half = try state((.bypass, "b@x.example", "fire"))
        #expect(
            RunReport(half, now: now).text.contains(
                "a bypass of prod.approval by b@x.example: fire (the gate is not open yet: one more person must bypass it)"
            ))
        let both = try state((.bypass, "b@x.example", "fire"), (.bypass, "c@x.example", "I saw it"))
        for (place, text) in try everywhere(both) {
            #expect(
                text.contains(
                    "bypassed by b@x.example and c@x.example: that is enough; `almrun resume r1` carries on"),
                "\(place): \(text)")
            #expect(!text.contains("not open yet"), "\(place): \(text)")
        }
        let details = try #require(both.why("prod.approval", now: now)).details
        #expect(details.count { $0.hasPrefix("c@x.example bypassed") } == 1, "\(details)")
        #expect(!details.contains { $0.contains("almrun bypass") }, "\(details)")
    }

    /// Who asked for the end of a run, and why, stands where the run is shown.
    @Test func aCancelIsShownWithItsReason() throws {
        let state = try state(more: [
            .cancelRequested(by: "m@x.example", reason: "wrong\nversion"), .cancelled("prod.approval"),
            .cancelled("prod"), .finished(.cancelled),
        ])
        #expect(
            RunReport(state, now: now).ending.contains(
                "cancelled by m@x.example 2027-01-15T08:00:03.000Z: wrong version\n"))
    }

    /// After a first attempt that was cancelled, "first begun" is its time, and not that of the look at it.
    @Test func whatIsUncertainBeganWithTheFirstAttempt() throws {
        let plan = Plan(pipeline: "p", steps: [Step(id: "tag", work: .stage("git.tag"), effect: .once)])
        func lines(_ kinds: [RunEvent.Kind]) throws -> [String] {
            let state = try RunState(
                RunCreation(run: "r1", plan: plan, requester: "r@x.example"), then: kinds, from: Self.time)
            let step = try #require(state.planned("tag"))
            return state.whatToLookAt(step, try #require(state["tag"]))
        }
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        func start(_ attempt: Int, _ recovering: Bool) -> RunEvent.Kind {
            .started("tag", attempt: attempt, token: "t", fence: nil, recovering: recovering)
        }
        let again = RunEvent.Kind.resumed(by: "r@x.example", process: "1", only: [])
        let cancelled: [RunEvent.Kind] = [.ended("tag", attempt: 1, .cancelled), .finished(.cancelled), again]
        #expect(
            try lines([start(1, false)] + cancelled + [start(2, true), .suspended("tag", doubt), .rested]).first
                == "first begun 2027-01-15T08:00:01.000Z, 1 attempt, looked once what an interrupted attempt had done")
        // The second attempt did the work, or began to, and was cut off too.
        #expect(
            try lines(
                [start(1, false)] + cancelled
                    + [start(2, false), again, start(3, true), .suspended("tag", doubt), .rested]
            ).first
                == "first begun 2027-01-15T08:00:01.000Z, 2 attempts, looked once what an interrupted attempt had done")
    }
}
