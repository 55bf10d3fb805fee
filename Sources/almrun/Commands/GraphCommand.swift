import ArgumentParser
import Documents
import Engine
import Pipelines

/// Prints the graph of a pipeline, or of the plan that a run has.
struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Print the graph of a pipeline or a run.",
        discussion: """
            Inputs that a pipeline needs and that are not given do not matter here, unless its stages depend on them.

            Example: almrun graph release --as mermaid
            """)

    /// How a graph is written.
    enum Notation: String, ExpressibleByArgument, CaseIterable {
        case text, dot, mermaid
    }

    @Argument(help: "The name of a file in pipelines/, or a run.")
    var subject: String

    @Option(name: .customLong("as"), help: "text, dot (Graphviz) or mermaid.")
    var notation: Notation = .text

    @OptionGroup var inputs: InputOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let graph = PlanGraph(try await plan())
        switch (common.format, notation) {
        case (.json, _): Console.print(graph.value)
        case (_, .text): Console.print(graph.text)
        case (_, .dot): Console.print(graph.dot)
        case (_, .mermaid): Console.print(graph.mermaid)
        }
    }

    private func plan() async throws -> Plan {
        let workspace = try common.workspace()
        let planner = workspace.planner
        if !planner.pipelineNames.contains(subject), try workspace.existingStore() != nil {
            do {
                let plan = try await OpenedRun(subject, in: workspace).state.plan
                guard inputs.inputs.isEmpty else {
                    throw Rejected([
                        Diagnostic(
                            "graph/inputs", "'\(subject)' is a run, which has the inputs it started with",
                            help: "leave --input out, or name a pipeline")
                    ])
                }
                return plan
            } catch RunStoreError.unknownRun {
                // Then it was meant as a pipeline, and the planner says which there are.
            }
        }
        return try planner.outline(of: subject, inputs: try await inputs.values(of: subject, in: workspace))
    }
}
