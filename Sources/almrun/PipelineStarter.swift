import Documents
import Engine
import OrderedCollections
import Pipelines

/// How a pipeline is started so that it brings a package to an environment.
struct PipelineStarter {
    let pipeline: String
    /// What stands after its name on the command line, with a blank before it: the environment where it is asked, and what
    /// must be given, as the run that made the package was given it.
    let arguments: String
    /// As far as it is known without the other inputs.
    let plan: Plan
    /// The group in which its run would be, where it has one.
    let concurrency: Plan.Concurrency?

    /// The pipelines that promote to an environment, as far as their files are sound; the one that made the package first.
    static func all(promotingTo name: String, _ trail: PackageTrail, in workspace: Workspace) -> [PipelineStarter] {
        let planner = workspace.planner
        let makers = trail.origins.filter { !$0.plan.isRollback }
        let names = planner.pipelineNames
        let made = OrderedSet(makers.map(\.plan.pipeline).filter(names.contains))
        return made.union(names).compactMap { pipeline in
            // A pipeline that cannot be read is `almrun check`'s to report.
            guard let inputs = try? planner.inputs(of: pipeline) else { return nil }
            let given = makers.first { $0.plan.pipeline == pipeline }?.plan.inputs ?? [:]
            let choices = [nil] + inputs.filter { $0.type == .environment }.map { $0.name as String? }
            for choice in choices {
                let chosen: OrderedDictionary<String, Value> = choice.map { [$0: .string(name)] } ?? [:]
                guard let plan = try? planner.outline(of: pipeline, inputs: chosen),
                    plan.steps.contains(where: { $0.environment == name && $0.locksEnvironment })
                else { continue }
                // Which of several packages it would be nobody knows.
                let isOnly = inputs.count { $0.type == .package } == 1
                let words = inputs.compactMap { input in
                    let package: Value? = input.type == .package && isOnly ? .some(.string(trail.digest)) : .none
                    return argument(input, chosen[input.name] ?? package ?? given[input.name], input.name == choice)
                }
                // A group may hang on what is given.
                let known = given.filter { name, _ in inputs.contains { $0.name == name } }
                let concurrency =
                    plan.concurrency
                    ?? (try? planner.outline(of: pipeline, inputs: known.merging(chosen) { $1 }))?.concurrency
                return PipelineStarter(
                    pipeline: pipeline, arguments: words.joined(), plan: plan, concurrency: concurrency)
            }
            return nil
        }
    }

    /// An input as it is given, in capitals where only people know it; nil where its default does.
    private static func argument(_ input: InputDeclaration, _ value: Value?, _ isChosen: Bool) -> String? {
        let text = value.flatMap { $0.string ?? ($0.isNull ? nil : $0.json()) }
        guard input.isRequired || isChosen || (text != nil && text != input.defaultNode?.scalarText) else { return nil }
        return " --input \(input.name)=\(text.map(shellWord) ?? input.name.uppercased())"
    }
}
