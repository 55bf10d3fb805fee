import ArgumentParser
import Documents
import Engine
import Foundation
import Git
import Pipelines
import Reporting
import Stages

/// Shows what a pipeline would do, step by step, and why.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a pipeline would do, in which order, and why.",
        discussion: """
            Nothing runs and nothing is written. `--format json` prints the whole plan, as it is kept with a run. With \
            --preview, what each promotion would do now, where an earlier run has built the package from the same inputs.

            Example: almrun plan release --input version=1.2.0
            """)

    @Argument(help: "The name of a file in pipelines/.")
    var pipeline: String

    @Flag(help: "Also what each promotion would do in its environment now: the action and every value.")
    var preview = false

    @OptionGroup var inputs: InputOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let workspace = try common.workspace()
        let given = try await inputs.values(of: pipeline, in: workspace)
        let (plan, judged) = try workspace.planner.judgedPlan(
            pipeline: pipeline, inputs: given, requester: (try? workspace.person())?.email)
        let warnings = judged + workspace.missingSecrets(of: plan) + workspace.looseKeys(of: plan)
        let promotions = preview ? try await workspace.preview(of: plan, now: Date()) : nil
        switch common.format {
        case .text:
            Console.error(warnings)
            Console.print(PlanRenderer().text(plan))
            if let promotions { Console.print("\n" + promotions.text) }
        case .json:
            var value = try plan.value()
            value["digest"] = .string(plan.digest)
            if let promotions { value["previews"] = try promotions.value }
            if !warnings.isEmpty {
                value["findings"] = .list(try warnings.map { try ValueEncoder().encode(Finding($0)) })
            }
            Console.print(value)
        }
    }
}

extension Workspace {
    /// What the promotions of a plan would do now; the environments are asked and nothing is changed.
    func preview(of plan: Plan, now: Date) async throws -> PlanPreview {
        let executor = LocalExecutor(
            plan: plan, root: root, objects: objects, secrets: secrets(plan.secretNames), version: Version.current)
        return try await PlanPreview(
            plan, executor: executor, store: try existingStore(), requester: "", now: now)
    }
}
