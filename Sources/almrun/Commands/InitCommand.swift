import ArgumentParser
import Documents
import Engine
import Foundation
import Pipelines
import Stages

/// Puts first manifests into a repository.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Put first manifests into a repository: pipelines/, environments/, templates/.",
        discussion: """
            Looks for a connector (apiDefinition.swagger.json) and an unpacked solution (Other/Solution.xml) and writes a release \
            pipeline for them, with environments dev, test and prod. Files that are there are left alone.

            Example: almrun init && almrun check
            """)

    @Option(name: .long, help: "The folder that becomes the repository's root.")
    var root = "."

    func validate() throws {
        if root.isEmpty { throw ValidationError("--root names a folder, and not ''") }
    }

    func run() throws {
        guard root.hasPrefix("/") || !FileManager.default.currentDirectoryPath.isEmpty else { throw Workspace.gone }
        let start = StarterManifests(files: RepositoryFiles(root: root))
        var written = 0
        for (path, text) in start.files {
            let url = URL(filePath: root).appending(path: path)
            guard !FileManager.default.fileExists(atPath: url.path) else {
                Console.error("\(path) is there already and stays as it is")
                continue
            }
            try DurableFile.write(Data(text.utf8), to: url.path)
            Console.print(line: "wrote \(path)")
            written += 1
        }
        // A repository without the file ignores nothing yet.
        let ignored = (try? String(contentsOfFile: "\(root)/.gitignore", encoding: .utf8)) ?? ""
        if !ignored.contains(".almrun") { Console.error("note: add .almrun/ to .gitignore: it will hold the runs") }
        if written > 0 { Console.error("note: put the people who decide into environments/roles.yaml") }
        for note in start.notes { Console.error("note: \(note)") }
        Console.error(
            written == 0 ? "nothing to do" : "next: almrun check, and almrun plan release --input version=1.0.0")
    }
}
