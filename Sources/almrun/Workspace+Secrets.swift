import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Stages

extension Workspace {
    /// What the secrets files of all environments lack; environments that cannot be read are told of as such.
    func missingSecrets() -> [Diagnostic] {
        planner.environmentNames.flatMap { name in
            ((try? planner.environments([name])) ?? []).flatMap { missing(in: $0, $0.secretNames) }
        }
    }

    /// What the secrets files of a plan's environments lack of what its stages use.
    func missingSecrets(of plan: Plan) -> [Diagnostic] {
        plan.environments.values.flatMap { file -> [Diagnostic] in
            let steps = plan.steps.filter { $0.environment == file.name }
            // One that is only looked at, as by a gate behind it, needs none.
            guard !steps.isEmpty else { return [] }
            return missing(in: file, steps.reduce(file.secretNames) { $0.union($1.secretNames) })
        }
    }

    /// Everything that a run of a plan would find no value of in this process.
    func missingSecretsHere(of plan: Plan) -> [Diagnostic] {
        let filed = plan.environments.values.filter { $0.secretsFile != nil }
        var names = Set(plan.secretNames)
        if !filed.isEmpty {
            // What only stages in these environments use is looked for in their files.
            names = plan.environments.values.filter { $0.secretsFile == nil }.reduce([]) { $0.union($1.secretNames) }
            for step in plan.steps where !filed.contains(where: { $0.name == step.environment }) {
                names.formUnion(step.secretNames)
            }
        }
        let known = secrets(names)
        return names.sorted().filter { !known.holds($0) }.map {
            Self.warning("secret/missing", "secret '\($0)' has no value in this process", nil)
        } + missingSecrets(of: plan)
    }

    /// A secrets file is often left out of commits, so that it is missing wherever nobody made one.
    private func missing(in file: EnvironmentFile, _ names: Set<String>) -> [Diagnostic] {
        guard let place = file.secretsFile else { return [] }
        do throws(StageFailure) {
            let known = try file.secrets(beside: secrets(names), root: root)
            return names.sorted().filter { !known.holds($0) }.map { name in
                Self.warning(
                    "secret/missing",
                    "secret '\(name)', which '\(file.name)' needs, has no value in this process, nor in '\(place)'",
                    "export \(name)=... before `almrun run` or `almrun resume`, or write it into '\(place)'")
            }
        } catch {
            return [
                Self.warning(
                    error.code, "environment '\(file.name)': \(error.message)",
                    "'secretsFile' in its file names it; each line of it is NAME=value")
            ]
        }
    }

    /// No error: a later process may have it, or another machine.
    private static func warning(_ code: String, _ message: String, _ help: String?) -> Diagnostic {
        Diagnostic(code, .warning, "\(message); a stage that needs it will fail", help: help)
    }
}
