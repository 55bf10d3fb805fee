import Engine
import Environments
import Foundation
import Git
import OrderedCollections
import Pipelines
import Stages

/// Finds anew what `run` and `rollback` find when they make a run: who may not approve it, because of what others did.
///
/// It reads only; what other runs say of approvals it reads once.
actor PeopleFinder {
    private let workspace: Workspace
    private let store: any RunStore
    private var earlier: [Set<String>: KnownPeople] = [:]

    init(_ workspace: Workspace, _ store: any RunStore) {
        self.workspace = workspace
        self.store = store
    }

    /// What there is to know for the gates of a run that are not open; nil when they do not ask.
    ///
    /// - Parameter isThorough: Whether those older runs are read too that were at work when the package was deployed.
    func people(for state: RunState, isThorough: Bool = true) async throws -> KnownPeople? {
        let asked = state.askedPeople
        guard !asked.isEmpty, !state.status.isFinished else { return nil }
        if state.plan.isRollback { return try await people(ofPackagesIn: state, asked) }
        var found = KnownPeople()
        if !asked.environments.isEmpty {
            found = try await newest(asked.environments)
            if isThorough, found.lookedThrough != nil {
                let older = try await older(asked, state)
                found.approvals += older.approvals
                found.unreadable += older.unreadable.filter { !found.unreadable.contains($0) }
            }
        }
        if asked.asksForCommitters, let commit = state.commit { try await look(since: commit, state, &found) }
        if asked.asksForCommitters { try await lookForMakers(state, &found) }
        return found
    }

    /// Who made the packages that the run was given.
    private func lookForMakers(_ state: RunState, _ found: inout KnownPeople) async throws {
        let makers = try await workspace.makers(ofGiven: state.givenPackages, to: state.plan, besides: state.run)
        found.committers += makers.committers
        found.uncommittedBy += makers.uncommittedBy
        // That the run that made it is gone now takes nothing away from what it said before.
        guard let doubt = makers.committersDoubt, state.people.committersDoubt == nil else { return }
        found.committersDoubt = found.committersDoubt ?? doubt
        found.committers += state.people.everybody
    }

    private func newest(_ environments: Set<String>) async throws -> KnownPeople {
        if let known = earlier[environments] { return known }
        let found = try await EarlierApprovals.find(of: environments, in: store)
        earlier[environments] = found
        return found
    }

    /// What runs say that are not among the newest, and were at work when the packages of the gates were deployed.
    private func older(_ asked: AskedPeople, _ state: RunState) async throws -> KnownPeople {
        let finder = try await finder(for: state)
        let times = asked.packages.sorted().flatMap { finder.times(of: $0) }
        guard !times.isEmpty else { return KnownPeople() }
        return try await EarlierApprovals.find(
            of: asked.environments, in: store, besides: state.run, limit: 0, around: times)
    }

    /// The finder over all environments, or over those of the run where others cannot be read.
    private func finder(for state: RunState) async throws -> PackageFinder {
        if let finder = try? await workspace.packageFinder() { return finder }
        return try await PackageFinder(
            environments: Array(state.plan.environments.values), root: workspace.root, objects: workspace.objects,
            store: store)
    }

    /// Who wrote what came after the commits of which that was made which is installed now.
    private func look(since commit: String, _ state: RunState, _ found: inout KnownPeople) async throws {
        guard let origin = try await ReleaseOrigin(of: state.plan, in: workspace) else { return }
        found.uncommittedBy = origin.bringers.sorted()
        // Where everybody counts already, nobody is to be added.
        guard state.people.committersDoubt == nil else { return }
        found.bases = origin.commits.keys.sorted()
        found.committersDoubt = origin.doubt
        guard origin.doubt != nil || found.bases != state.people.bases else { return }
        try look(at: commit, origin, &found)
        if found.committersDoubt != nil { found.committers += state.people.everybody }
    }

    private func look(at commit: String, _ origin: ReleaseOrigin, _ found: inout KnownPeople) throws(GitError) {
        let repository = try GitRepository(at: workspace.root)
        guard let own = CommitID(hex: commit), repository.hasCommit(own) else {
            found.committersDoubt =
                found.committersDoubt
                ?? "commit \(commit.prefix(12)), at which the run was made, is not in this repository"
            return
        }
        let writers = try origin.writers(of: own, in: repository)
        found.committers = writers.people
        found.committersDoubt = writers.doubt ?? (writers.isWhole ? nil : ReleaseOrigin.cutOff)
    }

    /// What is known of a package that is brought back.
    private func people(
        ofPackagesIn state: RunState, _ asked: AskedPeople
    ) async throws -> KnownPeople {
        var found = KnownPeople()
        let finder = try await finder(for: state)
        let index = try await RunIndex(of: store)
        let newest = EarlierApprovals.newest
        if !asked.environments.isEmpty { found.cleared = try await store.givenUpRuns() }
        if !asked.environments.isEmpty, index.runs.count > newest { found.lookedThrough = newest }
        for digest in asked.packages.sorted() {
            let whole = try await workspace.trail(of: digest, finder: finder, limit: newest, index: index)
            // What it knows itself is not news, and it does not vouch for itself.
            let trail = PackageTrail(
                digest: digest, runs: whole.runs.filter { $0.run != state.run }, unreadable: whole.unreadable)
            let known = trail.request(by: state.requester, version: "").people
            if !asked.environments.isEmpty {
                found.approvals += known.approvals.filter { asked.environments.contains($0.environment) }
                found.unreadable += known.unreadable
                found.cleared += trail.runs.map(\.run)
            }
            guard asked.asksForCommitters else { continue }
            found.committers += known.committers
            found.uncommittedBy += known.uncommittedBy
            // That the run that made it is gone now takes nothing away from what it said before.
            if state.people.committers.isEmpty || !known.committers.isEmpty {
                found.committersDoubt = found.committersDoubt ?? known.committersDoubt
            }
        }
        return found
    }
}

extension Workspace {
    /// Looks anew before somebody approves, and before approvals open a gate.
    func learning(in store: any RunStore) -> Learning {
        { [self] state in try await PeopleFinder(self, store).people(for: state) }
    }

    /// A run with what there is to know of other people now, for a command that only looks.
    func informed(_ state: RunState, in store: any RunStore) async throws -> RunState {
        state.knowing(try await found { try await PeopleFinder(self, store).people(for: state) })
    }

    /// Another run as somebody finds it who would take it up now; as it was written where nothing can be looked up.
    func asNow(_ state: RunState, in store: any RunStore, now: Date) async -> RunState {
        await facing((try? await informed(state, in: store)) ?? state, isDecided: true, now: now)
    }

    /// What a look gives; nil, once that was said, where something cannot be read now: then no gate opens either.
    private func found(_ look: () async throws -> KnownPeople?) async throws -> KnownPeople? {
        do {
            return try await look()
        } catch let error where error is EnvironmentError || error is GitError {
            Console.error(
                "warning: who may not approve cannot be looked up now, and until it can, no approval opens a gate that asks: "
                    + "\(error)")
            return nil
        }
    }

    /// The runs of a package, those that have not ended with what there is to know of other people and locks now.
    func informed(_ trail: PackageTrail) async throws -> PackageTrail {
        guard let store = try existingStore() else { return trail }
        let finder = PeopleFinder(self, store)
        let locks = try await store.locks()
        var runs: [RunState] = []
        for run in trail.runs {
            let known = run.knowing(try await found { try await finder.people(for: run, isThorough: false) })
            runs.append(run.status.isFinished ? known : known.facing(locks))
        }
        return PackageTrail(
            digest: trail.digest, runs: runs, unreadable: trail.unreadable, unread: trail.unread)
    }
}
