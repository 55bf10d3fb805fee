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

    public init(digest: String, runs: [RunState], unreadable: [RunID] = []) {
        self.digest = digest
        self.runs = runs.filter { $0.concerns(package: digest) }
        self.unreadable = unreadable
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
        var unreadable = strange.nameless
        func load(_ run: RunID) async throws(RunStoreError) -> RunState? {
            try await RunState.loadUndamaged(run, from: store, objects: objects) { run, error in
                unreadable.append(run)
                damaged(run, error)
            }
        }
        for summary in index.runs {
            let isNear = times.contains { summary.created <= $0 && $0 <= summary.updated }
            let isOpen = !summary.status.isFinished && openLeft > 0
            guard isNear || isOpen || left > 0 else { continue }
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
        return PackageTrail(digest: digest, runs: found, unreadable: unreadable)
    }

    /// What the runs have shown of the package.
    public var evidence: [Evidence] {
        var seen: Set<Evidence> = []
        return runs.flatMap { $0.evidence(about: digest) }.filter { seen.insert($0).inserted }
    }

    /// Who opened gates for the package in the runs.
    public var approvals: [EarlierApproval] {
        var seen: Set<EarlierApproval> = []
        return runs.flatMap { $0.approvals(about: digest) }.filter { seen.insert($0).inserted }
    }

    /// The runs that made the package; where none is known, those that brought it back.
    public var origins: [RunState] {
        let makers = runs.filter { run in run.madePackages.contains { $0.digest == digest } }
        return makers.isEmpty ? runs.filter { $0.plan.pipeline == RollbackPlan.pipeline } : makers
    }

    /// Who asks for a run that is about the package and does not make it, with all that the runs know of it.
    ///
    /// Of who works on the repository now it says nothing: the package was made before.
    public func request(by requester: String, version: String) -> RunRequest {
        let origins = self.origins
        // Another run that had the package knows who wrote it no better than the one that made it.
        let isLost = origins.isEmpty && !unreadable.isEmpty
        let names = unreadable.map { "'\($0)'" }.joined(separator: ", ")
        // What was so when the package was made need not be so now.
        var doubt = origins.compactMap { run in
            run.committersDoubt.map { "when run '\(run.run)' was made: \($0)" }
        }.first
        if isLost {
            doubt = "the run that made the package is not known, and may be one that cannot be read: \(names)"
        } else if doubt == nil, committers.isEmpty, !origins.isEmpty,
            origins.allSatisfy({ !$0.plan.leavesOutCommitters })
        {
            doubt = "no gate of the run that made the package left out committers, so that nobody looked who wrote it"
        }
        func people(_ part: (RunState) -> [String]) -> [String] { Set(runs.flatMap(part)).sorted() }
        return RunRequest(
            requester: requester, committers: isLost ? [] : committers,
            committersDoubt: doubt, commit: origins.last?.commit ?? runs.last?.commit,
            uncommitted: (origins.isEmpty ? runs : origins).map(\.uncommitted).max() ?? 0,
            uncommittedBy: people(\.uncommittedBy), version: version, evidence: evidence, approvals: approvals,
            unreadable: unreadable)
    }

    /// E-mails of those who wrote what is in the package.
    public var committers: [String] { Set(runs.flatMap(\.committers)).sorted() }

    /// The runs that have not ended.
    public var open: [RunState] { runs.filter { !$0.status.isFinished } }
}

extension RunState {
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
