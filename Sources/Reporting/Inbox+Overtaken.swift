import Documents
public import Engine
import Pipelines

import struct Foundation.Date

/// Runs that have failed at a gate, and what became of the same package in newer ones.
extension Inbox {
    /// That a newer run of the same package needs no bypass at the same gate, so that one in the older run is in vain.
    public struct Overtaking: Sendable, Hashable {
        /// The newer run.
        public var run: RunID
        /// Lower case, no full stop.
        public var text: String
        /// What withdraws the older run.
        public var command: String
    }

    /// How many of the newest runs that may have come past a gate are searched for its package, and read.
    private static let (mostNewer, mostNewerRead) = (50, 5)
    /// How many of the newest failed runs, one of each pipeline and group, are searched for a gate that asks for evidence.
    private static let mostLacking = 10

    /// The runs, of these that failed, newest first, that may wait for a bypass as nothing showed what a gate asks for: of each
    /// pipeline and group the newest.
    static func lackingEvidence(
        _ failed: [RunSummary], in store: any RunStore
    ) async throws(RunStoreError) -> Set<RunID> {
        var seen: Set<[String]> = []
        let newest = failed.filter { summary in
            summary.pipeline != RollbackPlan.pipeline && seen.insert([summary.pipeline, summary.group ?? ""]).inserted
        }
        let codes = RunState.lackingEvidence.map { "\"\($0)\"" }.sorted()
        return try await store.mentioning(codes, among: newest.prefix(mostLacking).map(\.run), after: 1)
    }

    /// By run and gate, of runs that have failed at gates which people are asked to bypass: the newer run that has made that
    /// needless.
    ///
    /// - Parameter isLacking: Whether nobody has begun a bypass in a run, and people are asked for one.
    static func overtaken(
        _ states: [RunState], isLacking: (RunState) -> Bool, in store: any RunStore, objects: ObjectStore?, now: Date
    ) async throws(RunStoreError) -> [RunID: [StepID: Overtaking]] {
        var found: [RunID: [StepID: Overtaking]] = [:]
        var newest: [RunSummary]?
        var runs: [String: [RunState]] = [:]
        for state in states where state.status == .failed && !state.plan.isRollback {
            for gate in state.plan.steps {
                guard
                    state.pendingBypass(of: gate.id, now: now) != nil
                        || isLacking(state) && state.bypassOfMissingEvidence(at: gate) != nil,
                    let package = state.binding(of: gate).package
                else { continue }
                if runs[package] == nil {
                    if newest == nil { newest = try await newestRuns(in: store) }
                    runs[package] = try await about(package, newest ?? [], states, in: store, objects)
                }
                let newer = runs[package]?.first { other in
                    (other.created, other.run) > (state.created, state.run)
                        && other.comesPast(gate, with: package, now: now) != nil
                }
                guard let newer, let how = newer.comesPast(gate, with: package, now: now) else { continue }
                found[state.run, default: [:]][gate.id] = Overtaking(
                    run: newer.run, text: "run \(newer.run) \(how): this bypass is not needed",
                    command: "almrun cancel \(state.run) --reason \"...\"")
            }
        }
        return found
    }

    private static func newestRuns(in store: any RunStore) async throws(RunStoreError) -> [RunSummary] {
        try await store.runs(
            matching: RunFilter(statuses: [.running, .waiting, .succeeded, .failed], limit: mostNewer))
    }

    /// The newest of these runs that are about a package, newest first.
    private static func about(
        _ package: String, _ summaries: [RunSummary], _ known: [RunState], in store: any RunStore,
        _ objects: ObjectStore?
    ) async throws(RunStoreError) -> [RunState] {
        // Not the first event: the plan is long, and a run that was given the package names it again before its first gate.
        let named = try await store.mentioning([package], among: summaries.map(\.run), after: 1)
        var found: [RunState] = []
        for summary in summaries.filter({ named.contains($0.run) }).prefix(mostNewerRead) {
            if let state = known.first(where: { $0.run == summary.run }) {
                found.append(state)
            } else if let state = try await RunState.loadUndamaged(
                summary.run, from: store, objects: objects, { _, _ in })
            {
                found.append(state)
            }
        }
        return found
    }

    func block(_ item: Item, overtaken: Overtaking) -> String {
        let brief = item.brief
        let place = brief.environment.map { "  \($0)" } ?? ""
        let lines =
            ["\(brief.run)  \(brief.gate)\(place)  not needed any more\(item.isMine ? "" : "  (not for you)")"]
            + ["  \(overtaken.text)", "  see        almrun show \(overtaken.run)", "  withdraw   \(overtaken.command)"]
        return lines.map { safeText($0) }.joined(separator: "\n")
    }
}

extension Inbox.Overtaking {
    /// For programs.
    var value: Value {
        Value(members: [("run", .string(run.rawValue)), ("text", .string(text)), ("command", .string(command))])
    }
}

extension RunState {
    /// How a package comes past a gate like that of an older run without a bypass in this one, as after the run's name; nil where
    /// it does not.
    fileprivate func comesPast(_ gate: Step, with package: String, now: Date) -> String? {
        guard !isCalledOff else { return nil }
        let deployments = plan.steps.filter { step in
            step.environment == gate.environment && step.locksEnvironment
                && (binding(of: step).package ?? self.package(of: step)) == package
        }
        guard !deployments.isEmpty else { return nil }
        if let brought = deployments.first(where: { self[$0.id]?.status.isGood == true }) {
            return "has done '\(brought.id)' with the same package"
        }
        let ids = Set(deployments.map(\.id))
        let gates = plan.steps.filter { step in
            step.guarding.map(ids.contains) == true && step.work.isLike(gate.work)
        }
        if let open = gates.first(where: { self[$0.id]?.status.isGood == true }) {
            return "has come past '\(open.id)' with the same package"
        }
        let isShown = gates.contains { other in
            guard case .gate(.evidence(let policy)) = other.work, self[other.id]?.status != .failed else {
                return false
            }
            return EvidenceStanding(policy, step: other, in: self, now: now).isMet
        }
        return isShown ? "shows what '\(gate.id)' lacks of the same package" : nil
    }
}

extension Step.Work {
    /// Whether both are gates of one kind.
    fileprivate func isLike(_ other: Step.Work) -> Bool {
        switch (self, other) {
        case (.gate(.evidence), .gate(.evidence)), (.gate(.approval), .gate(.approval)),
            (.gate(.eligible), .gate(.eligible)), (.gate(.window), .gate(.window)):
            true
        default: false
        }
    }
}
