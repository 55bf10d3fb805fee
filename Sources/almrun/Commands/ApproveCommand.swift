import ArgumentParser
import Documents
import Engine

/// Says yes at a gate.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Say yes at a gate, for this package, this plan and this state of the target.",
        discussion: """
            STAGE is the gate, or the stage it stands before. You are who git says you are. With --sign you prove it: the \
            signature is checked against your key in environments/roles.yaml, and anybody can check it later with \
            `ssh-keygen -Y verify`. With --plan you approve only the deployment plan that you read. Where the gate shows \
            another plan or target than there is now, it is refused; `almrun resume` asks anew.

            Example: almrun approve latest prod/promote --comment "Read the plan."
            Example: almrun approve latest prod/promote --plan 4f1c09ab77d2 --sign ~/.ssh/id_ed25519
            """)

    @OptionGroup var decision: DecisionOptions

    @Option(help: "A word to those who read the run later.")
    var comment: String?

    @Option(
        help: ArgumentHelp(
            "Refuse when another deployment plan waits than the one with this digest, or beginning of it.",
            valueName: "digest"))
    var plan: String?

    func validate() throws {
        try checkLength(of: comment, "--comment")
        guard let plan else { return }
        guard plan.utf8.count >= 6, plan.allSatisfy(\.isHexDigit) else {
            throw ValidationError("--plan takes the digest of a plan, or at least its first 6 digits, not '\(plan)'")
        }
    }

    func run() async throws {
        try await decision.decide { decisions, run, step, person, sign in
            try await decisions.approve(run, step, by: person, comment: comment, plan: plan, sign: sign)
        }
    }
}
