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
    private var earlier: [Set<String>: EarlierApprovals] = [:]

    init(_ workspace: Workspace, _ store: any RunStore) {
        self.workspace = workspace
        self.store = store
    }

    /// What there is to know for the gates of a run that are not open; nil when they do not ask.
    ///
    /// - Parameter isThorough: Whether those older runs are read too that were at work when the package was deployed.
    func people(for state: RunState, isThorough: Bool = true) async throws -> LearnedPeople? {
        let asked = state.openExclusions
        guard !asked.isEmpty, !state.status.isFinished else { return nil }
        if state.plan.pipeline == RollbackPlan.pipeline { return try await people(ofPackagesIn: state, asked) }
        var found = LearnedPeople()
        if !asked.environments.isEmpty {
            let newest = try await newest(asked.environments)
            found.approvals = newest.approvals
            found.unreadable = newest.unreadable
            found.lookedThrough = newest.lookedThrough
            if isThorough, newest.lookedThrough != nil {
                let older = try await older(asked, state)
                found.approvals += older.approvals
                found.unreadable += older.unreadable.filter { !found.unreadable.contains($0) }
            }
        }
        if asked.asksForCommitters, let commit = state.commit { try await look(since: commit, state, &found) }
        return found
    }

    private func newest(_ environments: Set<String>) async throws -> EarlierApprovals {
        if let known = earlier[environments] { return known }
        let found = try await EarlierApprovals.find(of: environments, in: store)
        earlier[environments] = found
        return found
    }

    /// What runs say that are not among the newest, and were at work when the packages of the gates were deployed.
    private func older(_ asked: RunState.OpenExclusions, _ state: RunState) async throws -> EarlierApprovals {
        guard let finder = try await finder(for: state) else { return EarlierApprovals() }
        let times = asked.packages.sorted().flatMap { finder.times(of: $0) }
        guard !times.isEmpty else { return EarlierApprovals() }
        return try await EarlierApprovals.find(
            of: asked.environments, in: store, besides: state.run, limit: 0, around: times)
    }

    /// The finder over all environments, or over those of the run where the files of others are not sound; nil where what
    /// they hold cannot be read.
    private func finder(for state: RunState) async throws -> PackageFinder? {
        if let finder = try? await workspace.packageFinder() { return finder }
        do {
            return try await PackageFinder(
                environments: Array(state.plan.environments.values), root: workspace.root, objects: workspace.objects,
                store: store)
        } catch is EnvironmentError {
            return nil
        }
    }

    /// Who wrote what came after the commits of which that was made which is installed now.
    private func look(since commit: String, _ state: RunState, _ found: inout LearnedPeople) async throws {
        guard let origin = try await ReleaseOrigin(of: state.plan, in: workspace) else { return }
        found.uncommittedBy = origin.bringers.sorted()
        // Where everybody counts already, nobody is to be added.
        guard state.committersDoubt == nil else { return }
        found.bases = origin.commits.keys.sorted()
        found.committersDoubt = origin.doubt
        guard origin.doubt != nil || found.bases != state.bases else { return }
        do throws(GitError) {
            try look(at: commit, origin, &found)
        } catch {
            found.committersDoubt = found.committersDoubt ?? "the history cannot be read: \(error)"
        }
        if found.committersDoubt != nil { found.committers += state.everybody }
    }

    private func look(at commit: String, _ origin: ReleaseOrigin, _ found: inout LearnedPeople) throws(GitError) {
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
        ofPackagesIn state: RunState, _ asked: RunState.OpenExclusions
    ) async throws -> LearnedPeople {
        var found = LearnedPeople()
        guard let finder = try await finder(for: state) else { return found }
        let index = try await RunIndex(of: store)
        let newest = EarlierApprovals.newest
        if !asked.environments.isEmpty, index.runs.count > newest { found.lookedThrough = newest }
        for digest in asked.packages.sorted() {
            let whole = try await workspace.trail(of: digest, finder: finder, limit: newest, index: index)
            // What it knows itself is not news, and it does not vouch for itself.
            let trail = PackageTrail(
                digest: digest, runs: whole.runs.filter { $0.run != state.run }, unreadable: whole.unreadable)
            let known = trail.request(by: state.requester, version: "")
            if !asked.environments.isEmpty {
                found.approvals += known.approvals.filter { asked.environments.contains($0.environment) }
                found.unreadable += known.unreadable
            }
            guard asked.asksForCommitters else { continue }
            found.committers += known.committers
            found.uncommittedBy += known.uncommittedBy
            // That the run that made it is gone now takes nothing away from what it said before.
            if state.committers.isEmpty || !known.committers.isEmpty {
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
        state.knowing(try await PeopleFinder(self, store).people(for: state))
    }

    /// The runs of a package, those that have not ended with what there is to know of other people now.
    func informed(_ trail: PackageTrail) async throws -> PackageTrail {
        guard let store = try existingStore() else { return trail }
        let finder = PeopleFinder(self, store)
        var runs: [RunState] = []
        for run in trail.runs {
            runs.append(run.knowing(try await finder.people(for: run, isThorough: false)))
        }
        return PackageTrail(digest: trail.digest, runs: runs, unreadable: trail.unreadable)
    }
}
