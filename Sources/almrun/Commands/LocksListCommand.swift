import ArgumentParser
import Documents
import Engine
import Foundation
import Reporting

/// Lists the locks that are held.
struct LocksListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the locks that are held, with the run, the step and the process.",
        discussion: "Example: almrun locks --format json")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let store = try common.workspace().existingStore()
        let held = try await store.map { LockRegister(store: $0) }?.held() ?? []
        let unreadable = try await store?.unreadableLocks() ?? []
        for one in unreadable {
            Console.error("warning: a lock is left out, and nobody gets it: \(one.reason)")
        }
        let report = LockReport(held, unreadable: unreadable, now: Date())
        switch common.format {
        case .json: Console.print(report.value)
        case .text:
            held.isEmpty
                ? Console.error(unreadable.isEmpty ? "no lock is held" : "no other lock is held")
                : Console.print(report.text)
        }
    }
}
