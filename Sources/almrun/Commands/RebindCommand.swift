import ArgumentParser
import Documents
import Foundation
import Solutions
import Stages
import Zip

import struct Pipelines.EnvironmentFile

/// Shows what a package would be bound to in an environment, and writes the deployment settings.
struct RebindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebind",
        abstract: "Check an environment's bindings for a package and write its deployment settings.",
        discussion:
            "Secrets stay placeholders. With --template the settings have every name of the package and no connection.\n\n"
            + "Example: almrun rebind examples/contoso-sales/solution --environment test"
    )

    @Argument(help: "A solution package, or an unpacked solution's folder.")
    var package: String

    @Option(help: "The name of a file in environments/.")
    var environment: String?

    @Flag(help: "Write a template instead: all names, nothing bound.")
    var template = false

    @Flag(help: "Bindings that this package has no use for are only warnings.")
    var allowUnused = false

    @Option(name: .shortAndLong, help: "The settings file to write; printed when absent.")
    var output: String?

    @Flag(help: "Replace a settings file that is there already.")
    var force = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard template != (environment != nil) else {
            throw ValidationError("give either --environment NAME or --template")
        }
    }

    func run() async throws {
        let contents = try read().contents
        guard let environment else { return try write(.template(for: contents), lines: []) }
        let workspace = try common.workspace()
        let all = try workspace.environments(named: nil)
        let file = try workspace.environments(named: environment)[0]
        let rebinding = try Rebinding.preflight(
            contents, for: file, among: all, root: workspace.root,
            unused: allowUnused ? .warning : .error, secrets: workspace.secrets(file.secretNames))
        Console.error(rebinding.diagnostics)
        try write(rebinding.settings, lines: rebinding.lines)
    }

    private func read() throws -> SolutionPackage {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: package, isDirectory: &isFolder), isFolder.boolValue {
            return try SolutionPacker().pack(SolutionFolder(path: package)).package
        }
        return try SolutionPackage(path: package)
    }

    private func write(_ settings: DeploymentSettings, lines: [String]) throws {
        if let output {
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
            guard !isFolder.boolValue, !output.isEmpty else {
                throw Rejected(
                    Diagnostic(
                        "rebind/output", output.isEmpty ? "the output has no name" : "'\(output)' is a folder",
                        help: "name a file to write"))
            }
            if !force, isThere,
                (try? WholeFile.read(output)) != Array(settings.json.utf8)
            {
                throw Rejected(
                    Diagnostic("rebind/exists", "'\(output)' is there and differs", help: "--force replaces it"))
            }
            try OutputPlace.check(output)
            try WholeFile.write(Array(settings.json.utf8), to: output)
        }
        switch common.format {
        case .json: Console.print(["settings": settings.value, "bindings": .list(lines.map { .string($0) })])
        case .text:
            for line in lines { output == nil ? Console.error(line) : Console.print(line: line) }
            if output == nil { Console.print(json: settings.json) }
        }
    }
}
