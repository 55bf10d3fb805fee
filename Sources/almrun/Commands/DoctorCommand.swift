import ArgumentParser
import Documents
import Engine
import Foundation
import Git
import RunStorage

/// Looks whether the store and its surroundings are as they should be, and mends what is safe to mend.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the store, the repository and the libraries, and offer repairs.",
        discussion: """
            --repair does what loses nothing: it writes the run index anew and rows of locks that almrun never wrote so, \
            removes orphaned objects, temporary files and lock files without a process, forgets results that no ledger \
            vouches for, releases locks of runs that ended, and puts damaged packages of environments back from a whole \
            copy in the object store or another environment; a package under the name of another one goes to its own first. \
            Everything else is left to you, with the command to type. \
            Of each environment with a folder, the state, the history and the packages are compared with each other and \
            with what the ledgers of runs say was installed. Exit status: 0 healthy, 1 problems, 3 the store cannot be opened.

            Example: almrun doctor --repair
            """)

    @Flag(help: "Mend what can be mended without losing anything.")
    var repair = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let workspace = try common.workspace()
        try workspace.requireStateFolder()
        let surroundings = WorkspaceExamination(workspace: workspace)
        var (packages, about) = await surroundings.packages()
        let person = (try? workspace.person().email) ?? "almrun doctor"
        let folders = (try? workspace.environmentFolders()) ?? []
        func examine(repairing: Bool) async -> StoreExamination.Outcome {
            await StoreExamination(
                folder: workspace.stateFolder, objects: workspace.objects, packages: packages, folders: folders,
                root: workspace.root, person: person
            ).examine(repairing: repairing)
        }
        var outcome = await examine(repairing: false)
        var found = outcome.found + (await surroundings.environments(outcome.deployments, repairing: false))
        if repair {
            for one in found where one.verdict == .problem {
                if let repair = one.repair { Console.error("repairing \(one.check): \(one.message): \(repair)") }
            }
            OpenStores.close()
            // What environments know counts as it is afterwards.
            let environments = await surroundings.environments(outcome.deployments, repairing: true)
            (packages, about) = await surroundings.packages()
            outcome = await examine(repairing: true)
            found = outcome.found + environments
        }
        found += [about] + (await surroundings.examine())
        let isHealthy = !found.contains { $0.verdict == .problem }
        switch common.format {
        case .json:
            Console.print([
                "healthy": .boolean(isHealthy), "checks": .list(try found.map { try ValueEncoder().encode($0) }),
            ])
        case .text: Console.print(found.map(Self.text).joined(separator: "\n"))
        }
        if !outcome.isOpen { throw ExitCode(ExitStatus.broken) }
        if !isHealthy { throw ExitCode(ExitStatus.rejected) }
    }

    private static func text(_ one: Diagnosis) -> String {
        let word = one.verdict.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
        var lines = ["\(word) \(one.check): \(one.message)"]
        lines += one.details.map { "            \($0)" }
        if let repair = one.repair {
            lines.append(
                one.verdict == .problem ? "          `almrun doctor --repair`: \(repair)" : "          did: \(repair)")
        }
        if let command = one.command { lines.append("          type: \(command)") }
        return lines.map { safeText($0) }.joined(separator: "\n")
    }
}
