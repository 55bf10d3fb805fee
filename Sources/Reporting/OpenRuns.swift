public import Engine
import Pipelines

/// The runs that have not ended and know a package, for who looks what something said in one run means for others; what
/// runs say is read once.
public actor OpenRuns {
    /// How many of the newest runs are searched, and of those how many are read.
    private static let (mostRuns, mostRead) = (100, 10)

    private let store: any RunStore
    private let objects: ObjectStore?
    private var known: [String: [RunState]] = [:]
    private var runs: [RunID]?

    public init(_ store: any RunStore, objects: ObjectStore?) {
        self.store = store
        self.objects = objects
    }

    /// Those of a package in which a gate leaves out who approved for an environment; none where runs cannot be read.
    public func leavingOutApprovers(of package: String?) async -> [RunState] {
        guard let package else { return [] }
        if let runs = known[package] { return runs }
        let runs = (try? await read(package)) ?? []
        known[package] = runs
        return runs
    }

    /// The newest runs that have not ended and whose plan leaves out who approved somewhere: most often none.
    private func asking() async throws -> [RunID] {
        if let runs { return runs }
        let open = try await store.runs(
            matching: RunFilter(statuses: [.running, .waiting], limit: Self.mostRuns)
        ).map(\.run)
        // As a plan stands in the ledger.
        let words = ApprovalPolicy.Excluded.approvers(of: "").rawValue
        let named = try await store.mentioning([words], among: open, after: 0)
        let found = open.filter(named.contains)
        runs = found
        return found
    }

    private func read(_ package: String) async throws -> [RunState] {
        let asking = try await asking()
        let about = try await store.mentioning([package], among: asking, after: 1)
        var found: [RunState] = []
        for run in asking.filter(about.contains).prefix(Self.mostRead) {
            guard let state = try await RunState.loadUndamaged(run, from: store, objects: objects, { _, _ in }),
                !state.askedPeople.environments.isEmpty
            else { continue }
            found.append(state)
        }
        return found
    }
}
