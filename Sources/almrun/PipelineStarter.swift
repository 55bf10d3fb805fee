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
    /// As far as it is known without the inputs that nobody has given yet.
    let plan: Plan

    /// The group in which its run would be, where it has one.
    var concurrency: Plan.Concurrency? { plan.concurrency }

    /// The pipelines that promote to an environment and may bring the package there, as far as their files are sound; the one
    /// that made the package first.
    ///
    /// - Parameter version: The package's, where it is known: it stands for an input of that name that nobody knows better.
    static func all(
        promotingTo name: String, _ trail: PackageTrail, version: String?, in workspace: Workspace
    ) -> [PipelineStarter] {
        let planner = workspace.planner
        let makers = trail.origins.filter { !$0.plan.isRollback }
        let names = planner.pipelineNames
        let made = OrderedSet(makers.map(\.plan.pipeline).filter(names.contains))
        let folders = makers.map { $0.folder(ofPackage: trail.digest) }
        return made.union(names).compactMap { pipeline in
            // A pipeline that cannot be read is `almrun check`'s to report.
            guard let inputs = try? planner.inputs(of: pipeline) else { return nil }
            let given = makers.first { $0.plan.pipeline == pipeline }?.plan.inputs ?? [:]
            let choices = [nil] + inputs.filter { $0.type == .environment }.map { $0.name as String? }
            for choice in choices {
                let chosen: OrderedDictionary<String, Value> = choice.map { [$0: .string(name)] } ?? [:]
                // What it comes to may hang on what is given.
                let known = given.filter { name, _ in inputs.contains { $0.name == name && $0.type != .package } }
                let plan =
                    (try? planner.outline(of: pipeline, inputs: known.merging(chosen) { $1 }))
                    ?? (try? planner.outline(of: pipeline, inputs: chosen))
                guard let plan, plan.steps.contains(where: { $0.environment == name && $0.locksEnvironment }) else {
                    continue
                }
                // One that packs other folders alone makes other packages.
                guard
                    made.contains(pipeline) || inputs.contains(where: { $0.type == .package })
                        || folders.isEmpty
                        || folders.contains(where: { $0.map { plan.mayPack($0, for: name) } ?? true })
                else { return nil }
                // Which of several packages it would be nobody knows.
                let isOnly = inputs.count { $0.type == .package } == 1
                let words = inputs.compactMap { input in
                    let package: Value? = input.type == .package && isOnly ? .some(.string(trail.digest)) : .none
                    let own: Value? = input.name == "version" && input.isRequired ? version.map { .string($0) } : nil
                    return argument(
                        input, chosen[input.name] ?? package ?? given[input.name] ?? own, input.name == choice)
                }
                return PipelineStarter(pipeline: pipeline, arguments: words.joined(), plan: plan)
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

extension RunState {
    /// The file or folder from which the run made a package; nil where that is not known.
    func folder(ofPackage digest: String) -> String? {
        for step in plan.steps where self[step.id]?.output?["package"]?["digest"]?.string == digest {
            guard package(of: step) != digest, let name = plan.subjects?[step.id.rawValue],
                case .map(let input) = step.input, let folder = input[name].flatMap({ try? resolve($0) })?.string
            else { continue }
            return RepositoryFiles.normalized(folder)
        }
        return nil
    }
}
