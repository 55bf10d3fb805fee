import ArgumentParser
import Documents
import Engine
import Foundation
import Git
import Reporting
import RunStorage

/// Takes a lock away from the run that has it.
struct LocksReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Take a lock away from the run that has it.",
        discussion: """
            NAME is the lock, such as "environment prod", or the environment or group alone. The ledger of the run keeps \
            who did it and why. A step whose environment is taken away is stopped and looked for again; a run whose \
            group is taken away starts nothing more, what runs is stopped, and it rests until `almrun resume` takes \
            the group again. What comes under the old lock all the same is refused. When the run's process was killed, \
            what its stages left running is ended first, and so is with --force what a stopped process (SIGSTOP) runs under a group; what \
            was left on another host, or by another user, cannot be, and is told. Of a run that cannot be read \
            .almrun/removed.jsonl keeps who did it and why.

            Example: almrun locks release prod --reason "the build agent is gone"
            """)

    @Argument(help: "The lock, or the environment or group.")
    var name: String

    @Option(help: "Why; the ledger of the run keeps it, or .almrun/removed.jsonl where that cannot be read.")
    var reason: String

    @Flag(help: "Also when a process works on the run, or the run cannot be read.")
    var force = false

    @OptionGroup var common: CommonOptions

    func validate() throws { try checkLength(of: reason, "--reason") }

    func run() async throws {
        let workspace = try common.workspace()
        guard let store = try workspace.existingStore() else {
            throw Refusal("lock/unknown", "no lock '\(name)' is held", notes: ["nothing was ever run here"])
        }
        let person = try workspace.person().email
        let session = RunSession(workspace: workspace, store: store)
        let held = try await LockRegister(store: store).release(
            name, by: person, reason: reason, force: force, clearing: { await session.clearAftermath(of: $0) },
            clearingRemains: { remains in
                await workspace.clearAftermath(of: remains)
                for one in remains.cutOff { Console.error("warning: nobody knows \(one.doubt)") }
            },
            endingStopped: { await workspace.clearAftermath(of: $0, Aftermath.runByStopped) },
            keeping: { held in
                if let damage = held.damage {
                    let record = ReleaseRecord(of: held, by: person, reason: reason)
                    warn(held, damage, Self.keeping(record, in: workspace.stateFolder))
                }
            })
        if let process = held.process, process.obstacle == nil { Self.tell(of: process, held) }
        switch common.format {
        case .json: Console.print(["released": LockReport([held], now: Date()).value["locks"]?[0] ?? .null])
        case .text: Console.print(line: "\(held.lock.name) was taken away from run \(held.lock.run)")
        }
    }

    /// Keeps who took the lock away and why, and says where that is; the lock is free, whatever comes of it.
    private static func keeping(_ record: ReleaseRecord, in folder: String) -> String {
        do {
            try record.keep(in: folder)
            return "who took the lock away and why is in .almrun/removed.jsonl"
        } catch {
            return "nor does .almrun/removed.jsonl: \(error); keep this line in its place: \(record.text)"
        }
    }

    /// What no ledger keeps.
    private func warn(_ held: HeldLock, _ damage: String, _ kept: String) {
        Console.error(
            "warning: the ledger of run '\(held.lock.run)' does not keep that: it cannot be read: \(damage); \(kept)")
    }

    /// What a living process goes on with; one that can be told by the ledger stops by itself.
    private static func tell(of process: RunHold.Holder, _ held: HeldLock) {
        let who = "warning: process \(process.process) on \(process.host)"
        if process.isStopped {
            let wake = "kill -CONT \(process.process)"
            Console.error(
                "\(who), which works on that run, is stopped: it hears that the lock is gone "
                    + "after `\(wake)`; `kill \(process.process)` and then `\(wake)` ends it")
        } else if held.damage != nil {
            Console.error(
                "\(who) works on that run: it stops what it runs under the lock at its next look; `kill \(process.process)` "
                    + "there ends it, with all that it runs")
        }
    }
}
