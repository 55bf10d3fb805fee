import Documents
public import Engine
public import Pipelines

public import struct Foundation.Date

/// Runs that have failed at a gate, and what became of the same package in newer ones.
extension Inbox {
    /// That a newer run of the same package needs no bypass at the same gate, so that one in the older run is in vain.
    public struct Overtaking: Sendable, Hashable {
        /// The newer run.
        public var run: RunID
        /// Lower case, no full stop.
        public var text: String
        /// What withdraws the older run; nil where that goes on elsewhere.
        public var command: String?

        /// The same for who decides at the gate.
        public var risk: GateRisk {
            GateRisk("bypass-needless", text + (command.map { "; `\($0)` withdraws this run" } ?? ""))
        }
    }

    /// That a newer run makes a bypass needless at a gate at which a run has failed; nil where none does, and where nobody is asked
    /// for one.
    public static func overtaking(
        of gate: StepID, in state: RunState, from store: any RunStore, objects: ObjectStore?, now: Date
    ) async throws(RunStoreError) -> Overtaking? {
        let asked = Asked.all(in: state, lacking: [gate], now: now).filter { $0.gate.id == gate }
        return try await asked.overtaken(in: store, objects: objects, now: now).first?.overtaking
    }

    /// A gate at which a run has failed, and that people are asked to bypass.
    struct Asked {
        let state: RunState
        /// Who has begun it, if anybody, and who may give what is missing.
        let bypass: PendingBypass
        /// That a newer run has made it needless.
        fileprivate(set) var overtaking: Overtaking?

        var gate: Step { bypass.step }
        /// Whether nobody has begun a bypass, and people are asked for one as evidence is missing.
        var isLacking: Bool { bypass.given.isEmpty }
        fileprivate var package: String? { state.binding(of: gate).package }
        /// The environment and the package.
        var goal: [String?] { [gate.environment, package] }

        /// The gates of a run that ask.
        ///
        /// - Parameter lacking: Of ``Inbox/gatesLackingEvidence(in:_:_:_:)``.
        static func all(in state: RunState, lacking: Set<StepID>, now: Date) -> [Asked] {
            return state.plan.steps.compactMap { gate in
                guard state[gate.id]?.status == .failed else { return nil }
                let lacks = lacking.contains(gate.id) ? state.bypassOfMissingEvidence(at: gate) : nil
                return (state.pendingBypass(of: gate.id, now: now) ?? lacks).map { Asked(state: state, bypass: $0) }
            }
        }
    }

    /// How many of the newest failed runs, one of each pipeline and group, are searched for a gate that asks for evidence, and
    /// how many of the last events of each.
    private static let (mostLacking, lastEvents) = (10, 4000)

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
        var found: Set<RunID> = []
        for summary in newest.prefix(mostLacking) {
            let first = max(1, summary.events - lastEvents)
            found.formUnion(try await store.mentioning(codes, among: [summary.run], after: first))
        }
        return found
    }

    /// The gates at which a run has failed for want of evidence alone, and of which a bypass would still be of use: nothing of
    /// the solution came there since, and of what was too old no newer run is to show it.
    static func gatesLackingEvidence(
        in state: RunState, _ summary: RunSummary, _ store: any RunStore,
        _ isDeployedSince: (RunState, Step) async -> Bool
    ) async throws(RunStoreError) -> Set<StepID> {
        var found: Set<StepID> = []
        for gate in state.plan.steps where state.bypassOfMissingEvidence(at: gate) != nil {
            if state[gate.id]?.failure?.code == "gate/old-evidence" {
                let newest = try await store.runs(
                    matching: RunFilter(pipeline: summary.pipeline, group: summary.group, limit: 10))
                if let other = newest.first(where: { $0.group == summary.group }), other.run != summary.run { continue }
            }
            if await !isDeployedSince(state, gate) { found.insert(gate.id) }
        }
        return found
    }

    func block(_ item: Item, overtaken: Overtaking) -> String {
        let brief = item.brief
        let place = brief.environment.map { "  \($0)" } ?? ""
        let lines =
            ["\(brief.run)  \(brief.gate)\(place)  not needed any more\(item.isMine ? "" : "  (not for you)")"]
            + ["  \(overtaken.text)", "  see        almrun show \(overtaken.run)"]
            + (overtaken.command.map { ["  withdraw   \($0)"] } ?? [])
        return lines.map { safeText($0) }.joined(separator: "\n")
    }
}

extension Inbox.Overtaking {
    /// For programs.
    var value: Value {
        Value(members: [
            ("run", .string(run.rawValue)), ("text", .string(text)), ("command", command.map { .string($0) }),
        ])
    }
}

extension [Inbox.Asked] {
    /// How many of the newest runs that may have come past a gate are searched for its package, in how many events in all, and
    /// how many are read.
    private static let (mostNewer, mostSearched, mostRead) = (50, 20_000, 5)

    /// The same with what has made them needless: a newer run of the same package that needs no bypass there.
    func overtaken(
        in store: any RunStore, objects: ObjectStore?, now: Date
    ) async throws(RunStoreError) -> Self {
        let bound = filter { !$0.state.plan.isRollback && $0.package != nil }
        let packages = Set(bound.compactMap(\.package))
        guard let oldest = bound.map(\.state.created).min() else { return self }
        let newest = try await store.runs(
            matching: RunFilter(statuses: [.running, .waiting, .succeeded, .failed], limit: Self.mostNewer))
        let searched = Inbox.searchable(newest.filter { $0.created >= oldest }, Self.mostSearched / packages.count)
        var runs: [String: [RunState]] = [:]
        for package in packages {
            // Not the first event: the plan is long, and a run that was given the package names it again before its first gate.
            let named = try await store.mentioning([package], among: searched.map(\.run), after: 1)
            for run in searched.map(\.run).filter(named.contains).prefix(Self.mostRead) {
                let state = try await RunState.loadUndamaged(run, from: store, objects: objects) { _, _ in }
                if let state { runs[package, default: []].append(state) }
            }
        }
        return map { one in
            let own = one.state
            guard let package = one.package, !own.plan.isRollback else { return one }
            let newer = (runs[package] ?? []).lazy.filter { ($0.created, $0.run) > (own.created, own.run) }
            let found = newer.compactMap { other in
                other.comesPast(one.gate, with: package, now: now).map { (run: other.run, how: $0) }
            }.first
            var one = one
            one.overtaking = found.map { run, how in
                Inbox.Overtaking(
                    run: run, text: "run \(run) \(how)",
                    command: own.status == .failed ? "almrun cancel \(own.run) --reason \"...\"" : nil)
            }
            return one
        }
    }

    /// Where, and for which package, people have bypassed an evidence gate, or one more of them completes it: one run is enough.
    func begun(_ states: [RunState]) -> Set<[String?]> {
        func isEvidence(_ gate: Step) -> Bool { if case .gate(.evidence) = gate.work { true } else { false } }
        let half = filter { isEvidence($0.gate) && $0.bypass.isCompletable && $0.overtaking == nil }.map(\.goal)
        let opened = states.filter { $0.status == .failed }.flatMap { state in
            state.bypassedFailures.filter { isEvidence($0) && state.overtaking(of: $0) == nil }
                .map { [$0.environment, state.binding(of: $0).package] }
        }
        return Set(half + opened)
    }
}

extension RunState {
    /// How a package comes past a gate like that of an older run without a bypass in this one, as after the run's name, with what
    /// comes of it; nil where it does not.
    fileprivate func comesPast(_ gate: Step, with package: String, now: Date) -> String? {
        guard !isCalledOff else { return nil }
        let deployments = plan.steps.filter { step in
            step.environment == gate.environment && step.locksEnvironment
                && (binding(of: step).package ?? self.package(of: step)) == package
        }
        guard !deployments.isEmpty else { return nil }
        if let brought = deployments.first(where: { self[$0.id]?.status.isGood == true }) {
            return "has done '\(brought.id)' with the same package, so that this bypass is not needed: "
                + "`almrun why \(package.prefix(12)) \(gate.environment ?? "")` says what is there now"
        }
        let ids = Set(deployments.map(\.id))
        let gates = plan.steps.filter { step in
            step.guarding.map(ids.contains) == true && step.work.isLike(gate.work)
        }
        if let open = gates.first, gates.allSatisfy({ self[$0.id]?.status.isGood == true }) {
            return "has come past '\(open.id)' with the same package: this bypass is not needed"
        }
        let isShown = gates.contains { other in
            guard case .gate(.evidence(let policy)) = other.work, self[other.id]?.status != .failed else {
                return false
            }
            return EvidenceStanding(policy, step: other, in: self, now: now).isMet
        }
        return isShown ? "shows what '\(gate.id)' lacks of the same package: this bypass is not needed" : nil
    }
}

extension Step.Work {
    /// Whether both are gates of one kind, of those at which a run fails and people may still bypass.
    fileprivate func isLike(_ other: Step.Work) -> Bool {
        switch (self, other) {
        case (.gate(.evidence), .gate(.evidence)), (.gate(.eligible), .gate(.eligible)): true
        default: false
        }
    }
}
