import ArgumentParser
import Engine
import Foundation

/// Writes the pages of all commands and stage kinds, from the same descriptions that the program uses itself.
struct DocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Write the pages of commands and stages as Markdown.", shouldDisplay: false)

    @Option(help: "The folder in which commands/ and stages/ are written anew.")
    var write: String

    func validate() throws {
        // Beside the root of the file system there would be folders of that name to replace.
        if write.isEmpty { throw ValidationError("--write names a folder, and not ''") }
    }

    func run() throws {
        let pages = DocumentationPages.all()
        for folder in ["commands", "stages"] {
            let path = "\(write)/\(folder)"
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        }
        for (name, text) in pages { try DurableFile.write(Data(text.utf8), to: "\(write)/\(name)") }
        Console.error("wrote \(pages.count) pages to \(write)")
    }
}
