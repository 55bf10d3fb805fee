import Documents
import Engine
import Foundation
import Reporting
import Testing

@Suite struct LockReportTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func lock(_ name: String, step: String, expires: Double?) -> Lock {
        Lock(
            name: name, run: "r1", step: step, fence: 3, since: now.addingTimeInterval(-90),
            expires: expires.map { now.addingTimeInterval($0) })
    }

    /// The lock file of another user's run tells nothing: its process may live.
    @Test func whoCannotBeSeenIsNotCalledGone() throws {
        let unknown = RunHold.Holder(obstacle: "its lock '/r1.lock' cannot be read: Permission denied")
        let held = HeldLock(
            lock: lock("environment prod", step: "prod", expires: 30), status: .running, process: unknown)
        let text = LockReport([held], now: now).text
        #expect(text.contains("whether one works on that run cannot be told: its lock '/r1.lock' cannot be read"))
        #expect(!text.contains("is gone") && LockReport.advice(held).isEmpty)
        #expect(LockReport.stop(unknown)?.hasPrefix("whether its process lives cannot be told: its lock ") == true)
        #expect(LockReport.value(unknown)["obstacle"]?.string == unknown.obstacle)
    }

    @Test func saysWhoSinceAndUntilWhen() throws {
        let process = RunHold.Holder(process: 42, host: "vm", since: now.addingTimeInterval(-100))
        let report = LockReport(
            [
                HeldLock(
                    lock: lock("environment prod", step: "prod/promote", expires: 30), status: .running,
                    process: process),
                HeldLock(lock: lock("environment test", step: "x", expires: -1), status: nil, process: nil),
                HeldLock(lock: lock("group sales", step: "", expires: nil), status: .waiting, process: nil),
            ], now: now)
        #expect(
            report.text == """
                environment prod
                  held by  run r1, step prod/promote (running)
                  since    2027-01-15T07:58:30.000Z (1 min 30 s), fence 3
                  until    2027-01-15T08:00:30.000Z, unless it is renewed
                  process  42 on vm works on that run since 2027-01-15T07:58:20.000Z
                environment test
                  held by  run r1, step x (there is no such run)
                  since    2027-01-15T07:58:30.000Z (1 min 30 s), fence 3
                  until    2027-01-15T07:59:59.000Z: it has run out, and the run whose turn it is gets it
                  process  none works on that run
                group sales
                  held by  run r1 (waiting)
                  since    2027-01-15T07:58:30.000Z (1 min 30 s), fence 3
                  until    it is released
                  process  none works on that run
                """)
        let first = try #require(report.value["locks"]?[0])
        #expect(first["process"]?["process"] == 42)
        #expect(first["hasRunOut"] == false)
        #expect(report.value["locks"]?[1]?["status"]?.isNull == true)
        #expect(report.value["locks"]?[2]?["expires"]?.isNull == true)
    }

    @Test func whatAProcessLeftThatIsGoneIsGivenBack() {
        var held = HeldLock(lock: lock("environment prod", step: "x", expires: 30), status: .running, process: nil)
        held.isLeft = true
        let text = LockReport([held], now: now).text
        #expect(
            text.contains("until    2027-01-15T08:00:30.000Z, or until another run asks: its process is gone\n"),
            "\(text)")
    }

    /// Nobody gives back what a run has that cannot be read, or that worked on another host.
    @Test func aLeaseThatNobodyGivesBackIsWaitedFor() {
        var held = HeldLock(lock: lock("environment prod", step: "x", expires: 30), status: .running, process: nil)
        held.damage = "event 2 was changed"
        let text = LockReport([held], now: now).text
        #expect(
            text.contains(
                "until    2027-01-15T08:00:30.000Z: any other run waits until then, unless the lock is taken away\n"),
            "\(text)")
        #expect(text.contains("`almrun locks release 'environment prod' --reason \"...\" --force`"), "\(text)")
        // Groups may be made of inputs, and the command is pasted.
        #expect(
            Lock.forcedRelease(of: "group a $(touch pwn)")
                == "almrun locks release 'group a $(touch pwn)' --reason \"...\" --force")
    }
}
