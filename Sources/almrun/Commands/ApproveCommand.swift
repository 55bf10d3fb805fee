import ArgumentParser
import Documents
import Engine

/// Says yes at a gate.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Say yes at a gate, for this package, this plan and this state of the target.",
        discussion: """
            STAGE is the gate, or the stage it stands before. You are who git says you are.

            Example: almrun approve latest prod/promote --comment "Read the plan."
            """)

    @OptionGroup var decision: DecisionOptions

    @Option(help: "A word to those who read the run later.")
    var comment: String?

    func run() async throws {
        try await decision.decide { decisions, run, step, person in
            try await decisions.approve(run, step, by: person, comment: comment)
        }
    }
}
