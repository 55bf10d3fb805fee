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
            what its stages left running is ended first; what it left on another host cannot be, and is told. Of a run \
            that cannot be read .almrun/removed.jsonl keeps who did it and why.

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
            keeping: { held in
                if let damage = held.damage {
                    let record = ReleaseRecord(of: held, by: person, reason: reason)
                    warn(held, damage, Self.keeping(record, in: workspace.stateFolder))
                }
            })
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

    /// What no ledger keeps, and what goes on.
    private func warn(_ held: HeldLock, _ damage: String, _ kept: String) {
        Console.error(
            "warning: the ledger of run '\(held.lock.run)' does not keep that: it cannot be read: \(damage); \(kept)")
        guard let process = held.process, process.obstacle == nil else { return }
        let stop = process.isStopped ? ", and is stopped: it hears of it after `kill -CONT \(process.process)`" : ""
        Console.error(
            "warning: process \(process.process) on \(process.host) works on that run\(stop): it stops what it runs under "
                + "the lock at its next look; `kill \(process.process)` there ends it, with all that it runs")
    }
}
