import Documents
public import Engine
public import Pipelines

import struct Foundation.Date

/// Looks whether somebody said no in another run to what a gate asks about; what runs say of it is read once.
public actor EarlierRejections {
    /// How many of the newest runs that did not succeed are searched for a no, and of all for a later word of who said it.
    private static let mostRuns = 100
    /// In how many events; the newest run is searched in any case.
    private static let mostEvents = 50_000
    /// How many runs are read in which somebody said no and that know the package, the newest ones.
    private static let mostRead = 10

    private let store: any RunStore
    private var refusing: [RunSummary]?
    private var known: [RunID: RunState] = [:]

    public init(_ store: any RunStore) { self.store = store }

    /// The newest no to the same package in the same environment, of which who said it has not thought better since; empty
    /// where there is none, and where runs cannot be read: the gates do not hang on it.
    public func risks(at gate: Step, in state: RunState) async -> [GateRisk] {
        guard let package = state.binding(of: gate).package, let environment = gate.environment,
            state[gate.id]?.status.isGood != true,
            let (no, run) = try? await newest(about: package, environment, besides: state)
        else { return [] }
        let why = no.comment.map { ": \($0)" } ?? ""
        let time = Timestamp.text(of: no.time)
        return [GateRisk("rejected-elsewhere", "rejected by \(no.person) in run \(run), \(time)\(why)")]
    }

    private func newest(
        about package: String, _ environment: String, besides own: RunState
    ) async throws -> (no: Decision, run: RunID)? {
        var found: [(no: Decision, in: RunState)] = []
        let others = try await refusals().map(\.run).filter { $0 != own.run }
        let about = try await store.mentioning([package], among: others, after: 1)
        for run in others.filter(about.contains).prefix(Self.mostRead) {
            guard let state = try await load(run) else { continue }
            found += state.words(about: package, environment).filter { $0.verdict == .reject }.map { ($0, state) }
        }
        for (no, state) in found.sorted(by: { $0.no.time > $1.no.time }) {
            guard try await !isTakenBack(no, in: state, package, environment, own) else { continue }
            return (no, state.run)
        }
        return nil
    }

    /// Whether who said no has approved the package there since, or bypassed the gate.
    private func isTakenBack(
        _ no: Decision, in refused: RunState, _ package: String, _ environment: String, _ own: RunState
    ) async throws -> Bool {
        func isTakenBack(in state: RunState) -> Bool {
            state.words(about: package, environment).contains { yes in
                // Gates of other pipelines have names of their own.
                yes.verdict != .reject && yes.time > no.time && yes.person.lowercased() == no.person.lowercased()
                    && (yes.step == no.step || state.plan.pipeline != refused.plan.pipeline)
            }
        }
        if isTakenBack(in: own) || isTakenBack(in: refused) { return true }
        let signs = ["approve", "bypass"].map { #""verdict":"\#($0)","person":"\#(no.person)""# }
        for summary in try await store.runs(matching: RunFilter(limit: Self.mostRuns)) where summary.updated > no.time {
            guard try await store.mentions(signs, in: summary.run), let state = try await load(summary.run) else {
                continue
            }
            if isTakenBack(in: state) { return true }
        }
        return false
    }

    /// The runs in which somebody said no.
    private func refusals() async throws -> [RunSummary] {
        if let refusing { return refusing }
        var (searched, left): ([RunSummary], Int) = ([], Self.mostEvents)
        let filter = RunFilter(
            statuses: [.running, .waiting, .failed, .rejected, .cancelled], limit: Self.mostRuns)
        for summary in try await store.runs(matching: filter) {
            guard summary.events <= left || left == Self.mostEvents else { continue }
            left -= summary.events
            searched.append(summary)
        }
        let said = try await store.mentioning([#""verdict":"reject""#], among: searched.map(\.run), after: 1)
        let found = searched.filter { said.contains($0.run) }
        refusing = found
        return found
    }

    private func load(_ run: RunID) async throws -> RunState? {
        if let state = known[run] { return state }
        known[run] = try await RunState.loadUndamaged(run, from: store) { _, _ in }
        return known[run]
    }
}

extension RunState {
    /// What people said of a package at the gates of an environment, without what is forged.
    fileprivate func words(about package: String, _ environment: String) -> [Decision] {
        let gates = plan.steps.filter { $0.environment == environment }
        return gates.flatMap { self[$0.id]?.decisions ?? [] }.filter { decision in
            if case .wrong = decision.standing { return false }
            return decision.package == package
        }
    }
}
