public import Engine
public import Pipelines

public import struct Foundation.Date

/// Another run that waits to change the environment of a gate too.
public struct OtherRun: Sendable, Hashable {
    public var run: RunID
    /// What people have said there, and whether it is enough; nil where nobody has said anything, or the run was not read.
    public var said: String?
}

/// Where a run asks people or has asked them, and what they have said there.
struct AskingRun {
    let run: RunID
    /// The environments before whose change it asks, or only has to be taken up.
    let environments: Set<String>
    /// By gate that is not open yet, or that nobody has acted on since it was decided.
    private let said: [(gate: Step, text: String)]

    init(_ state: RunState, _ questions: [OpenQuestion], now: Date) {
        run = state.run
        // Where enough people have spoken it asks nobody: whoever decides elsewhere has to know that most of all.
        let enough = state.waits.compactMap { step, _ in
            state.settlement(of: step, now: now).flatMap { $0.carriesOn ? (step, $0) : nil }
        }
        environments = Set(questions.compactMap(\.step.environment) + enough.compactMap(\.0.environment))
        said = state.plan.steps.compactMap { step in
            var parts: [String] = []
            if let question = questions.first(where: { $0.step.id == step.id && !$0.given.isEmpty }) {
                let people = question.given.map(\.person).joined(separator: " and ")
                parts.append("approved by \(people), \(question.missing) more needed")
            }
            parts += state.pendingBypass(of: step.id, now: now).map { [$0.text] } ?? []
            if let (_, settlement) = enough.first(where: { $0.0.id == step.id }) {
                let people = settlement.decisions.map(\.person).joined(separator: " and ")
                parts = [
                    "\(settlement.outcome.rawValue) by \(people): that is enough there; `\(settlement.command)` carries on"
                ]
            }
            return parts.isEmpty ? nil : (step, "'\(step.id)' is \(parts.joined(separator: "; "))")
        }
    }

    /// What people have said at gates of the same environment as this one; nil where nobody has said anything.
    func said(before gate: Step) -> String? {
        let there = said.filter { other, _ in
            other.id == gate.id || other.environment == gate.environment && gate.environment != nil
        }
        return there.isEmpty ? nil : there.map(\.text).joined(separator: "; ")
    }
}

/// Runs that wait for the same, and in which order they are read.
extension Inbox {
    /// The runs that wait before they change the environment of a gate too, newest first.
    ///
    /// - Parameters:
    ///   - asking: The runs that were read.
    ///   - summaries: All runs that wait.
    static func others(
        besides state: RunState, at gate: Step, _ asking: [AskingRun], _ summaries: [RunSummary]
    ) -> [OtherRun] {
        var others: [RunID: OtherRun] = [:]
        for summary in summaries where summary.run != state.run && summary.pipeline == state.plan.pipeline {
            if summary.waits.contains(where: { $0.step == gate.id.rawValue }) {
                others[summary.run] = OtherRun(run: summary.run)
            }
        }
        for other in asking where other.run != state.run {
            let isBeside = gate.environment.map(other.environments.contains) ?? false
            guard isBeside || others[other.run] != nil else { continue }
            others[other.run] = OtherRun(run: other.run, said: other.said(before: gate))
        }
        return others.values.sorted { $0.run.rawValue > $1.run.rawValue }
    }

    /// The runs that wait before they change the environment of a gate too, newest first; of many, the newest are read.
    ///
    /// - Parameter informed: A run as it is with what would happen in it now.
    public static func others(
        besides state: RunState, at gate: StepID, from store: any RunStore, now: Date,
        informed: (RunState) async -> RunState = { $0 }
    ) async throws(RunStoreError) -> [OtherRun] {
        guard let step = state.planned(gate), state[gate]?.status == .waiting else { return [] }
        let summaries = try await store.runs(matching: RunFilter(statuses: [.waiting]))
        var asking: [AskingRun] = []
        let others = summaries.filter { $0.run != state.run && $0.waits.contains { $0.role != nil } }
        for summary in others.prefix(50) {
            guard let other = try await RunState.loadUndamaged(summary.run, from: store, { _, _ in }) else { continue }
            let seen = await informed(other)
            asking.append(AskingRun(seen, seen.openQuestions(now: now), now: now))
        }
        return Self.others(besides: state, at: step, asking, summaries)
    }

    /// Puts, of runs that ask the person about one package in one environment, the one first in which others have spoken
    /// already: where the person starts another one, two are half open.
    mutating func halfOpenFirst() {
        func goal(_ item: Item) -> [String]? {
            guard item.isMine, let environment = item.brief.environment, let package = item.brief.package else {
                return nil
            }
            return [environment, package]
        }
        let places = Dictionary(grouping: items.indices.filter { goal(items[$0]) != nil }) { goal(items[$0]) }
        let before = items
        for group in places.values where group.count > 1 {
            let ordered =
                group.filter { before[$0].brief.isHalfOpen } + group.filter { !before[$0].brief.isHalfOpen }
            for (place, source) in zip(group, ordered) { items[place] = before[source] }
        }
    }

    /// A gate that waits for a time alone and that nobody has begun to bypass; nil for another one, and for one that does not
    /// concern who asks.
    func timed(by gate: Step, in state: RunState, _ now: Date) -> Timed? {
        guard let bypass = state.bypassOfTime(at: gate), state.settlement(of: gate, now: now) == nil,
            query.role.map({ $0 == bypass.role }) ?? true, let suspension = state[gate.id]?.suspension,
            suspension.end.map({ $0 > now }) ?? true, let who = state.whoMayBypass(gate)
        else { return nil }
        let isMine = bypass.waits(for: query.person)
        guard isMine || query.all else { return nil }
        let unmet = GateCondition.all(beside: gate, in: state, now: now).filter { !$0.isMet && $0.gate != gate.id }
        return Timed(
            bypass: bypass, run: state.run, reason: suspension.message, until: suspension.end,
            unmet: unmet.map(\.line), isMine: isMine, who: who, command: state.bypassCommand(at: gate),
            undone: undone(at: gate, in: state, now))
    }

    /// What the one who asks would take away from themselves elsewhere in the run by a bypass of a gate.
    private func undone(at gate: Step, in state: RunState, _ now: Date) -> [String] {
        state.losses(at: gate, now: now).filter { $0.person.lowercased() == query.person.lowercased() }
            .map { $0.warning(for: query.person, in: state.run) }
    }

    /// A gate that has failed and that only a bypass opens, which nobody has begun; nil for one that does not concern who asks.
    func failed(_ bypass: PendingBypass, in state: RunState, _ now: Date) -> Failed? {
        let gate = bypass.step
        guard
            state.wantedBypass(of: gate.id, now: now) == nil, query.role.map({ $0 == bypass.role }) ?? true,
            let failure = state[gate.id]?.failure, let who = state.whoMayBypass(gate),
            case let isMine = bypass.waits(for: query.person), isMine || query.all
        else { return nil }
        // What is said of another plan than there would be is refused.
        let command = bypass.overtaking == nil ? state.bypassCommand(at: gate) : "almrun resume \(state.run)"
        let start = state.plan.startCommand
        let found = failure.code == "gate/no-evidence" ? state.newRunToBeShown(at: gate) : nil
        let new = found ?? ("a new run, where the pipeline shows it by now: `\(start)`", start)
        let isOver = state.status == .failed
        return Failed(
            bypass: bypass, run: state.run, first: isOver ? new.text : nil, start: isOver ? new.command : nil,
            reason: "\(failure.message) [\(failure.code)]", isMine: isMine, who: who, command: command,
            undone: undone(at: gate, in: state, now))
    }
}

extension Inbox.Item {
    /// What is read first has the lowest number.
    var rank: Int { overtaking != nil ? 2 : brief.comesToNothing ? 1 : 0 }
}

extension GateBrief {
    /// Whether people have approved or bypassed it, and too few of them.
    fileprivate var isHalfOpen: Bool { question?.given.isEmpty == false || pendingBypass?.given.isEmpty == false }
}
