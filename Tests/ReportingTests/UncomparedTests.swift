import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import TestSupport
import Testing

/// What is said of a comparison that found nothing to compare with.
@Suite struct UncomparedTests {
    private let time = Date(timeIntervalSince1970: 1_800_000_000)

    private func state(
        _ preview: Preview,
        diff: Value = ["level": "none", "first": true, "absence": "there is no tag with the prefix 'rel/'"]
    ) throws -> RunState {
        func gate(_ name: String, _ gate: Gate, _ need: StepID) -> Step {
            Step(
                id: StepID("prod.\(name)"), work: .gate(gate), effect: .none, environment: "prod",
                needs: [Need(need, .gate)], guarding: "prod")
        }
        let plan = Plan(
            pipeline: "release",
            steps: [
                Step(id: "diff", work: .stage("openapi.diff"), effect: .none),
                gate("preview", .preview, "diff"),
                gate("approval", .approval(ApprovalPolicy(role: "manager")), "prod.preview"),
                Step(
                    id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod",
                    needs: [Need("prod.approval", .gate)]),
            ], roles: Roles(members: ["manager": [.init(email: "m@x.example")]]))
        func done(_ step: StepID, _ output: Value) -> RunEvent.Kind {
            .ended(step, attempt: 1, .succeeded(output: output, object: nil, inputDigest: nil))
        }
        return try RunState(
            RunCreation(run: "r1", plan: plan, requester: "r@x.example"),
            then: [
                done("diff", diff),
                done("prod.preview", try ValueEncoder().encode(preview)),
                .suspended("prod.approval", Suspension(.approval, code: "run/approval", message: "waits")),
            ], from: time)
    }

    @Test func whereAnEarlierVersionIsInstalledItIsARisk() throws {
        var preview = Preview(package: "ab", plan: "p", target: "t")
        preview.details = ["action": "upgrade", "from": "1.0.2.0", "to": "1.0.3.0"]
        let state = try state(preview)
        let brief = try #require(GateBrief(state, gate: "prod.approval", now: time))
        #expect(
            brief.risks.contains(
                GateRisk("nothing-compared", "'diff' compared with no release, and prod has 1.0.2.0")))
        let lines = brief.lines()
        #expect(lines.contains("diff       nothing was compared: there is no tag with the prefix 'rel/' (diff)"))
        let why = try #require(state.why("diff", now: time))
        #expect(why.details.contains("nothing was compared: there is no tag with the prefix 'rel/'"))
    }

    /// A tag that was moved onto the run's own commit empties the comparison for certain.
    @Test(arguments: [true, false]) func theRunsOwnCommitAsBaseIsARisk(_ isOwn: Bool) throws {
        let preview = Preview(package: "ab", plan: "p", target: "t")
        let state = try state(
            preview,
            diff: [
                "level": "none", "first": false, "changes": 0, "breaking": 0, "baseCommit": "0123456789abcdef",
                "baseIsAncestor": true, "baseIsOwnCommit": .boolean(isOwn),
            ])
        let brief = try #require(GateBrief(state, gate: "prod.approval", now: time))
        let risk = GateRisk(
            "base-is-own-commit",
            "'diff' compared with commit 0123456789ab, which is the run's own commit: nothing could differ")
        #expect(brief.risks.contains(risk) == isOwn, "\(brief.risks)")
    }

    @Test func theFirstDeploymentIsNone() throws {
        var preview = Preview(package: "ab", plan: "p", target: "t")
        preview.details = ["action": "install", "to": "1.0.3.0"]
        let brief = try #require(GateBrief(try state(preview), gate: "prod.approval", now: time))
        #expect(!brief.risks.contains { $0.code == "nothing-compared" })
    }
}
