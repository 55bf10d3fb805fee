import ArgumentParser
import Documents
import Foundation
import Pipelines
import Stages

/// Lists the stage kinds, or shows the page of one.
struct StagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stages", abstract: "List the stage kinds, or show all about one.",
        discussion: "Example: almrun stages solution.promote")

    @Argument(help: "A stage kind, such as openapi.lint.")
    var kind: String?

    @Option(name: .long, help: "How to print the result: text or json.")
    var format: OutputFormat = .text

    func run() throws {
        let all = BuiltinStages.descriptions.sorted { $0.kind < $1.kind }
        guard let kind else {
            switch format {
            case .json: Console.print(["stages": .list(all.map(\.value))])
            case .text:
                let width = all.map(\.kind.count).max() ?? 0
                for stage in all {
                    Console.print(stage.kind.padding(toLength: width + 2, withPad: " ", startingAt: 0) + stage.summary)
                }
            }
            return
        }
        guard let stage = all.first(where: { $0.kind == kind }) else {
            throw Diagnostic(
                "manifest/unknown-kind", "unknown stage kind '\(kind)'",
                help: suggestion(for: kind, among: all.map(\.kind)).map { "did you mean '\($0)'?" }
                    ?? ((PipelinePage(stages: all).keys + PipelinePage.environment.keys).contains(kind)
                        ? "it is a key: `almrun explain \(kind)`" : "'almrun stages' lists them"))
        }
        switch format {
        case .json: Console.print(stage.value)
        case .text: Console.print(StagePage(stage).markdown)
        }
    }
}
