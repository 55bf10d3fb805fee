import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting
import TestSupport
import Testing

/// What is said of a run is true at the moment at which it is said.
@Suite struct StandingTextTests {
    private static let time = RunReportTests.time
    private static let late = time.addingTimeInterval(10_000)
    private static let gates = EnvironmentFile.Gates(
        bypass: BypassPolicy(role: "on-call", secondPerson: true))
    private static let roles = Roles(members: [
        "manager": [.init(email: "ann@x.example"), .init(email: "bob@x.example")],
        "on-call": [.init(email: "oc1@x.example"), .init(email: "oc2@x.example")],
    ])

    private static func plan(_ steps: [Step]) -> Plan {
        Plan(
            pipeline: "release", steps: steps,
            environments: ["prod": EnvironmentFile(name: "prod", target: .directory(path: "p"), gates: gates)],
            roles: roles)
    }

    private static func gate(_ gate: Gate) -> [Step] {
        [
            Step(id: "prod.gate", work: .gate(gate), effect: .none, environment: "prod", guarding: "prod"),
            Step(
                id: "prod", work: .stage("solution.promote"), effect: .once, environment: "prod",
                locksEnvironment: true, needs: [Need("prod.gate", .gate)]),
        ]
    }

    private static func state(_ steps: [Step], _ kinds: [RunEvent.Kind]) throws -> RunState {
        try RunState(RunCreation(run: "r1", plan: plan(steps), requester: "rana@x.example"), then: kinds, from: time)
    }

    private static let shell = [Step(id: "n", work: .stage("shell.run"), effect: .once)]
    private static let begun = RunEvent.Kind.started("n", attempt: 1, token: "t", fence: nil, recovering: false)

    private static func bypass(_ person: String) -> RunEvent.Kind {
        .decided(Decision(step: "prod.gate", verdict: .bypass, person: person, comment: "INC-1", time: time))
    }

    // MARK: - A run whose process is gone

    @Test func aRunWhoseProcessIsGoneDoesNotRun() throws {
        let state = try Self.state(Self.shell, [Self.begun])
        let gone = RunReport(state, now: Self.late, isAbandoned: true)
        #expect(gone.text.hasSuffix("its process is gone: `almrun resume r1` carries on"))
        #expect(gone.text.contains("n  cut off when the run's process ended"))
        #expect(gone.value["processIsGone"] == true)
        #expect(gone.value["next"] == ["its process is gone: `almrun resume r1` carries on"])
        let alive = RunReport(state, now: Self.late)
        #expect(alive.value["processIsGone"] == false && !alive.text.contains("gone"))
        let why = try #require(state.why("n", now: Self.late, isAbandoned: true))
        #expect(why.headline == "attempt 1 was cut off when the run's process ended")
        #expect(why.details.first == "the run's process is gone: `almrun resume r1` carries on")
        #expect(why.processIsGone == true)
        #expect(state.why("n", now: Self.late)?.headline == "runs, attempt 1")
    }

    // MARK: - Half bypasses

    @Test func theSecondPersonFindsTheWindowThatWaitsForThem() async throws {
        let store = MemoryRunStore()
        let clock = ManualClock()
        // Closed but for one minute of the week.
        let window = ChangeWindow(days: [3], from: 60, to: 61, timeZone: "UTC")
        let runner = Runner(store: store, clock: clock.clock) { _ in ScriptedExecutor() }
        _ = try await runner.start(
            Self.plan(Self.gate(.window([window], freezes: []))), RunRequest(run: "r1", requester: "rana@x.example"))
        func inbox(_ person: String, all: Bool = false) async throws -> Inbox {
            try await Inbox.read(
                .init(person: person, roles: ["on-call"], all: all), from: store, now: clock.now)
        }
        #expect(try await inbox("oc2@x.example").items.isEmpty)
        try await Decisions(store: store, clock: clock.clock)
            .bypass("r1", "prod.gate", by: .init(email: "oc1@x.example"), reason: "INC-1")
        let mine = try await inbox("oc2@x.example")
        #expect(mine.items.map(\.isMine) == [true])
        #expect(mine.value["items"]?[0]?["mayBypass"] == ["oc2@x.example"])
        #expect(try await inbox("oc1@x.example").items.isEmpty)
        #expect(try await inbox("x@x.example", all: true).items.map(\.isMine) == [false])
    }

    @Test func theSecondPersonFindsTheFailedGateThatWaitsForThem() async throws {
        let store = MemoryRunStore()
        let clock = ManualClock()
        let runner = Runner(store: store, clock: clock.clock) { _ in ScriptedExecutor() }
        let ending = try await runner.start(
            Self.plan(Self.gate(.evidence(EvidencePolicy(stages: ["diff"])))),
            RunRequest(run: "r1", requester: "rana@x.example"))
        #expect(ending.status == .failed)
        let decisions = Decisions(store: store, clock: clock.clock)
        func inbox() async throws -> Inbox {
            try await Inbox.read(.init(person: "oc2@x.example", roles: ["on-call"]), from: store, now: clock.now)
        }
        #expect(try await inbox().items.isEmpty)
        let half = try await decisions.bypass(
            "r1", "prod.gate", by: .init(email: "oc1@x.example"), reason: "INC-1")
        let found = try await inbox()
        #expect(found.items.map(\.isMine) == [true])
        #expect(found.text.contains("almrun bypass r1 prod.gate") && found.text.contains("nothing shows 'diff'"))
        let waiting = RunReport(half, now: clock.now).ending
        #expect(waiting.contains("one more of 'on-call' (oc2@x.example) must bypass it"), "\(waiting)")
        #expect(!waiting.contains("mend the cause"))
        let whole = try await decisions.bypass(
            "r1", "prod.gate", by: .init(email: "oc2@x.example"), reason: "INC-1")
        #expect(try await inbox().items.isEmpty)
        let open = RunReport(whole, now: clock.now).ending
        #expect(open.hasSuffix("next: `almrun resume r1` carries on: 'prod.gate' is bypassed"), "\(open)")
        #expect(whole.why("prod.gate", now: clock.now)?.details.contains { $0.contains("carries on") } == true)
    }

    @Test func aBypassPromisesNothingInARunThatHasFailedElsewhere() throws {
        let steps =
            Self.shell + Self.gate(.window([ChangeWindow(days: [3], from: 60, to: 61, timeZone: "UTC")], freezes: []))
        let failure = StageFailure(.rejected, "gate/old-evidence", "too old")
        let state = try Self.state(
            steps,
            [
                .suspended("prod.gate", Suspension(.until(Self.late), code: "run/window", message: "waits")),
                Self.bypass("oc1@x.example"), Self.bypass("oc2@x.example"), .ended("n", attempt: 1, .failed(failure)),
                .finished(.failed),
            ])
        let report = RunReport(state, now: Self.late)
        let text = report.ending
        #expect(text.contains("INC-1 (enough for this gate, and the run has failed at 'n')"), "\(text)")
        #expect(report.value["bypassed"]?[0]?["by"] == "oc1@x.example")
    }

    // MARK: - What is missing, and what came of it

    @Test func howManyAreMissingIsSaid() throws {
        let policy = ApprovalPolicy(role: "manager", count: 2, expires: 3600)
        let yes = Decision(step: "prod.gate", verdict: .approve, person: "ann@x.example", time: Self.time)
        let asked: [RunEvent.Kind] = [
            .suspended("prod.gate", Suspension(.approval, code: "run/approval", message: "waits for 2 people")),
            .decided(yes), .rested,
        ]
        let state = try Self.state(Self.gate(.approval(policy)), asked)
        let open = RunReport(state, now: Self.time)
        #expect(open.text.contains("waits: prod.gate: waits for 2 people; approved by ann@x.example, 1 more needed"))
        #expect(open.value["waits"]?[0]?["approvedBy"] == ["ann@x.example"])
        #expect(open.value["waits"]?[0]?["missing"] == 1)
        let short = "only ann@x.example had approved in time, of 2 needed"
        #expect(RunReport(state, now: Self.late).text.contains("expired: prod.gate: \(short)"))
        #expect(state.why("prod.gate", now: Self.late)?.headline.hasPrefix(short) == true)
        let over = try Self.state(
            Self.gate(.approval(policy)),
            asked.dropLast() + [
                .expired("prod.gate", round: 1), .blocked("prod", by: "prod.gate"), .finished(.rejected),
            ])
        #expect(over.endingReason == "rejected: prod.gate: \(short) (round 1)")
        let gate = try #require(GateReport(over, step: "prod.gate", now: Self.late))
        #expect(gate.text.contains("rejected\n  \(short) (round 1)\n"), "\(gate.text)")
    }

    /// Of half a bypass whose time is over nobody is asked for the other half, and it is said what became of it.
    @Test func halfABypassThatCameToNothingAsksNobody() throws {
        let steps = Self.gate(.approval(ApprovalPolicy(role: "manager", expires: 3600)))
        let asked: [RunEvent.Kind] = [
            .suspended("prod.gate", Suspension(.approval, code: "run/approval", message: "waits")),
            Self.bypass("oc1@x.example"), .rested,
        ]
        let state = try Self.state(steps, asked)
        #expect(RunReport(state, now: Self.time).text.contains("one more of 'on-call' (oc2@x.example) must bypass it"))
        let end = try #require(state.deadline(of: steps[0]))
        let bypass = try #require(state["prod.gate"]?.decisions.first)
        #expect(
            state.effect(ofBypass: bypass, at: steps[0], now: Self.late)
                == " (the gate stays closed: the time for one more person to bypass it ended \(Timestamp.text(of: end)))"
        )
        let gate = try #require(GateReport(state, step: "prod.gate", now: Self.late)).text
        #expect(gate.contains("only oc1@x.example had bypassed it in time, of 2 needed"), "\(gate)")
        for text in [gate, RunReport(state, now: Self.late).text] {
            #expect(!text.contains("must bypass") && !text.contains("bypass        "), "\(text)")
        }
        #expect(GateBrief(state, gate: "prod.gate", now: Self.late)?.pendingBypass == nil)
        let over = try Self.state(steps, asked + [.expired("prod.gate", round: 1), .finished(.rejected)])
        #expect(
            over.effect(ofBypass: bypass, at: steps[0], now: Self.late)
                == " (the gate is not open yet, and does not count: round 1 is over: not enough people answered in time)"
        )
    }

    @Test func theReasonOfAnEndIsOneLine() throws {
        let failure = StageFailure(.broken, "a/b", "no\nway")
        #expect(
            try Self.state(Self.shell, [.ended("n", attempt: 1, .failed(failure)), .finished(.failed)]).endingReason
                == "failed: n: no\nway [a/b]")
        let cancelled = try Self.state(
            Self.shell, [.cancelRequested(by: "a@x.example", reason: "no"), .cancelled("n"), .finished(.cancelled)])
        #expect(cancelled.endingReason == "cancelled by a@x.example: no")
        #expect(try Self.state(Self.shell, [Self.begun]).endingReason == nil)
    }

    // MARK: - Cancelled runs

    @Test func whatWasCutOffStaysInDoubt() throws {
        let state = try Self.state(
            Self.shell,
            [
                Self.begun,
                .suspended("n", Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look")), .rested,
                .cancelRequested(by: "a@x.example", reason: nil), .cancelled("n"), .finished(.cancelled),
            ])
        #expect(state.stepsInDoubt == ["n"])
        let report = RunReport(state, now: Self.late)
        #expect(report.text.contains("IN DOUBT: n was cut off, and its effect may have happened"))
        #expect(report.junit.xml.contains("<error message=\"cut off, and its effect may have happened\">"))
        #expect(report.value["steps"]?[0]?["inDoubt"] == true)
    }

    @Test func whoCancelledIsShownAfterCleaningUpAgain() throws {
        var state = try Self.state(
            Self.shell,
            [.cancelRequested(by: "ann@x.example", reason: "wrong version"), .cancelled("n"), .finished(.cancelled)])
        _ = try state.add(.resumed(by: "bob@x.example", process: "p", only: ["n"]), now: Self.late)
        let report = RunReport(state, now: Self.late)
        #expect(report.ending.contains("cancelled by ann@x.example "))
        #expect(report.ending.contains(": wrong version; taken up again since"))
        #expect(report.value["earlierCancelRequest"]?["by"] == "ann@x.example")
    }

    @Test func whatComesOfACancelledRunIsSaid() throws {
        func next(_ steps: [Step], _ reason: String) throws -> String {
            let state = try Self.state(
                steps,
                [.cancelRequested(by: "a@x.example", reason: reason)] + steps.map { .cancelled($0.id) }
                    + [.finished(.cancelled)])
            return String(RunReport(state, now: Self.late).ending.split(separator: "\n").last ?? "")
        }
        #expect(try next(Self.shell, "no") == "next: `almrun resume r1` carries on where it stopped")
        #expect(
            try next(Self.gate(.approval(ApprovalPolicy(role: "manager"))), "no").contains("asks anew at every gate"))
        let superseded = try next(Self.shell, "superseded by run 'r2' at environment 'prod'")
        #expect(superseded.hasPrefix("next: `almrun show r2`, which has taken its place"), "\(superseded)")
    }

    @Test(arguments: [(false, "nothing is left to do"), (true, "would only do 'n' again")])
    func aCancelledRunThatHasDoneAllSaysSo(_ isFinally: Bool, _ words: String) throws {
        var steps = Self.shell
        steps[0].isFinally = isFinally
        let done = AttemptEnding.succeeded(output: [:], object: nil, inputDigest: nil)
        let state = try Self.state(
            steps,
            [
                .started("n", attempt: 1, token: "t", fence: nil, recovering: false),
                .cancelRequested(by: "a@x.example", reason: "no"), .ended("n", attempt: 1, done), .finished(.cancelled),
            ])
        let ending = RunReport(state, now: Self.late).ending
        #expect(ending.contains(words), "\(ending)")
        #expect(!ending.contains("carries on where it stopped"), "\(ending)")
    }

    // MARK: - Attempts and words

    @Test func lookingIsNoAttempt() throws {
        let looked = try Self.state(
            Self.shell,
            [
                Self.begun, .resumed(by: "a@x.example", process: "p", only: []),
                .started("n", attempt: 2, token: "t", fence: nil, recovering: true),
                .suspended("n", Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look")), .rested,
            ])
        var narrator = EventNarrator(tellsStarts: true, from: looked)
        func line(_ kind: RunEvent.Kind) -> String? {
            narrator.line(for: RunEvent(sequence: 9, time: Self.late, previous: "", kind: kind))?.text
        }
        _ = line(.assumed("n", done: false, by: "a@x.example", comment: nil))
        #expect(line(.started("n", attempt: 3, token: "t", fence: nil, recovering: false)) == "attempt 2")
    }

    @Test func whoSaidThatNothingHappenedIsKnown() throws {
        let state = try Self.state(
            Self.shell,
            [
                Self.begun,
                .suspended("n", Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look")), .rested,
                .resumed(by: "a@x.example", process: "p", only: []),
                .assumed("n", done: false, by: "tess@x.example", comment: "I looked"),
                .started("n", attempt: 2, token: "t", fence: nil, recovering: false),
                .ended("n", attempt: 2, .succeeded(output: [:], object: nil, inputDigest: nil)), .finished(.succeeded),
            ])
        let details = try #require(state.why("n", now: Self.late)?.details)
        #expect(details.contains { $0.hasPrefix("tess@x.example (") && $0.contains(": I looked)") }, "\(details)")
    }
}
