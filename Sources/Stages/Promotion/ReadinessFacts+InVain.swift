import Engine
import Environments
import Pipelines

/// Runs that come here no more, and what keeps a way on from being taken right now.
extension ReadinessFacts {
    /// Whether a run comes here no more, and only a new one does: what it shows is too old, it keeps wrong bindings, or it asks
    /// people of whom too few are left.
    func isInVain(_ run: RunState) -> Bool { isStuck(run) || deadlock(of: run) != nil }

    /// That a run which has not ended asks people on the way here of whom too few are left, and that only a new run helps.
    func deadlock(of run: RunState) -> Impasse? {
        guard !run.status.isFinished, !run.plan.isRollback else { return nil }
        return steps(toward: run).lazy.compactMap { run.impasse(at: $0, now: now) }.first {
            $0.command == run.plan.startCommand
        }
    }

    /// What to look at before ways on that would be refused as long as another run has the group or the environment.
    func refusers(before ways: [String]) -> [String] {
        guard !ways.isEmpty else { return [] }
        var commands = meetings(before: ways).filter { $0.fate == .refuses && release(of: $0) == nil }.map(\.command)
        if environment.pending == .refuse, let lock, !lock.hasRunOut(now), !lock.isLeft, !lock.isDamaged,
            lock.lock.run != wayOn?.run
        {
            commands.append("almrun show \(lock.lock.run)")
        }
        return commands.filter { !ways.contains($0) }
    }

    /// What is to be known of a command that starts a new run of a pipeline: that it comes to nothing as the pipeline is, that it
    /// ends other runs, or that it may make another package; nil where nothing is.
    func remark(onStarting pipeline: String) -> String? {
        var said: [String] = []
        if let unshown = unshown[pipeline], let first = unshown.names.first {
            let names = unshown.names.map { "'\($0)'" }.joined(separator: " and ")
            said.append(
                "as the pipeline is, it fails at the gate before '\(unshown.askers[first] ?? environment.name)', which lacks "
                    + "\(names): mend the pipeline first, or have the gate bypassed then")
        }
        said += (rivals[pipeline] ?? []).filter { $0.fate == .cancelled }.map {
            "it cancels run \($0.run), of the same group '\($0.group)'"
        }
        if let run = leftOut(in: pipeline) {
            said.append(
                "run \(run.run) was given the same and has left the deployment out: give it what its `when` asks for")
        }
        said += [otherContent[pipeline]].compactMap(\.self)
        return said.isEmpty ? nil : said.joined(separator: "; ")
    }

    /// Whether nothing is known for which a new run of a pipeline would make another content of the version.
    func mayMakeIt(_ pipeline: String) -> Bool { makersOfAnother[pipeline] == nil }

    /// That no new run makes the package any more; none where one may, and where a run is taken up.
    var contentConditions: [ReadinessCondition] {
        guard !isRollback, wayOn == nil, let maker = starters.lazy.compactMap({ self.makersOfAnother[$0] }).first,
            !pipelines.contains(where: mayMakeIt)
        else { return [] }
        return [
            ReadinessCondition(
                .stage, .unmet,
                "no new run makes this package: run \(maker), of the files as they are, has made another content of "
                    + "\(package.version ?? "its version"), which needs a version of its own",
                command: "almrun show \(maker)")
        ]
    }

    /// The run of a pipeline that has come to its end well, and has left the deployment of the package here out.
    private func leftOut(in pipeline: String) -> RunState? {
        trail.ended(before: environment.name).flatMap { run in
            run.status == .succeeded && run.plan.pipeline == pipeline ? run : nil
        }
    }

    /// That what brought the package here has come to its end otherwise than by failing: another run took its place, or the
    /// deployment was left out; none where the way on goes by another run.
    var endingConditions: [ReadinessCondition] {
        guard !isRollback, wayOn == nil, open.isEmpty, let run = trail.ended(before: environment.name) else {
            return []
        }
        if let newer = run.cancelRequest?.newerRun, !outlived.contains(run.run) {
            return [
                ReadinessCondition(
                    .stage, .unmet, "run \(run.run) was superseded by run \(newer), which comes in its place",
                    command: "almrun show \(newer)")
            ]
        }
        guard run.status == .succeeded, let step = deployments(of: run).first(where: { run[$0.id]?.status == .skipped })
        else { return [] }
        return [
            ReadinessCondition(
                .stage, .unmet, "'\(step.id)' was left out in run \(run.run), which has succeeded",
                command: "almrun why \(run.run) \(step.id)")
        ]
    }
}
