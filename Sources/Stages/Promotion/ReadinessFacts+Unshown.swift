import Documents
import Engine
import Environments
import OrderedCollections
public import Pipelines

/// What no new run shows of what is asked for on the way here.
extension ReadinessFacts {
    /// Learns by which environments a new run of a pipeline comes here, and what it would not show of what they ask for.
    ///
    /// - Parameter plan: Its plan, with what it would be given.
    public mutating func learnWay(of plan: Plan) {
        let name = environment.name
        let before = plan.deployments(before: name).compactMap(\.environment)
        placesBefore[plan.pipeline] = before
        // Where it is already nothing would change, and nothing is asked for.
        let next = before.filter { places[$0]?.solutions[package.solution ?? ""]?.digest != package.digest }
        let own = Set(trail.runs.filter { $0.plan.pipeline == plan.pipeline }.flatMap(deployments(anywhereIn:)))
        var found = UnshownEvidence()
        for place in next + [name] {
            guard let asked = plan.environments[place]?.gates.evidence?.stages else { continue }
            let planned = plan.plannedEvidence(for: place, by: own, packers: BuiltinStages.packers)
            for name in asked where !planned.shown.contains(name) {
                found.names.append(name)
                found.askers[name] = found.askers[name] ?? place
            }
            found.unconnected.merge(planned.unconnected) { first, _ in first }
        }
        for run in trail.runs where run.plan.isMadeAs(plan) {
            guard let missed = missed(in: run) else { continue }
            for (name, place) in missed where found.names.append(name).inserted {
                found.failed[name] = run.run
                found.askers[name] = place
            }
            break
        }
        unshown[plan.pipeline] = found
    }

    /// What has deployed the package in a run, or would have, wherever that was.
    private func deployments(anywhereIn run: RunState) -> [StepID] {
        run.plan.steps.filter { step in
            step.locksEnvironment && (run.binding(of: step).package ?? run.package(of: step)) == package.digest
        }.map(\.id)
    }

    /// What the gates on the way here have asked a run for, and it has nothing for; nil where they have not asked yet.
    private func missed(in run: RunState) -> [(name: String, place: String?)]? {
        var names: [(name: String, place: String?)] = []
        var isOpen: Bool?
        for gate in steps(toward: run) {
            guard case .gate(.evidence(let policy)) = gate.work, let known = run[gate.id] else { continue }
            isOpen = isOpen != false && known.status.isGood
            guard known.status == .failed || known.output?["bypassedBy"] != nil else { continue }
            let items = EvidenceStanding(policy, step: gate, in: run, now: now).items
            names += items.filter { item in
                item.verdict == .missing && item.step.map { !mayComeOutDifferently($0, in: run) } ?? true
            }.map { ($0.name, gate.environment) }
        }
        return isOpen == true || !names.isEmpty ? names : nil
    }

    /// Whether a stage was skipped for what a command, or something else with an effect, said: that may say something else in
    /// another run. What ran too early runs in its place in another one.
    private func mayComeOutDifferently(_ stage: StepID, in run: RunState) -> Bool {
        if run.planned(stage).flatMap(run.stageDoneLater) != nil { return true }
        guard run[stage]?.status == .skipped else { return false }
        // Skipped after another one that was.
        guard let condition = run.planned(stage)?.condition else { return true }
        return condition.alternatives.joined().flatMap(\.argument.references).contains { reference in
            guard case .output(let step, name: _, path: _) = reference else { return true }
            return run.planned(step)?.effect != StageDescription.Effect.none
        }
    }

    /// The gate on the way here at which a run failed for want of what no pipeline shows, or shows anew, and that too few people
    /// have bypassed; nil where there is none.
    func unshownGate(of run: RunState) -> Step? {
        guard run.status == .failed || !run.status.isFinished, !run.plan.isRollback else { return nil }
        return steps(toward: run).first { gate in
            let code = run[gate.id]?.failure?.code
            return (code == "gate/no-evidence" || code == "gate/old-evidence")
                && run.bypasses(at: gate).count < run.bypassPolicy(at: gate).count && isUnshown(at: gate, in: run)
        }
    }

    /// Whether a gate asks for something that neither its run shows nor a new one would.
    func isUnshown(at gate: Step, in run: RunState) -> Bool { unshownName(at: gate, in: run) != nil }

    private func unshownName(at gate: Step, in run: RunState) -> String? {
        guard case .gate(.evidence(let policy)) = gate.work else { return nil }
        return EvidenceStanding(policy, step: gate, in: run, now: now).items.first {
            ($0.verdict == .missing || $0.verdict == .old) && waysToBeShown($0.name) != nil
        }?.name
    }

    /// What brings about what a gate of a run asks for and no pipeline shows; nil where one does, and for another step.
    func waysToShow(at gate: Step, in run: RunState) -> String? {
        unshownName(at: gate, in: run).flatMap { waysToShow($0, at: gate, in: run) }
    }

    /// The same of one thing that is asked for.
    func waysToShow(_ name: String, at gate: Step, in run: RunState) -> String? {
        // What enough people have opened needs nothing more.
        guard run.bypasses(at: gate).count < run.bypassPolicy(at: gate).count, let mending = waysToBeShown(name) else {
            return nil
        }
        let isShut =
            run[gate.id]?.status == .failed && run.cancelRequest == nil || run.lapsedEvidence(at: gate, now: now) != nil
        return mending + (isShut ? run.bypassCommand(ofFailed: gate).map { "; or \($0)" } ?? "" : "")
    }

    /// That no new run shows all that is asked for, and what must be changed so that one does: a stage be connected with the
    /// package, or one be added; nil where a pipeline shows all, or where that is not known.
    func waysToBeShown(_ name: String) -> String? {
        guard !isRollback, pipelines.allSatisfy({ !unshown(by: $0).isEmpty }) else { return nil }
        guard !pipelines.isEmpty else { return "no pipeline that can be read brings it to '\(environment.name)'" }
        let lacking = pipelines.filter { unshown(by: $0).contains(name) }
        for pipeline in lacking {
            guard let found = unshown[pipeline]?.unconnected[name] else { continue }
            return
                "a new run of pipeline '\(pipeline)' would not show it either: nothing there says that '\(found.stage)' is "
                + "about the package; \(found.advice)"
        }
        for pipeline in lacking {
            guard let run = unshown[pipeline]?.failed[name] else { continue }
            return
                "a new run of pipeline '\(pipeline)' would not show it either: run \(run), with the same files and inputs, "
                + "has not"
        }
        guard lacking.count < pipelines.count else {
            let asker = lacking.lazy.compactMap { unshown[$0]?.askers[name] }.first ?? environment.name
            let what = asker == environment.name ? "it" : "what '\(asker)' asks for on the way"
            return "no pipeline that promotes to '\(environment.name)' has a stage for \(what): one must be added"
        }
        let texts = pipelines.map { pipeline in
            "'\(pipeline)' does not show \(unshown(by: pipeline).map { "'\($0)'" }.joined(separator: ", "))"
        }
        return "no pipeline shows all that is asked for: \(texts.joined(separator: "; "))"
    }

    /// What is asked for on the way here and a new run of a pipeline would not show, as far as that is known.
    func unshown(by pipeline: String) -> OrderedSet<String> { unshown[pipeline]?.names ?? [] }

    /// Whether a new run of a pipeline shows all that is asked for.
    func showsAll(_ pipeline: String) -> Bool { unshown[pipeline]?.names.isEmpty == true }

    /// Whether one of the pipelines does.
    var canBeShownAnew: Bool { pipelines.contains(where: showsAll) }
}

extension Plan {
    /// Whether it was made of the same files as another one, and of the same inputs but for packages, of which that one does
    /// not know.
    public func isMadeAs(_ other: Plan) -> Bool {
        guard pipeline == other.pipeline, Set(sources) == Set(other.sources) else { return false }
        let packages = Set(inputs.filter { $0.value["digest"] != nil }.keys)
        return inputs.filter { !packages.contains($0.key) } == other.inputs.filter { !packages.contains($0.key) }
    }
}
