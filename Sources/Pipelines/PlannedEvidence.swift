import OrderedCollections

/// What a plan has stages for, of the evidence that an environment asks for.
public struct PlannedEvidence: Sendable, Hashable {
    /// A stage of the asked name or kind that the plan does not connect with the package, so that it shows nothing of it.
    public struct Unconnected: Sendable, Hashable {
        public var stage: StepID
        /// The stage that makes the package.
        public var maker: StepID

        public init(stage: StepID, maker: StepID) {
            self.stage = stage
            self.maker = maker
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
    /// - Parameter deployments: Those that are meant, as far as they are known: others may be of other packages.
    public func plannedEvidence(for environment: String, by deployments: Set<StepID> = []) -> PlannedEvidence {
        var found = PlannedEvidence()
        let connections = connections
        let gates = steps.indices.filter { steps[$0].environment == environment }
        let meant = gates.filter { steps[$0].guarding.map(deployments.contains) == true }
        for position in meant.isEmpty ? gates : meant {
            let gate = steps[position]
            guard case .gate(.evidence(let policy)) = gate.work else { continue }
            let asked = Set(gate.needs.filter { $0.reason == .evidence }.map(\.step))
            // A plan that does not say what its stages work on says nothing of how they are connected.
            let maker = subjects == nil ? nil : connections.maker(ofPackageOf: position)
            for name in policy.stages {
                let named = steps.indices.filter { other in
                    guard asked.contains(steps[other].id), case .stage(let kind) = steps[other].work else {
                        return false
                    }
                    return EvidencePolicy.matches(name, step: steps[other].id, kind: kind)
                }
                guard let first = named.first else { continue }
                if let maker, named.allSatisfy({ connections.isUnrelated($0, to: maker) }) {
                    let stage = PlannedEvidence.Unconnected(stage: steps[first].id, maker: steps[maker].id)
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
        let connections = connections
        return steps.indices.contains { position in
            guard steps[position].environment == environment, steps[position].locksEnvironment else { return false }
            return connections.maker(ofPackageOf: position).map { connections.mayWork($0, on: folder) } ?? true
        }
    }

    private var connections: PackageConnections {
        let positions = Dictionary(steps.enumerated().map { ($1.id, $0) }) { first, _ in first }
        return PackageConnections(
            steps.map { step in
                PackageConnections.Node(
                    id: step.id, input: step.input,
                    needs: step.needs.filter { $0.reason != .evidence }.compactMap { positions[$0.step] },
                    subject: subjects?[step.id.rawValue])
            })
    }
}
