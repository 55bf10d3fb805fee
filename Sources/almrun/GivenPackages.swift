import Documents
import Engine
import Environments
import OrderedCollections
import Pipelines
import Stages

extension Workspace {
    /// Who made packages that are given to a run: the runs that made them know, and no commit that is here now.
    ///
    /// - Parameter own: A run that does not vouch for itself.
    func makers(
        ofGiven digests: Set<String>, to plan: Plan, besides own: RunID? = nil
    ) async throws -> KnownPeople {
        var found = KnownPeople()
        guard !digests.isEmpty, plan.leavesOutCommitters else { return found }
        let store = try existingStore()
        let index = if let store { try await RunIndex(of: store) } else { RunIndex?.none }
        let finder = try await PackageFinder(
            environments: Array(plan.environments.values), root: root, objects: objects, store: store)
        for digest in digests.sorted() {
            let whole = try await trail(of: digest, finder: finder, limit: EarlierApprovals.newest, index: index)
            let trail = PackageTrail(
                digest: digest, runs: whole.runs.filter { $0.run != own }, unreadable: whole.unreadable)
            let known = trail.request(by: "", version: "").people
            found.committers += known.committers
            found.uncommittedBy += known.uncommittedBy
            for origin in trail.origins where origin.people.uncommitted > 0 {
                found.uncommittedBy += origin.people.bringers(requester: origin.requester)
            }
            if known.uncommitted > found.uncommitted {
                (found.uncommitted, found.looseManifests) = (known.uncommitted, known.looseManifests)
            }
            let isMade = trail.runs.contains { run in run.madePackages.contains { $0.digest == digest } }
            found.committersDoubt =
                found.committersDoubt ?? known.committersDoubt
                ?? (isMade
                    ? nil : "no run that can be read made package \(digest.prefix(12)), which is given to this one")
        }
        return found
    }
}

extension KnownPeople {
    /// Adds who made what is given to a run that is about to be made; when nobody knows, nobody may approve.
    mutating func add(makers: KnownPeople) {
        uncommittedBy = Set(uncommittedBy + makers.uncommittedBy).sorted()
        if makers.uncommitted > uncommitted {
            uncommitted = makers.uncommitted
            looseManifests = looseManifests.filter(Self.isManifest) + makers.looseFiles
        }
        if let doubt = makers.committersDoubt {
            (committers, committersDoubt) = ([], doubt)
        } else if committersDoubt == nil || !committers.isEmpty {
            committers = Set(committers + makers.committers).sorted()
        }
    }
}

extension Plan {
    /// Digests of the packages that the plan names, and that no step of it makes.
    var givenPackages: Set<String> {
        Set(
            steps.compactMap { step in
                switch step.input {
                case .map(let members): members["package"]?.literal?["digest"]?.string
                case .literal(let input): input["package"]?["digest"]?.string
                default: nil
                }
            })
    }
}
