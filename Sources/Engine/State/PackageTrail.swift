import Documents
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// The runs that have made, shown or promoted one package, newest first.
public struct PackageTrail: Sendable {
    /// SHA-256 of the package.
    public let digest: String
    public let runs: [RunState]

    public init(digest: String, runs: [RunState]) {
        self.digest = digest
        self.runs = runs.filter { $0.concerns(package: digest) }
    }

    /// Looks for the runs of a package: those at work at one of these times, those that have not ended, and the newest ones.
    ///
    /// - Parameters:
    ///   - times: When the package was deployed or kept, as far as that is known.
    ///   - limit: How many of the newest runs are read besides.
    ///   - damaged: Is told of runs that cannot be read and are left out.
    public static func find(
        _ digest: String, in store: any RunStore, objects: ObjectStore?, around times: [Date] = [], limit: Int = 50,
        damaged: (RunID, RunStoreError) -> Void = { _, _ in }
    ) async throws(RunStoreError) -> PackageTrail {
        var left = limit
        var openLeft = 100
        var found: [RunState] = []
        for summary in try await store.runs(matching: .all) {
            let isNear = times.contains { summary.created <= $0 && $0 <= summary.updated }
            let isOpen = !summary.status.isFinished && openLeft > 0
            guard isNear || isOpen || left > 0 else { continue }
            if isOpen { openLeft -= 1 } else if !isNear { left -= 1 }
            if let state = try await RunState.loadUndamaged(summary.run, from: store, objects: objects, damaged) {
                found.append(state)
            }
        }
        return PackageTrail(digest: digest, runs: found)
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

    /// E-mails of those who wrote what is in the package.
    public var committers: [String] { Set(runs.flatMap(\.committers)).sorted() }

    /// The commit that the oldest of the runs was made at.
    public var commit: String? { runs.last?.commit }

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
