import OrderedCollections

/// What a plan has stages for, of the evidence that an environment asks for.
public struct PlannedEvidence: Sendable, Hashable {
    /// A stage of the asked name or kind that the plan does not connect with the package, so that it shows nothing of it.
    public struct Unconnected: Sendable, Hashable {
        public var stage: StepID
        /// The stage that makes the package; nil where the pipeline is given it.
        public var maker: StepID?
        /// Then the first stage before the gate that is given it, where there is one.
        public var holder: StepID?

        public init(stage: StepID, maker: StepID?, holder: StepID? = nil) {
            self.stage = stage
            self.maker = maker
            self.holder = holder
        }

        /// What to write in the pipeline, lower case, no full stop.
        public var advice: String {
            if let maker {
                return "give it the package, or let '\(maker)', which makes the package, need it (needs: [\(stage)])"
            }
            return Self.adviceForGiven(stage, after: holder)
        }

        /// The same where the pipeline is given the package; not every kind of stage can be given it.
        public static func adviceForGiven(_ stage: StepID, after holder: StepID?) -> String {
            let place = holder.map { "such as '\($0)' (needs: [\($0)])" } ?? "such as one of kind 'connections.rebind'"
            return "let '\(stage)' come after a stage that is given the package, \(place)"
        }
    }

    /// What stages may show.
    public var shown: Set<String>
    /// By name as in the environment's file: the first stage that would show it, where all of them are surely not connected with
    /// the package.
    public var unconnected: [String: Unconnected]

    public init(shown: Set<String> = [], unconnected: [String: Unconnected] = [:]) {
        self.shown = shown
        self.unconnected = unconnected
    }
}

extension Plan {
    /// What the plan has stages for, of the evidence that an environment asks for.
    ///
    /// - Parameters:
    ///   - deployments: Those that are meant, as far as they are known: others may be of other packages.
    ///   - packers: The kinds of stages that make packages of files.
    public func plannedEvidence(
        for environment: String, by deployments: Set<StepID> = [], packers: Set<String>
    ) -> PlannedEvidence {
        var found = PlannedEvidence()
        let connections = connections(packers)
        var graphs: [PackageConnections.Origin: PackageGraph] = [:]
        let gates = steps.indices.filter { steps[$0].environment == environment }
        let meant = gates.filter { steps[$0].guarding.map(deployments.contains) == true }
        for position in meant.isEmpty ? gates : meant {
            let gate = steps[position]
            guard case .gate(.evidence(let policy)) = gate.work else { continue }
            let asked = Set(gate.needs.filter { $0.reason == .evidence }.map(\.step))
            // A plan that does not say what its stages work on says nothing of how they are connected.
            let origin = subjects == nil ? nil : connections.origin(ofPackageOf: position)
            let graph = origin.flatMap { graphs[$0] ?? connections.graph(of: $0) }
            if let origin { graphs[origin] = graph }
            for name in policy.stages {
                let named = steps.indices.filter { other in
                    guard asked.contains(steps[other].id), case .stage(let kind) = steps[other].work else {
                        return false
                    }
                    return EvidencePolicy.matches(name, step: steps[other].id, kind: kind)
                }
                guard let first = named.first else { continue }
                if let origin, let graph, !named.contains(where: { connections.mayConcern($0, graph) }) {
                    let stage = unconnected(steps[first].id, from: origin, connections, before: gate)
                    found.unconnected[name] = found.unconnected[name] ?? stage
                } else {
                    found.shown.insert(name)
                }
            }
        }
        // Which of several deployments to the environment is meant is not known here: one is enough.
        for name in found.shown { found.unconnected[name] = nil }
        return found
    }

    /// Whether a deployment to an environment may be of a package that is made from a folder: false where all are surely of
    /// packages that are made from others.
    public func mayPack(_ folder: String, for environment: String) -> Bool {
        let connections = connections([])
        return steps.indices.contains { position in
            guard steps[position].environment == environment, steps[position].locksEnvironment else { return false }
            return connections.maker(ofPackageOf: position).map { connections.mayWork($0, on: folder) } ?? true
        }
    }

    /// A step, what it stands before as a gate, and all that comes after that.
    public func stepsHeldUp(by gate: Step) -> Set<StepID> {
        var found = Set([gate.id, gate.guarding].compactMap(\.self))
        for step in steps where step.needs.contains(where: { found.contains($0.step) }) { found.insert(step.id) }
        return found
    }

    /// The steps after which a stage cannot come that is to show something at a gate: those that wait for either.
    public func stepsAfter(_ gate: Step, and stage: StepID) -> Set<StepID> {
        let held = steps.first { $0.id == stage }.map(stepsHeldUp(by:)) ?? []
        return held.union(stepsHeldUp(by: gate))
    }

    private func unconnected(
        _ stage: StepID, from origin: PackageConnections.Origin, _ connections: PackageConnections, before gate: Step
    ) -> PlannedEvidence.Unconnected {
        if case .made(let maker) = origin { return PlannedEvidence.Unconnected(stage: stage, maker: steps[maker].id) }
        let later = stepsAfter(gate, and: stage)
        let holder = connections.holder(of: origin) { later.contains(steps[$0].id) }
        return PlannedEvidence.Unconnected(stage: stage, maker: nil, holder: holder.map { steps[$0].id })
    }

    private func connections(_ packers: Set<String>) -> PackageConnections {
        let positions = Dictionary(steps.enumerated().map { ($1.id, $0) }) { first, _ in first }
        return PackageConnections(
            steps.map { step in
                let kind: String? = if case .stage(let kind) = step.work { kind } else { nil }
                return PackageConnections.Node(
                    id: step.id, kind: kind, input: step.input,
                    needs: step.needs.filter { $0.reason != .evidence }.compactMap { positions[$0.step] },
                    subject: subjects?[step.id.rawValue], makesPackage: kind.map(packers.contains) ?? false)
            })
    }
}
