import ArgumentParser
import Documents
import Engine
import Foundation
import Pipelines
import Solutions
import Stages

/// Puts first manifests into a repository.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Put first manifests into a repository: pipelines/, environments/, templates/.",
        discussion: """
            Looks for a connector (apiDefinition.swagger.json) and an unpacked solution (Other/Solution.xml) and writes a release \
            pipeline for them, with environments dev, test and prod. Files that are there are left alone.

            With '--format json' the result is what was written, what was there and was kept, what is left to a person, and the next commands.

            Example: almrun init && almrun check
            """)

    @Option(name: .long, help: "The folder that becomes the repository's root.")
    var root = "."

    @Option(name: .long, help: "How to print the result: text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        if root.isEmpty { throw ValidationError("--root names a folder, and not ''") }
    }

    func run() throws {
        guard root.hasPrefix("/") || !FileManager.default.currentDirectoryPath.isEmpty else { throw Workspace.gone }
        var needed: StarterManifests.Needs?
        let start = StarterManifests(files: RepositoryFiles(root: root)) { folder in
            needed = needs(ofSolutionIn: folder)
            return needed
        }
        var written: [String] = []
        var kept: [String] = []
        for (path, text) in start.files {
            let url = URL(filePath: root).appending(path: path)
            guard !FileManager.default.fileExists(atPath: url.path) else {
                kept.append(path)
                if format == .text { Console.error("\(path) is there already and stays as it is") }
                continue
            }
            try DurableFile.write(Data(text.utf8), to: url.path)
            written.append(path)
            if format == .text { Console.print(line: "wrote \(path)") }
        }
        let notes = notes(hasWritten: !written.isEmpty) + bindingNotes(needed, written) + start.notes
        let next = written.isEmpty ? [] : ["almrun check", "almrun plan release --input version=1.0.0"]
        switch format {
        case .json:
            Console.print([
                "written": .list(written.map { .string($0) }), "kept": .list(kept.map { .string($0) }),
                "notes": .list(notes.map { .string($0) }), "next": .list(next.map { .string($0) }),
            ])
        case .text:
            for note in notes { Console.error("note: \(note)") }
            Console.error(
                next.isEmpty ? "nothing to do" : "next: \(next.joined(separator: ", and "))")
        }
    }

    /// What a solution asks each environment for; nil where it cannot be packed, of which `check` and a run say more.
    private func needs(ofSolutionIn folder: String) -> StarterManifests.Needs? {
        guard
            let contents = try? SolutionPacker().pack(SolutionFolder(path: "\(root)/\(folder)")).package.contents
        else { return nil }
        return StarterManifests.Needs(
            connections: contents.connectionReferences.map { reference in
                let own = contents.connectors.first { $0.id == reference.customConnectorID }
                return .init(name: reference.logicalName, connector: own?.name ?? reference.apiName ?? "NAME")
            }, variables: contents.environmentVariables.map(\.schemaName))
    }

    /// That the environments do not say yet what the solution is bound to there.
    private func bindingNotes(_ needed: StarterManifests.Needs?, _ written: [String]) -> [String] {
        let files = written.filter { $0.hasPrefix("environments/") && !$0.hasSuffix("/roles.yaml") }
        guard let count = needed?.connections.count, count > 0, !files.isEmpty else { return [] }
        return [
            "say what the solution's \(count) connection reference\(count == 1 ? " is" : "s are") bound to in "
                + "\(files.joined(separator: ", ")), where comments name them: a run fails without"
        ]
    }

    /// What is left to a person.
    private func notes(hasWritten: Bool) -> [String] {
        // A repository without the file ignores nothing yet.
        let ignored = (try? String(contentsOfFile: "\(root)/.gitignore", encoding: .utf8)) ?? ""
        return (ignored.contains(".almrun") ? [] : ["add .almrun/ to .gitignore: it will hold the runs"])
            + (hasWritten ? ["put the people who decide into environments/roles.yaml"] : [])
    }
}
