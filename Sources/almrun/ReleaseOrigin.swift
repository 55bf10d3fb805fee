import Engine
import Environments
import Git
import OrderedCollections
import Pipelines
import Stages

/// Since when commits are released: what is installed where the gates of a plan stand, by the runs that made it.
///
/// Tags and other names say nothing here, as anybody can make them.
struct ReleaseOrigin {
    /// Commits, and what was made of each: what came after any of them is released.
    private(set) var commits: [String: String] = [:]
    /// E-mails of who brought changes that were in no commit into what is installed.
    private(set) var bringers: Set<String> = []
    /// Why everybody in the history counts; nil when the commits say who does.
    private(set) var doubt: String?
    /// All who committed up to a commit, as the runs that made what is installed have written it down.
    private var everybody: [CommitID: [String]] = [:]

    /// Nil when no gate of the plan leaves out who wrote what is released, so that nobody wants to know; throws where what is
    /// installed cannot be read.
    init?(of plan: Plan, in workspace: Workspace) async throws {
        guard let names = plan.placesOfCommitters else { return nil }
        guard !names.isEmpty else {
            doubt = "the plan changes no environment in which something could be installed"
            return
        }
        // Those of the plan are sound, whatever is wrong with the files of others. What cannot be read now may be read later,
        // so that it is no doubt to be kept.
        let finder = try await PackageFinder(
            environments: Array(plan.environments.values), root: workspace.root, objects: workspace.objects,
            store: try workspace.existingStore())
        let index =
            if let store = try workspace.existingStore() { try await RunIndex(of: store) } else { RunIndex?.none }
        var origins: [String: [RunState]] = [:]
        for name in names {
            guard let state = finder.environments[name] else {
                note("what is installed in '\(name)' cannot be looked at from here")
                continue
            }
            if state.solutions.isEmpty { note("nothing is installed in '\(name)' yet") }
            for installed in state.solutions.values.sorted(by: { $0.solution < $1.solution }) {
                let digest = installed.digest
                if origins[digest] == nil {
                    origins[digest] = try await workspace.makers(of: digest, finder, index)
                }
                look(at: installed, in: name, origins[digest] ?? [])
            }
        }
    }

    private mutating func look(at installed: InstalledSolution, in name: String, _ origins: [RunState]) {
        let what = "\(installed.solution) \(installed.version) in '\(name)'"
        if origins.isEmpty { note("no run that can be read made \(what)") }
        for origin in origins {
            if let commit = origin.commit { commits[commit] = what } else { note("of \(what) no commit is known") }
            if let commit = origin.commit.flatMap({ CommitID(hex: $0) }), !origin.people.everybody.isEmpty {
                everybody[commit] = origin.people.everybody
            }
            if origin.people.uncommitted > 0 {
                bringers.formUnion(origin.people.bringers(requester: origin.requester))
            }
        }
    }

    private mutating func note(_ doubt: String) { self.doubt = self.doubt ?? doubt }

    /// Who wrote what is released, as far as the repository knows.
    struct Writers {
        /// E-mails, sorted.
        var people: [String]
        /// Why everybody in the history counts; nil when the commits say who does.
        var doubt: String?
        /// Whether all of the history could be looked at.
        var isWhole: Bool
    }

    /// Why nobody knows who wrote what, where not all of the history is there.
    static let cutOff = "the history was cut off when cloning (git fetch --unshallow, and start a new run)"

    /// All who ever committed, up to a commit; what is known of those before is not looked up again.
    func everybody(
        upTo commit: CommitID, in repository: borrowing GitRepository
    ) throws(GitError) -> Contributors {
        try repository.contributors(of: commit, knowing: everybody)
    }

    /// Who wrote what came after these commits, up to one.
    func writers(of commit: CommitID, in repository: borrowing GitRepository) throws(GitError) -> Writers {
        var doubt = self.doubt
        var bases: [CommitID] = []
        for (commit, what) in commits.sorted(by: { $0.key < $1.key }) {
            if let id = CommitID(hex: commit), repository.hasCommit(id) {
                bases.append(id)
            } else if doubt == nil {
                doubt = "commit \(commit.prefix(12)), of which \(what) was made, is not in this repository"
            }
        }
        let found =
            doubt == nil && !bases.isEmpty
            ? try repository.contributors(of: commit, since: bases)
            : try self.everybody(upTo: commit, in: repository)
        return Writers(people: found.people.sorted(), doubt: doubt, isWhole: found.isWhole)
    }
}

extension Workspace {
    /// The runs that made a package: those at work when it was deployed, or else the newest ones.
    fileprivate func makers(of digest: String, _ finder: PackageFinder, _ index: RunIndex?) async throws -> [RunState] {
        let near = try await trail(of: digest, finder: finder, limit: 0, openLimit: 0, index: index).origins
        return near.isEmpty ? try await trail(of: digest, finder: finder, index: index).origins : near
    }
}

extension Plan {
    /// The environments before whose change a gate leaves out the committers; nil when no gate does.
    fileprivate var placesOfCommitters: [String]? {
        let gates = steps.filter(\.leavesOutCommitters)
        guard !gates.isEmpty else { return nil }
        var names: Set<String> = []
        for gate in gates {
            // A gate that stands before no environment is about all that the plan changes.
            names.formUnion(gate.environment.map { [$0] } ?? steps.filter(\.locksEnvironment).compactMap(\.environment))
        }
        return names.sorted()
    }
}
