import Engine
import Environments
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
    /// Whether a gate leaves out who wrote what is released.
    let isAskedFor: Bool
    /// Why everybody in the history counts; nil when the commits say who does.
    private(set) var doubt: String?

    /// Nil when no gate of the plan asks people, so that nobody wants to know.
    init?(of plan: Plan, in workspace: Workspace) async throws {
        guard let names = plan.placesOfCommitters else { return nil }
        isAskedFor = plan.steps.contains { $0.leavesOutCommitters }
        guard !names.isEmpty else {
            doubt = "the plan changes no environment in which something could be installed"
            return
        }
        let finder: PackageFinder
        do {
            // Those of the plan are sound, whatever is wrong with the files of others.
            finder = try await PackageFinder(
                environments: Array(plan.environments.values), root: workspace.root, objects: workspace.objects,
                store: try workspace.existingStore())
        } catch let error as EnvironmentError {
            doubt = "what is installed cannot be read: \(error)"
            return
        }
        for name in names {
            guard let state = finder.environments[name] else {
                note("what is installed in '\(name)' cannot be looked at from here")
                continue
            }
            if state.solutions.isEmpty { note("nothing is installed in '\(name)' yet") }
            for installed in state.solutions.values.sorted(by: { $0.solution < $1.solution }) {
                try await look(at: installed, in: name, workspace, finder)
            }
        }
    }

    private mutating func look(
        at installed: InstalledSolution, in name: String, _ workspace: Workspace, _ finder: PackageFinder
    ) async throws {
        let what = "\(installed.solution) \(installed.version) in '\(name)'"
        var origins = try await workspace.trail(of: installed.digest, finder: finder, limit: 0, openLimit: 0).origins
        if origins.isEmpty { origins = try await workspace.trail(of: installed.digest, finder: finder).origins }
        if origins.isEmpty { note("no run that can be read made \(what)") }
        for origin in origins {
            if let commit = origin.commit { commits[commit] = what } else { note("of \(what) no commit is known") }
            if origin.uncommitted > 0 {
                bringers.formUnion(origin.uncommittedBy.isEmpty ? [origin.requester] : origin.uncommittedBy)
            }
        }
    }

    private mutating func note(_ doubt: String) { self.doubt = self.doubt ?? doubt }
}

extension Plan {
    /// The environments before whose change a gate asks for the committers, or asks people at all where none does; nil
    /// when no gate asks people.
    fileprivate var placesOfCommitters: [String]? {
        let gates = steps.compactMap { step -> (place: String?, asks: Bool)? in
            guard case .gate(.approval) = step.work else { return nil }
            return (step.environment, step.leavesOutCommitters)
        }
        guard !gates.isEmpty else { return nil }
        let asking = gates.filter(\.asks)
        var names: Set<String> = []
        for gate in asking.isEmpty ? gates : asking {
            // A gate that stands before no environment is about all that the plan changes.
            names.formUnion(gate.place.map { [$0] } ?? steps.filter(\.locksEnvironment).compactMap(\.environment))
        }
        return names.sorted()
    }
}

extension Step {
    /// Whether it is a gate at which who wrote what is released may not approve.
    var leavesOutCommitters: Bool {
        guard case .gate(.approval(let policy)) = work else { return false }
        return policy.distinctFrom.contains(.committers)
    }
}
