import ArgumentParser
import Documents
import Engine
import Foundation

/// Says why a step was skipped, blocked or reused, or what it waits for.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say why a stage ran, waits, was skipped, blocked or reused.",
        discussion: "Example: almrun why latest prod/promote")

    @Argument(help: "The run: its name, the beginning of it, or 'latest'.")
    var run: String

    @Argument(help: "The stage.")
    var stage: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let opened = try await OpenedRun(run, in: common.workspace())
        let step = try opened.step(stage)
        guard let explanation = opened.state.why(step, now: Date()) else { return }
        switch common.format {
        case .json: Console.print(try ValueEncoder().encode(explanation))
        case .text:
            let head = "\(explanation.step): \(explanation.status.rawValue): \(explanation.headline)"
            Console.print(([head] + explanation.details.map { "  \($0)" }).joined(separator: "\n"))
        }
        if try await opened.isOrphan {
            Console.error("its process is gone: `almrun resume \(opened.state.run)` carries on")
        }
    }
}
