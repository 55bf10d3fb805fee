import Documents
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// The runs that have made, shown or promoted one package, newest first.
public struct PackageTrail: Sendable {
    /// SHA-256 of the package.
    public let digest: String
    public let runs: [RunState]
    /// Runs that may be among them, and cannot be read.
    public let unreadable: [RunID]
    /// How many older runs were not looked into.
    public let unread: Int

    public init(digest: String, runs: [RunState], unreadable: [RunID] = [], unread: Int = 0) {
        self.digest = digest
        self.runs = runs.filter { $0.concerns(package: digest) }
        self.unreadable = unreadable
        self.unread = unread
    }

    /// Looks for the runs of a package: those at work at one of these times, those that have not ended, and the newest ones.
    ///
    /// - Parameters:
    ///   - times: When the package was deployed or kept, as far as that is known.
    ///   - limit: How many of the newest runs are read besides.
    ///   - openLimit: How many of those that have not ended are read besides.
    ///   - index: All runs of the store, where somebody has read them already.
    ///   - damaged: Is told of runs that cannot be read and are left out.
    public static func find(
        _ digest: String, in store: any RunStore, objects: ObjectStore?, around times: [Date] = [], limit: Int = 50,
        openLimit: Int = 100, index: RunIndex? = nil, damaged: (RunID, RunStoreError) -> Void = { _, _ in }
    ) async throws(RunStoreError) -> PackageTrail {
        var left = limit
        var openLeft = openLimit
        var found: [RunState] = []
        let index = if let index { index } else { try await RunIndex(of: store) }
        let strange = index.unreadable
        var unreadable = strange.nameless + index.unindexed.map { RunID($0.name) }
        for one in index.unindexed { damaged(RunID(one.name), .damaged(one.reason)) }
        var unread = 0
        func load(_ run: RunID) async throws(RunStoreError) -> RunState? {
            try await RunState.loadUndamaged(run, from: store, objects: objects) { run, error in
                unreadable.append(run)
                damaged(run, error)
            }
        }
        for summary in index.runs {
            let isNear = times.contains { summary.created <= $0 && $0 <= summary.updated }
            let isOpen = !summary.status.isFinished && openLeft > 0
            guard isNear || isOpen || left > 0 else {
                unread += 1
                continue
            }
            if isOpen { openLeft -= 1 } else if !isNear { left -= 1 }
            if let state = try await load(summary.run) { found.append(state) }
        }
        // What their events say counts, whatever the index says of them.
        for run in strange.compactMap(\.run) {
            if let state = try await load(run) {
                let place = found.firstIndex { $0.created < state.created } ?? found.endIndex
                found.insert(state, at: place)
            }
        }
        return PackageTrail(digest: digest, runs: found, unreadable: unreadable, unread: unread)
    }

    /// What the runs have shown of the package, for an environment that asks for these.
    public func evidence(asked names: [String] = [], for environment: String? = nil) -> [Evidence] {
        var seen: Set<Evidence> = []
        return runs.flatMap { $0.evidence(about: digest, asked: names, for: environment) }
            .filter { seen.insert($0).inserted }
    }

    /// What should have shown one of the things that an environment asks for, in the newest run where it did not end well.
    public func failedEvidence(
        _ name: String, for environment: String, now: Date
    ) -> (run: RunState, item: EvidenceStanding.Item)? {
        for run in runs {
            let policy = EvidencePolicy(stages: [name])
            let standing = EvidenceStanding(policy, package: digest, for: environment, in: run, now: now)
            if let item = standing.items.first, item.verdict == .bad { return (run, item) }
        }
        return nil
    }

    /// The newest run that would bring the package to an environment, and came to its end without.
    public func ended(before environment: String) -> RunState? {
        runs.first { $0.status.isFinished && $0.brings(digest, to: environment) }
    }

    /// Who opened gates for the package in the runs.
    public var approvals: [EarlierApproval] {
        var seen: Set<EarlierApproval> = []
        return runs.flatMap { $0.approvals(about: digest) }.filter { seen.insert($0).inserted }
    }

    /// The runs that made the package; where none is known, those that brought it back.
    public var origins: [RunState] {
        let makers = runs.filter { run in run.madePackages.contains { $0.digest == digest } }
        return makers.isEmpty ? runs.filter { $0.plan.isRollback } : makers
    }

    /// Who asks for a run that is about the package and does not make it, with all that the runs know of it.
    ///
    /// Of who works on the repository now it says nothing: the package was made before.
    ///
    /// - Parameters:
    ///   - wanted: The evidence that the environment asks for to which the package goes.
    ///   - environment: That environment; nil where the package goes nowhere.
    public func request(
        by requester: String, version: String, asked wanted: [String] = [], for environment: String? = nil
    ) -> RunRequest {
        let origins = self.origins
        // Another run that had the package knows who wrote it no better than the one that made it.
        let isLost = origins.isEmpty && !unreadable.isEmpty
        let names = unreadable.map { "'\($0)'" }.joined(separator: ", ")
        // What was so when the package was made need not be so now.
        var doubt = origins.compactMap { run in
            run.people.committersDoubt.map { "when run '\(run.run)' was made: \($0)" }
        }.first
        if isLost {
            doubt = "the run that made the package is not known, and may be one that cannot be read: \(names)"
        } else if doubt == nil, origins.allSatisfy(\.people.committers.isEmpty), !origins.isEmpty,
            origins.allSatisfy({ !$0.plan.leavesOutCommitters })
        {
            doubt = "no gate of the run that made the package left out committers, so that nobody looked who wrote it"
        }
        let loose = (origins.isEmpty ? runs : origins).max { $0.people.uncommitted < $1.people.uncommitted }
        let people = KnownPeople(
            approvals: approvals, unreadable: unreadable, committers: isLost ? [] : committers, committersDoubt: doubt,
            uncommittedBy: all(\.uncommittedBy),
            uncommitted: loose?.people.uncommitted ?? 0, looseManifests: loose?.people.looseFiles ?? [])
        return RunRequest(
            requester: requester, people: people, commit: origins.last?.commit ?? runs.last?.commit, version: version,
            evidence: evidence(asked: wanted, for: environment))
    }

    /// E-mails of those who wrote what is in the package.
    public var committers: [String] { all(\.committers) }

    private func all(_ part: (KnownPeople) -> [String]) -> [String] { Set(runs.flatMap { part($0.people) }).sorted() }

    /// The same without the runs that have not ended.
    public var withoutOpen: PackageTrail {
        PackageTrail(digest: digest, runs: runs.filter(\.status.isFinished), unreadable: unreadable, unread: unread)
    }

    /// The runs that have not ended.
    public var open: [RunState] { runs.filter { !$0.status.isFinished } }
}

extension RunState {
    /// Whether the run would bring a package to an environment, and has not done so.
    public func brings(_ digest: String, to name: String) -> Bool {
        plan.steps.contains { step in
            step.environment == name && step.locksEnvironment && self[step.id]?.status.isGood == false
                && (binding(of: step).package ?? package(of: step)) == digest
        }
    }

    /// Whether a step of the run has made the package, or is about it.
    public func concerns(package digest: String) -> Bool {
        for (step, known) in zip(plan.steps, steps) {
            if let output = known.output {
                if output["package"]?["digest"]?.string == digest || output["package"]?.string == digest { return true }
                if output["digest"]?.string == digest { return true }
            }
            if case .map(let members) = step.input, members["package"]?.literal?["digest"]?.string == digest {
                return true
            }
        }
        return false
    }

    /// The packages that steps of the run have made.
    public var madePackages: [PackageReference] {
        steps.compactMap { known in
            guard known.status.isGood, let output = known.output?["package"], let digest = output["digest"]?.string,
                let solution = output["solution"]?.string, let version = output["version"]?.string
            else { return nil }
            return PackageReference(
                digest: digest, solution: solution, version: version, managed: output["managed"]?.boolean ?? true,
                size: output["size"]?.integer ?? 0)
        }
    }
}
