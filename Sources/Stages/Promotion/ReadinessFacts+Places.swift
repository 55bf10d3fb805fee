import Engine
import Environments
public import Pipelines
import Solutions

/// What stands in the environments to which a run comes before it comes here.
extension ReadinessFacts {
    /// That an environment before would refuse the package, whichever way it takes; none where one of them is open.
    var placeConditions: [ReadinessCondition] {
        guard !isRollback, versionCondition.standing == .met,
            here.solutions[package.solution ?? ""]?.digest != package.digest
        else { return [] }
        if let run = openHere {
            if atWork.contains(run.run) { return [] }
            return isInVain(run) ? obstacles(toNew: run.plan.pipeline) : obstacles(to: run)
        }
        if let run = wayOn, run.status == .failed, !isStuck(run) { return obstacles(to: run) }
        if let ended = endedToTakeUp {
            if isStuck(ended) { return obstacles(toNew: ended.plan.pipeline) }
            return ended.cancelRequest?.newerRun != nil && !outlived.contains(ended.run) ? [] : obstacles(to: ended)
        }
        return starters.first.map(obstacles(toNew:)) ?? []
    }

    /// The open run of which the deployment here is still to come, or comes once what failed before it is taken up.
    var openHere: RunState? {
        open.first { isComing($0) || isTakenUpMeanwhile($0) }
    }

    /// Whether the deployment of a run here has come to no end.
    func isComing(_ run: RunState) -> Bool {
        deployments(of: run).contains { run[$0.id]?.status.isSettled == false }
    }

    /// Whether to take a run up that has ended is a way, and not only a new one.
    func isTakenUp(_ run: RunState) -> Bool {
        guard obstacles(to: run).isEmpty else { return !starters.contains { obstacles(toNew: $0).isEmpty } }
        return true
    }

    /// The pipelines to start: those that can show what is asked for, and of these those that nothing stands in the way of.
    public var starters: [String] {
        let able = pipelines.filter { unshown(by: $0).isEmpty }
        let some = able.isEmpty ? pipelines : able
        let bound = some.filter(isBound)
        let all = bound.isEmpty ? some : bound
        let free = all.filter { obstacles(toNew: $0).isEmpty }
        guard free.isEmpty else { return free }
        let best = all.first { obstacles(toNew: $0).allSatisfy { $0.standing == .unmet } } ?? all.first
        return best.map { [$0] } ?? []
    }

    /// What would refuse the package in a new run of a pipeline.
    func obstacles(toNew pipeline: String) -> [ReadinessCondition] {
        // Another package may take another way through the same pipeline.
        (placesBefore[pipeline] ?? []).filter(comesTo).compactMap { obstacle(in: $0) }
    }

    /// Whether the package was brought to an environment, or was meant for it.
    func comesTo(_ name: String) -> Bool {
        places[name]?.operations.contains { $0.digest == package.digest } == true
            || trail.runs.contains { $0.brought(package.digest, to: name) }
    }

    /// What would refuse the package once a run is taken up.
    func obstacles(to run: RunState) -> [ReadinessCondition] {
        run.plan.deployments(before: environment.name).filter { step in
            guard let status = run[step.id]?.status, !status.isGood, status != .skipped else { return false }
            return (run.binding(of: step).package ?? run.package(of: step)) == package.digest
        }.compactMap { $0.environment.flatMap(obstacle) }
    }

    /// That an environment holds a newer version, or another content of the same one.
    private func obstacle(in name: String) -> ReadinessCondition? {
        guard let solution = package.solution, let version = package.version, let state = places[name],
            let installed = state.solutions[solution], installed.digest != package.digest,
            let old = SolutionVersion(installed.version), let new = SolutionVersion(version), new <= old
        else { return nil }
        let what = new < old ? "which is newer than \(version)" : "with another content"
        let text = "'\(name)' comes first, and has \(installed.version), \(what), so that a run is refused there"
        let back = try? RollbackChoice(in: state, environment: name, solution: solution, version: version)
        guard back?.target.digest == package.digest else {
            return ReadinessCondition(
                .version, .never, text + "; \(version) was never verified there, so that no rollback brings it back")
        }
        return ReadinessCondition(
            .version, .unmet, text, command: RollbackChoice.command(name, to: version, solution: solution))
    }
}

extension RunState {
    /// Whether a package is what a deployment of the run to an environment is about.
    fileprivate func brought(_ digest: String, to name: String) -> Bool {
        plan.steps.contains { step in
            step.environment == name && step.locksEnvironment
                && (binding(of: step).package ?? package(of: step)) == digest
        }
    }
}

extension Plan {
    /// The deployments to other environments that those to an environment wait for, in the plan's order.
    public func deployments(before name: String) -> [Step] {
        var needed: Set<StepID> = []
        for step in steps.reversed() {
            guard needed.contains(step.id) || (step.locksEnvironment && step.environment == name) else { continue }
            needed.formUnion(step.needs.filter { $0.reason != .evidence }.map(\.step))
        }
        return steps.filter { $0.locksEnvironment && $0.environment != name && needed.contains($0.id) }
    }
}
