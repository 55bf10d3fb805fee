import Documents
import Engine
import Pipelines
import Reporting
import Testing

@Suite struct CancelledRunReportTests {
    @Test func aCancelledRunIsNotGreen() throws {
        let state = try RunReportTests.state([
            .started("lint", attempt: 1, token: "t", fence: nil, recovering: false),
            .cancelRequested(by: "ann@x.example", reason: "wrong version"), .ended("lint", attempt: 1, .cancelled),
            .cancelled("pack"), .cancelled("ask"), .finished(.cancelled),
        ])
        let xml = RunReport(state, now: RunReportTests.time).junit.xml
        #expect(xml.contains("tests=\"4\" failures=\"0\" errors=\"1\" skipped=\"3\""))
        #expect(xml.contains("<error message=\"cancelled by ann@x.example: wrong version\">"))
        #expect(!xml.contains(": \""))
    }

    @Test(arguments: [false, true]) func whatIsSaidOfASupersededRunHoldsForTheNewerOne(_ isOver: Bool) throws {
        let state = try RunReportTests.state([
            .cancelRequested(by: "ann@x.example", reason: "superseded by run 'r2'"), .cancelled("lint"),
            .cancelled("pack"), .cancelled("ask"), .finished(.cancelled),
        ])
        let text = RunReport(state, now: RunReportTests.time, isNewerOver: isOver).ending
        #expect(text.contains("called it off, this one can be taken up") == !isOver, "\(text)")
        #expect(text.contains("next: `almrun resume \(state.run)` carries on where it stopped") == isOver, "\(text)")
        #expect(text.contains("; run 'r2', which had taken its place, is over") == isOver, "\(text)")
    }

    /// Who cancels something in its middle learns that it may be half done.
    @Test func whatWasCutOffIsInDoubt() throws {
        let steps = [Step(id: "deploy", work: .stage("shell.run"), effect: .once)]
        let state = try RunState(
            RunCreation(run: "release-1", plan: Plan(pipeline: "release", steps: steps), requester: "r@x.example"),
            then: [
                .started("deploy", attempt: 1, token: "t", fence: nil, recovering: false),
                .cancelRequested(by: "ann@x.example", reason: nil), .ended("deploy", attempt: 1, .cancelled),
                .finished(.cancelled),
            ], from: RunReportTests.time)
        #expect(RunReport(state, now: RunReportTests.time).ending.contains("IN DOUBT: deploy was cut off"))
    }

    @Test func aRunThatWaitsForItsTurnSaysSoWhileItsProcessWaits() throws {
        let state = try RunReportTests.state([.queued(group: "rel", holder: "release-0", since: RunReportTests.time)])
        #expect(state.status == .running)
        #expect(state.isHeldUp)
        #expect(state.waitsForLocks.first?.suspension.lock?.holder == "release-0")
        let text = RunReport(state, now: RunReportTests.time).ending
        #expect(text.contains("waits for run 'release-0' of the same group 'rel', which has it since"))
        // One that came to rest did so because nobody worked on the other one.
        let resting = try RunReportTests.state([
            .queued(group: "rel", holder: "release-0", since: RunReportTests.time), .rested,
        ])
        let rest = RunReport(resting, now: RunReportTests.time).ending
        #expect(rest.contains("`almrun resume release-0` carries on with it"))
    }

    @Test func anAssumedStepWithoutOutputsHasANextStep() throws {
        let failure = StageFailure(.broken, "run/no-value", "'stages.lint.output' has no value to put into a text")
        let steps = [
            Step(id: "slow", work: .stage("shell.run"), effect: .once),
            Step(id: "use", work: .stage("shell.run"), effect: .once, needs: [Need("slow", .output("output"))]),
        ]
        let state = try RunState(
            RunCreation(run: "release-1", plan: Plan(pipeline: "release", steps: steps), requester: "r@x.example"),
            then: [
                .started("slow", attempt: 1, token: "t", fence: nil, recovering: false),
                .resumed(by: "r@x.example", process: "p:1", only: []),
                .assumed("slow", done: true, by: "r@x.example", comment: nil),
                .ended("use", attempt: 0, .failed(failure)),
                .finished(.failed),
            ], from: RunReportTests.time)
        let text = RunReport(state, now: RunReportTests.time).ending
        #expect(text.contains("next: `almrun resume release-1 --rerun slow`"))
    }

    /// What a `when` may compare `run.status` with is how a run can end.
    @Test func theWordsOfItsStatusAreThoseOfARunThatIsOver() {
        let words = RunStatus.allCases.filter(\.isFinished).map(\.rawValue)
        #expect(Set(words) == Set(Reference.RunProperty.statuses))
    }
}
