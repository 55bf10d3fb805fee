public import Pipelines

public import struct Foundation.Date

/// That somebody opened a gate of an environment for a package, in an earlier run.
public struct EarlierApproval: Sendable, Hashable, Codable {
    /// E-mail of the person.
    public var person: String
    public var environment: String
    /// Digest of the package.
    public var package: String
    public var run: RunID
    public var time: Date

    public init(person: String, environment: String, package: String, run: RunID, time: Date) {
        self.person = person
        self.environment = environment
        self.package = package
        self.run = run
        self.time = time
    }

    /// What the newest runs say of the environments whose approvers a plan leaves out, for a run that is made of it.
    ///
    /// - Parameters:
    ///   - limit: How many runs are read.
    ///   - damaged: Is told of runs that cannot be read; who approved there is not found.
    public static func find(
        for plan: Plan, in store: any RunStore, limit: Int = 50,
        damaged: (RunID, RunStoreError) -> Void = { _, _ in }
    ) async throws(RunStoreError) -> [EarlierApproval] {
        let environments = plan.environmentsOfExcludedApprovers
        guard !environments.isEmpty else { return [] }
        var found: [EarlierApproval] = []
        for summary in try await store.runs(matching: RunFilter(limit: limit)) {
            guard let state = try await RunState.loadUndamaged(summary.run, from: store, damaged) else { continue }
            // What that run had from earlier ones is theirs to say, as long as they are among the newest.
            for one in state.approvals() where one.run == summary.run && environments.contains(one.environment) {
                found.append(one)
            }
        }
        return found
    }
}

extension Plan {
    /// The environments of which some gate says `approvers-of`.
    var environmentsOfExcludedApprovers: Set<String> {
        var names: Set<String> = []
        for step in steps {
            guard case .gate(.approval(let policy)) = step.work else { continue }
            for case .approvers(let name) in policy.distinctFrom { names.insert(name) }
        }
        return names
    }
}

extension RunState {
    /// Who opened gates of the run, and of the earlier runs that it knows of, for a package or for any; a later run can
    /// be made with it.
    public func approvals(about package: String? = nil) -> [EarlierApproval] {
        var found: [EarlierApproval] = []
        for (step, known) in zip(plan.steps, steps) {
            guard let environment = step.environment, case .gate = step.work else { continue }
            for decision in known.decisions where decision.verdict != .reject && !decision.isForged {
                guard let about = decision.package, package == nil || about == package else { continue }
                found.append(
                    EarlierApproval(
                        person: decision.person, environment: environment, package: about, run: run,
                        time: decision.time))
            }
        }
        return found + earlierApprovals.filter { package == nil || $0.package == package }
    }
}
