import ArgumentParser
import Engine
import Foundation

/// Writes the pages of all commands, of stage kinds and of the keys of a pipeline, from the same descriptions that the program uses itself.
struct DocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Write the pages of commands, stages and pipelines as Markdown.",
        shouldDisplay: false)

    @Option(help: "The folder in which commands/, stages/ and pipelines.md are written anew.")
    var write: String

    func validate() throws {
        // Beside the root of the file system there would be folders of that name to replace.
        if write.isEmpty { throw ValidationError("--write names a folder, and not ''") }
    }

    func run() throws {
        let pages = DocumentationPages.all()
        for (name, text) in pages { try DurableFile.write(Data(text.utf8), to: "\(write)/\(name)") }
        // Pages of what is no more go when all the others are there.
        let names = Set(pages.map(\.0))
        for folder in ["commands", "stages"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(write)/\(folder)")
            where !names.contains("\(folder)/\(name)") {
                try FileManager.default.removeItem(atPath: "\(write)/\(folder)/\(name)")
            }
        }
        Console.error("wrote \(pages.count) pages to \(write)")
    }
}
