import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Solutions
import Stages

extension Workspace {
    /// Carries out steps of a run, or only looks what they would do.
    func executor(for state: RunState, isAtWork: Bool = false) -> LocalExecutor {
        LocalExecutor(
            plan: state.plan, root: root, objects: objects, secrets: secrets(state.plan.secretNames),
            version: Version.current, isAtWork: isAtWork, files: examination(of: state))
    }

    /// What a stage of a run would do now; nil where its gates have shown nothing of it yet.
    ///
    /// Without the secrets that its plan needs it is still told whether the target is another one.
    func present(of guarded: StepID, in state: RunState) async -> PresentPreview? {
        let found = await executor(for: state).foresee(guarded, in: state)
        guard case .unknown(let failure)? = found, failure.code.hasPrefix("secret/"),
            var preview = state.preview(for: guarded), let digest = preview.package,
            let environment = state.planned(guarded)?.environment.flatMap({ state.plan.environments[$0] }),
            let bytes = try? objects.read(digest),
            let package = try? SolutionPackage(bytes: Array(bytes), file: "\(digest).zip"),
            let target = try? await EnvironmentTargets.directory(environment, root: root)
                .fingerprint(for: PackageContents(package))
        else { return found }
        preview.target = target
        return .known(preview)
    }

    /// The run as it is for somebody who has looked what the gates are about now at which people are asked, or have said
    /// something on which nobody has acted yet.
    ///
    /// - Parameter isDecided: Only of those at which enough of them have said yes, or somebody has begun a bypass.
    func facing(_ state: RunState, isDecided: Bool, now: Date) async -> RunState {
        let state = facingFiles(state)
        var found: [StepID: PresentPreview] = [:]
        for gate in state.gatesInQuestion(isDecided: isDecided, now: now) {
            guard let guarded = gate.guarding, found[guarded] == nil else { continue }
            found[guarded] = await present(of: guarded, in: state)
        }
        return found.isEmpty ? state : state.facing(found)
    }

    /// What the stages of a run would do in an environment now, as far as gates have shown something of them.
    func present(of run: RunState, in environment: String) async -> [StepID: PresentPreview] {
        var found: [StepID: PresentPreview] = [:]
        for step in run.plan.steps where step.locksEnvironment && step.environment == environment {
            found[step.id] = await present(of: step.id, in: run)
        }
        return found
    }
}
