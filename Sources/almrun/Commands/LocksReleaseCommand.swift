import ArgumentParser
import Documents
import Engine
import Foundation
import Git
import Reporting

/// Takes a lock away from the run that has it.
struct LocksReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Take a lock away from the run that has it.",
        discussion: """
            NAME is the lock, such as "environment prod", or the environment or group alone. The ledger of the run keeps \
            who did it and why. A step whose environment is taken away is stopped and looked for again; a run whose \
            group is taken away starts nothing more, what runs is stopped, and it rests until `almrun resume` takes \
            the group again. What comes under the old lock all the same is refused. When the run's process was killed, \
            what its stages left running is ended first; what it left on another host cannot be, and is told.

            Example: almrun locks release prod --reason "the build agent is gone"
            """)

    @Argument(help: "The lock, or the environment or group.")
    var name: String

    @Option(help: "Why; the ledger of the run keeps it.")
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
        let held = try await LockRegister(store: store).release(name, by: person, reason: reason, force: force) {
            await session.clearAftermath(of: $0)
        }
        if let damage = held.damage {
            Console.error(
                "warning: the ledger of run '\(held.lock.run)' does not keep that: it cannot be read: \(damage)")
        }
        switch common.format {
        case .json: Console.print(["released": LockReport([held], now: Date()).value["locks"]?[0] ?? .null])
        case .text: Console.print(line: "\(held.lock.name) was taken away from run \(held.lock.run)")
        }
    }
}
