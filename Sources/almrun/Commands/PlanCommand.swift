import ArgumentParser
import Documents
import Pipelines

/// Shows what a pipeline would do, step by step, and why.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a pipeline would do, in which order, and why.",
        discussion: """
            Nothing runs and nothing is written. `--format json` prints the whole plan, as it is kept with a run.

            Example: almrun plan release --input version=1.2.0
            """)

    @Argument(help: "The name of a file in pipelines/.")
    var pipeline: String

    @OptionGroup var inputs: InputOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let plan = try common.workspace().planner.plan(pipeline: pipeline, inputs: inputs.values())
        switch common.format {
        case .text: Console.print(PlanRenderer().text(plan))
        case .json:
            var value = try plan.value()
            value["digest"] = .string(plan.digest)
            Console.print(value)
        }
    }
}
