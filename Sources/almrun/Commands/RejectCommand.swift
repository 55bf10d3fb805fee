import ArgumentParser
import Documents
import Engine

/// Says no at a gate.
struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Say no at a gate; what needs it is blocked.",
        discussion: "Example: almrun reject latest prod/promote --comment \"The release notes are missing.\"")

    @OptionGroup var decision: DecisionOptions

    @Option(help: "Why not.")
    var comment: String

    func validate() throws { try checkLength(of: comment, "--comment") }

    func run() async throws {
        try await decision.decide { decisions, run, step, person, sign in
            try await decisions.reject(run, step, by: person, comment: comment, sign: sign)
        }
    }
}
