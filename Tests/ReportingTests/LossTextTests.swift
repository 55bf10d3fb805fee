import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import Testing

/// What is said of a run that rests or was cut off: what it waits for, what it has lost, what is in doubt.
@Suite struct LossTextTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)

    private func state(_ kinds: [RunEvent.Kind], retry: RetryPolicy? = nil) throws -> RunState {
        let plan = Plan(
            pipeline: "release",
            steps: [
                Step(id: "work", work: .stage("shell.run"), effect: .once, retry: retry),
                Step(id: "after", work: .stage("shell.run"), effect: .once, needs: [Need("work", .declared)]),
            ], concurrency: Plan.Concurrency(group: "g"))
        return try RunState(
            RunCreation(run: "r1", plan: plan, requester: "r@x.example"), then: kinds, from: Self.time)
    }

    private func started(_ attempt: Int = 1, recovering: Bool = false) -> RunEvent.Kind {
        .started("work", attempt: attempt, token: "t", fence: nil, recovering: recovering)
    }

    private func ended(_ attempt: Int, _ code: String) -> RunEvent.Kind {
        .ended("work", attempt: attempt, .failed(StageFailure(.transient, code, "not now")))
    }

    private let broken = RunEvent.Kind.lockBroken(lock: "group g", fence: 1, by: "ops@x.example", reason: "agent gone")

    @Test func aRunThatWaitsForARetrySaysSoAndUntilWhen() throws {
        let again = RunEvent.Kind.retryScheduled("work", at: Self.time.addingTimeInterval(1200), reason: "not now")
        let state = try state(
            [started(), ended(1, "t/t"), again, .rested], retry: RetryPolicy(attempts: 4, delay: 1200))
        let report = RunReport(state, now: Self.time)
        let text = "attempt 2 of 4 at 2027-01-15T08:20:00.000Z: not now"
        let end = "\nwaits: work: \(text)\n  `almrun resume r1 --rerun work` tries it now\nthen `almrun resume r1`"
        #expect(report.ending.hasSuffix(end), "\(report.ending)")
        let wait = report.value["waits"]?[0]
        #expect(wait?["step"] == "work" && wait?["code"] == "run/retry")
        #expect(wait?["message"]?.string == text && wait?["until"] == "2027-01-15T08:20:00.000Z")
        #expect(state.waitsForRetries.map(\.suspension.message) == [text])
    }

    /// It is held up while its process waits with it as well, until something of it is at work.
    @Test func aRunThatWaitsForARetryIsHeldUp() throws {
        let again = RunEvent.Kind.retryScheduled("work", at: Self.time.addingTimeInterval(1200), reason: "not now")
        let before = [started(), ended(1, "t/t"), again]
        let retry = RetryPolicy(attempts: 4, delay: 1200)
        let waiting = try state(before, retry: retry)
        #expect(waiting.status == .running && waiting.isHeldUp)
        #expect(try !state(before + [started(2)], retry: retry).isHeldUp)
    }

    @Test func thatTheGroupOfADeadRunIsGoneIsSaid() throws {
        let state = try state([.groupEntered(lock: "group g", fence: 1), started(), broken])
        let report = RunReport(state, now: Self.time, isAbandoned: true)
        let loss = "the group 'g' was taken away by ops@x.example, 2027-01-15T08:00:03.000Z: agent gone"
        #expect(
            report.ending.hasSuffix(
                "\(loss)\nits process is gone: `almrun resume r1` carries on, and takes the group again, with a new number"
            ),
            "\(report.ending)")
        for step in ["work", "after"] as [StepID] {
            let why = try #require(state.why(step, now: Self.time, isAbandoned: true))
            #expect((why.details + [why.headline]).contains(loss), "\(why)")
        }
    }

    /// So of the lease of an environment, until the step has one again.
    @Test func thatTheLeaseOfADeadRunIsGoneIsSaid() throws {
        func acquired(_ fence: Int) -> RunEvent.Kind { .lockAcquired("work", lock: "environment dev", fence: fence) }
        let lost: [RunEvent.Kind] = [
            acquired(7), started(),
            .lockBroken(lock: "environment dev", fence: 7, by: "ops@x.example", reason: "agent gone"),
        ]
        let line = "environment dev was taken away by ops@x.example, 2027-01-15T08:00:03.000Z: agent gone"
        let why = try #require(try state(lost).why("work", now: Self.time, isAbandoned: true))
        #expect(why.details.contains(line), "\(why)")
        let resumed = try state(lost + [.resumed(by: "r@x.example", process: "p", only: []), acquired(8)])
        #expect(resumed.why("work", now: Self.time)?.details.contains(line) == false)
    }

    @Test func aCancelThatWasAskedForIsNotForgotten() throws {
        let state = try state([
            .groupEntered(lock: "group g", fence: 1), started(),
            .cancelRequested(by: "ops@x.example", reason: "stopped"), broken,
            .ended("work", attempt: 1, .cancelled), .rested,
        ])
        let ending = RunReport(state, now: Self.time).ending
        #expect(
            ending.contains("`almrun resume r1` cancels the run, as was asked, with its `finally` stages"), "\(ending)")
        #expect(!ending.contains("takes the group again"))
        let said = state.summary.waits.map(\.suspension.message)
        #expect(said.count == 1 && said[0].hasSuffix("`almrun resume r1` cancels the run, as was asked"), "\(said)")
    }

    @Test func anEffectInDoubtIsAnErrorInBothForms() throws {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        for kind in [RunEvent.Kind.suspended("work", doubt), .ended("work", attempt: 1, .cancelled)] {
            let state = try state([started(), kind])
            let xml = RunReport(state, now: Self.time.addingTimeInterval(999)).junit.xml
            #expect(xml.contains(#"errors="1""#) && xml.contains("its effect may have happened\""), "\(xml)")
            // Nobody works meanwhile.
            #expect(!xml.contains("time=\"99"), "\(xml)")
        }
        // The attempt took a second; the time that a person took to answer is no time of the step.
        let assumed = try state([
            started(), .suspended("work", doubt), .assumed("work", done: true, by: "a", comment: nil),
        ])
        let xml = RunReport(assumed, now: Self.time).junit.xml
        #expect(xml.contains("classname=\"release\" time=\"1.000\">\n      <properties>\n"), "\(xml)")
        #expect(xml.contains(#"<property name="assumedBy" value="a"/>"#), "\(xml)")
    }

    /// Nobody has looked yet what became of a command that was stopped because the group was taken away.
    @Test func whatRestsInDoubtIsAnError() throws {
        let lost = try state([
            .groupEntered(lock: "group g", fence: 1), started(), broken,
            .ended("work", attempt: 1, .lost("the group was taken away")), .rested,
        ])
        #expect(lost.stepsInDoubt == ["work"])
        let report = RunReport(lost, now: Self.time)
        #expect(report.ending.contains("IN DOUBT: work was cut off"), "\(report.ending)")
        let xml = report.junit.xml
        #expect(xml.contains(#"errors="1""#) && xml.contains("in doubt: "), "\(xml)")
        let said = try state([
            .groupEntered(lock: "group g", fence: 1), started(), broken,
            .ended("work", attempt: 1, .lost("the group was taken away")), .rested,
            .resumed(by: "r@x.example", process: "p", only: []),
            .assumed("work", done: false, by: "r@x.example", comment: nil), .rested,
        ])
        #expect(said.stepsInDoubt == [])
        #expect(RunReport(said, now: Self.time).junit.xml.contains(#"errors="0""#))
    }

    /// A cancel that the process did not live to hear.
    @Test func whatResumingAKilledRunDoesIsSaid() throws {
        let asked = RunEvent.Kind.cancelRequested(by: "ops@x.example", reason: "wrong")
        for more in [[], [broken]] {
            let state = try state([.groupEntered(lock: "group g", fence: 1), started(), asked] + more)
            let ending = RunReport(state, now: Self.time, isAbandoned: true).ending
            #expect(
                ending.hasSuffix("its process is gone: `almrun resume r1` cancels it, as was asked"), "\(ending)")
            let why = try #require(state.why("after", now: Self.time, isAbandoned: true))
            #expect(why.details.first == "the run's process is gone: `almrun resume r1` cancels it, as was asked")
            #expect(!"\(why)".contains("takes the group again") && !"\(why)".contains("carries on"), "\(why)")
        }
    }

    /// Where the probe has said that it did not happen, nobody is told that it may have.
    @Test func whatWasFoundUndoneIsNotInDoubt() throws {
        let timeout = "engine/timeout"
        let again = RunEvent.Kind.retryScheduled("work", at: Self.time, reason: "too long")
        let looked = try state([
            started(), ended(1, timeout), again, started(2, recovering: true), ended(2, timeout), .finished(.failed),
        ])
        #expect(!RunReport(looked, now: Self.time).ending.contains("IN DOUBT"))
        #expect(looked.stepsInDoubt == [])
        #expect(looked.why("work", now: Self.time)?.details.contains { $0.contains("may have happened") } == false)
        let cutOff = try state([started(), ended(1, timeout), .finished(.failed)])
        #expect(cutOff.stepsInDoubt == ["work"])
    }
}
