import ArgumentParser
import Documents
import Foundation

/// The options that every command about a repository has.
struct CommonOptions: ParsableArguments {
    @Option(name: .long, help: "The repository's root; found from the current folder upwards by default.")
    var root: String?

    @Option(name: .long, help: "How to print the result: text or json.")
    var format: OutputFormat = .text

    /// The repository these options mean.
    func workspace() throws(Rejected) -> Workspace {
        let workspace = try Workspace(root: root)
        try workspace.requireRepository()
        return workspace
    }
}
