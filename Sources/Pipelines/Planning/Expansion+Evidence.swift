import Documents

extension Expansion {
    /// Lets every deployment wait for the stages that may show what its environment asks for.
    ///
    /// Stages that wait for the deployment themselves cannot show anything before it. Where nothing can, the gate would stay
    /// closed, which is told as a warning: people may still open it with a reason.
    func connectEvidence() {
        guard drafts.contains(where: { changedEnvironment(of: $0)?.gates.evidence != nil }) else { return }
        let connections = connections
        var graphs: [PackageConnections.Origin: PackageGraph] = [:]
        for position in drafts.indices {
            let draft = drafts[position]
            guard let environment = changedEnvironment(of: draft), let policy = environment.gates.evidence else {
                continue
            }
            let later = dependents(of: position)
            let origin = connections.origin(ofPackageOf: position)
            let graph = origin.flatMap { graphs[$0] ?? connections.graph(of: $0) }
            if let origin { graphs[origin] = graph }
            for name in policy.stages {
                var shown: [Int] = []
                for other in drafts.indices where !later.contains(other) {
                    guard !drafts[other].isFinally || draft.isFinally,
                        EvidencePolicy.matches(name, step: drafts[other].id, kind: drafts[other].kind)
                    else { continue }
                    shown.append(other)
                    let need = Need(drafts[other].id, .evidence)
                    guard !drafts[position].needs.contains(need) else { continue }
                    drafts[position].needs.append(need)
                    drafts[position].edges.append((other, draft.location))
                }
                if shown.isEmpty {
                    warn(name, draft, environment)
                } else if let origin, let graph, !shown.contains(where: { connections.mayConcern($0, graph) }) {
                    if case .made(let maker) = origin {
                        warn(name, shown[0], maker, environment)
                    } else {
                        let held = later.union(dependents(of: shown[0]))
                        warn(name, shown[0], after: connections.holder(of: origin, before: held.contains), environment)
                    }
                }
            }
        }
    }

    /// As they are before any stage waits for another one for the sake of evidence.
    private var connections: PackageConnections {
        PackageConnections(
            drafts.map { draft in
                PackageConnections.Node(
                    id: draft.id, kind: draft.kind, input: draft.input, needs: draft.edges.map(\.draft),
                    subject: library.kinds[draft.kind]?.subject,
                    makesPackage: library.kinds[draft.kind]?.makesPackage ?? false)
            })
    }

    /// The environment that a stage changes; nil for stages that change none.
    func changedEnvironment(of draft: Draft) -> EnvironmentFile? {
        draft.changesEnvironment ? draft.environment.flatMap { library.environment($0, at: nil) } : nil
    }

    /// Several pipelines may use the template to which a warning points.
    private var inPipeline: String { pipeline.map { " (pipeline '\($0)')" } ?? "" }

    private func warn(_ name: String, _ draft: Draft, _ environment: EnvironmentFile) {
        problems.add(
            Diagnostic(
                "manifest/no-evidence", .warning,
                "environment '\(environment.name)' asks for evidence by '\(name)', and no such stage runs before "
                    + "'\(draft.id)'\(inPipeline)", at: draft.location,
                help: "the gate '\(draft.id).evidence' stays closed; add a stage of that name or kind"))
    }

    /// As the gate would say once all has been done for nothing.
    private func warn(_ name: String, _ stage: Int, _ maker: Int, _ environment: EnvironmentFile) {
        let (id, maker) = (drafts[stage].id, drafts[maker].id)
        warn(
            name, stage, environment,
            "is neither given the package nor waited for by '\(maker)', which makes it, and works on other files",
            help: "say in the pipeline that '\(id)' is about the package: give it the package, or let the stage that "
                + "makes the package need it (needs: [\(id)])")
    }

    /// The same where the pipeline is given the package.
    private func warn(_ name: String, _ stage: Int, after holder: Int?, _ environment: EnvironmentFile) {
        warn(
            name, stage, environment,
            "is not given the package, and comes after no stage that is",
            help: PlannedEvidence.Unconnected.adviceForGiven(drafts[stage].id, after: holder.map { drafts[$0].id }))
    }

    private func warn(_ name: String, _ stage: Int, _ environment: EnvironmentFile, _ why: String, help: String) {
        let id = drafts[stage].id
        // Several deployments to one environment ask for the same.
        guard toldUnrelated.insert("\(environment.name) \(name) \(id)").inserted else { return }
        problems.add(
            Diagnostic(
                "manifest/no-evidence", .warning,
                "environment '\(environment.name)' asks for evidence by '\(name)', and '\(id)' \(why)\(inPipeline)",
                at: drafts[stage].location, help: help))
    }

    /// The drafts that wait for one, and itself.
    private func dependents(of start: Int) -> Set<Int> {
        var direct: [Int: [Int]] = [:]
        for (position, draft) in drafts.enumerated() {
            for edge in draft.edges { direct[edge.draft, default: []].append(position) }
        }
        var found: Set<Int> = [start]
        var next = [start]
        while let position = next.popLast() {
            for dependent in direct[position] ?? [] where found.insert(dependent).inserted { next.append(dependent) }
        }
        return found
    }
}
