import ArgumentParser
import Documents
import Engine

/// Opens a gate without what it asks for; shown wherever the run is shown.
struct BypassCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bypass",
        abstract: "Open a gate without what it asks for; recorded as another act than approving.",
        discussion: """
            Needs the role that the environment's gates name under 'bypass', or else the role 'bypass', in \
            environments/roles.yaml as the run found it when it began. Where 'secondPerson' is true, the gate opens when \
            two different people have bypassed it; whoever asked for the run may be one of them, except where the gate \
            says 'distinctFrom: [requester]'. A gate that has failed can be bypassed too; then resume the run. Where an approval has 'expires', that time holds for its \
            bypass too.

            Example: almrun bypass latest prod/promote.window --reason "INC-4711: customers cannot order."
            """)

    @OptionGroup var decision: DecisionOptions

    @Option(help: "Why; shown wherever the run is shown.")
    var reason: String

    func validate() throws { try checkLength(of: reason, "--reason") }

    func run() async throws {
        try await decision.decide { decisions, run, step, person, sign in
            try await decisions.bypass(run, step, by: person, reason: reason, sign: sign)
        }
    }
}
