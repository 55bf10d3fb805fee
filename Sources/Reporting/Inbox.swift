import Documents
public import Engine
public import Pipelines

public import struct Foundation.Date

/// What waits for a person's decision, newest run first, with what they need to decide.
public struct Inbox: Sendable {
    /// What is looked for.
    public struct Query: Sendable {
        /// E-mail of who asks.
        public var person: String
        /// What the repository's roles say of them now; a run keeps the roles that it started with.
        public var roles: Set<String>
        /// Also what waits for others.
        public var all: Bool
        /// Only gates of this role.
        public var role: String?
        /// At most so many runs are read.
        public var limit: Int

        public init(
            person: String, roles: Set<String>, all: Bool = false, role: String? = nil, limit: Int = 50
        ) {
            self.person = person
            self.roles = roles
            self.all = all
            self.role = role
            self.limit = limit
        }
    }

    /// A gate that waits.
    public struct Item: Sendable {
        public var brief: GateBrief
        /// Whether it waits for the one who asks.
        public var isMine: Bool
    }

    /// An effect of which nobody knows whether it happened.
    public struct Doubt: Sendable, Hashable {
        public var run: RunID
        public var step: StepID
        public var reason: String
        /// What to look at, and how to say what was found.
        public var hints: [String]
    }

    public let query: Query
    public private(set) var items: [Item] = []
    public private(set) var doubts: [Doubt] = []
    /// Runs that wait for roles that the person does not have, and that were not read.
    public private(set) var elsewhere = 0
    /// Runs that wait for the person's roles and were not read, because there are so many.
    public private(set) var unread = 0
    /// Runs that may wait and cannot be read.
    public private(set) var damaged: [RunID] = []
    /// Runs that ask and would not be taken up, with why: nothing that is said there counts.
    public private(set) var refused: [(run: RunID, why: String)] = []

    /// How many runs of other roles are read all the same, for roles that somebody had when the run began.
    private static let others = 20

    /// Reads what waits: of all runs only the index, and of those that may wait for the person all there is.
    ///
    /// - Parameter informed: A run as it is with what has become known of other people since.
    public static func read(
        _ query: Query, from store: any RunStore, objects: ObjectStore? = nil, now: Date,
        informed: (RunState) async -> RunState = { $0 }
    ) async throws(RunStoreError) -> Inbox {
        var inbox = Inbox(query: query)
        let summaries = try await store.runs(matching: RunFilter(statuses: [.waiting, .running]))
        var states: [RunState] = []
        var strangers = 0
        for summary in summaries {
            let interest = inbox.interest(in: summary)
            if interest == .none { continue }
            if interest == .other {
                guard query.all || strangers < others else {
                    inbox.elsewhere += 1
                    continue
                }
                strangers += 1
            }
            guard states.count < query.limit else {
                inbox.unread += 1
                continue
            }
            let state = try await RunState.loadUndamaged(summary.run, from: store, objects: objects) { run, _ in
                inbox.damaged.append(run)
            }
            guard let state else { continue }
            // One that asks nobody is of no interest here, sound or not.
            if state.isAsking(now: now),
                let why = try await RunState.fault(of: summary.run, in: store, objects: objects)
            {
                inbox.refused.append((summary.run, why))
            } else {
                states.append(await informed(state))
            }
        }
        // Whether it waits for somebody only its events say.
        for run in try await store.unreadableRuns().compactMap(\.run) where !inbox.damaged.contains(run) {
            inbox.damaged.append(run)
        }
        inbox.fill(states, summaries, now)
        return inbox
    }

    /// An inbox in which nothing is.
    public init(query: Query) { self.query = query }

    /// Adds what is known of the packages at the gates besides what their runs say.
    public mutating func add(risks: (GateBrief) async -> [GateRisk]) async {
        for index in items.indices { items[index].brief.risks += await risks(items[index].brief) }
    }

    private enum Interest { case none, other, mine }

    /// Whether a run may hold something for the person.
    private func interest(in summary: RunSummary) -> Interest {
        // The index does not say what a run waits for while something else of it is under way.
        if summary.status == .running { return summary.settled < summary.steps ? .other : .none }
        var isOther = false
        for wait in summary.waits {
            switch wait.suspension.cause {
            case .uncertainEffect: return .mine
            case .approval:
                if let role = query.role, wait.role != role { continue }
                if wait.role.map(query.roles.contains) ?? true { return .mine }
                isOther = true
            case .until, .lock: continue
            }
        }
        // Only the first waits of a run are in the index.
        return isOther || summary.waits.count >= 20 ? .other : .none
    }

    /// With the commands that the one who asks may use.
    private mutating func add(_ brief: GateBrief?, _ isMine: Bool) {
        guard var brief else { return }
        brief.viewer = query.person
        items.append(Item(brief: brief, isMine: isMine))
    }

    private mutating func fill(_ states: [RunState], _ summaries: [RunSummary], _ now: Date) {
        let questions = states.map { $0.openQuestions(now: now) }
        for (index, state) in states.enumerated() {
            for question in questions[index] {
                let bypass = state.pendingBypass(of: question.step.id)
                if let role = query.role, question.policy.role != role, bypass?.role != role { continue }
                let isMine = question.waits(for: query.person) || bypass?.waits(for: query.person) == true
                guard isMine || query.all else { continue }
                var others: Set<RunID> = []
                for (place, other) in states.enumerated() where place != index {
                    guard let environment = question.step.environment,
                        questions[place].contains(where: { $0.step.environment == environment })
                    else { continue }
                    others.insert(other.run)
                }
                for summary in summaries where summary.run != state.run && summary.pipeline == state.plan.pipeline {
                    if summary.waits.contains(where: { $0.step == question.step.id.rawValue }) {
                        others.insert(summary.run)
                    }
                }
                add(
                    GateBrief(
                        state, gate: question.step.id, now: now, others: others.sorted { $0.rawValue > $1.rawValue }),
                    isMine)
            }
            for step in state.plan.steps where !questions[index].contains(where: { $0.step.id == step.id }) {
                guard let bypass = state.pendingBypass(of: step.id), query.role == nil || query.role == bypass.role,
                    bypass.waits(for: query.person) || query.all
                else { continue }
                add(GateBrief(state, gate: step.id, now: now), bypass.waits(for: query.person))
            }
            for (step, suspension) in state.uncertainSteps {
                let hints = state[step.id].map { state.whatToLookAt(step, $0) } ?? []
                doubts.append(Doubt(run: state.run, step: step.id, reason: suspension.message, hints: hints))
            }
        }
    }
}
