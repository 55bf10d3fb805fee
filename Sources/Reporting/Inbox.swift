import Documents
public import Engine
import OrderedCollections
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
        /// That a newer run has made it needless.
        public var overtaking: Overtaking?
    }

    /// An effect of which nobody knows whether it happened.
    public struct Doubt: Sendable, Hashable {
        public var run: RunID
        public var step: StepID
        public var reason: String
        /// What to look at, and how to say what was found.
        public var hints: [String]
    }

    /// A gate at which nobody decided in time.
    public struct Expiry: Sendable, Hashable {
        public var run: RunID
        public var gate: StepID
        public var end: Date
        /// Such as `nobody decided in time`.
        public var why: String
        /// How it is asked anew.
        public var wayOn: String
    }

    /// A gate that asks the person next, once somebody takes up the run: the one before it is decided.
    public struct Upcoming: Sendable, Hashable {
        public var run: RunID
        public var gate: StepID
        /// The gate before it.
        public var after: StepID
        /// What was decided there, and what carries on.
        public var decided: String
    }

    /// A gate that waits for a time alone, and that people may bypass.
    public struct Timed: Sendable, Hashable {
        public var bypass: PendingBypass
        public var run: RunID
        /// What it waits for.
        public var reason: String
        public var until: Date?
        /// What else stands before the deployment and is not met.
        public var unmet: [String]
        /// Whether the one who asks may bypass it.
        public var isMine: Bool
        /// Who may bypass it, and the command.
        public var who: String
        public var command: String
        /// What the one who asks would take away from themselves elsewhere.
        public var undone: [String]
    }

    /// A gate that has failed in a run which waits elsewhere, and that only a bypass opens; or one at which a run has failed for
    /// want of evidence.
    public struct Failed: Sendable, Hashable {
        public var bypass: PendingBypass
        public var run: RunID
        /// What is to be tried before a bypass, where the run has failed as a whole.
        public var first: String?
        /// What starts the run anew, where that alone may do.
        public var start: String?
        /// Why it has failed.
        public var reason: String
        /// Whether the one who asks may bypass it.
        public var isMine: Bool
        /// Who may bypass it, and the command.
        public var who: String
        public var command: String
        /// What the one who asks would take away from themselves elsewhere.
        public var undone: [String]
    }

    public let query: Query
    public internal(set) var items: [Item] = []
    public private(set) var doubts: [Doubt] = []
    public private(set) var expired: [Expiry] = []
    public private(set) var upcoming: [Upcoming] = []
    public private(set) var timed: [Timed] = []
    public internal(set) var failed: [Failed] = []
    /// Runs that wait for roles that the person does not have, and that were not read.
    public private(set) var elsewhere = 0
    /// Runs that wait for the person's roles and were not read, because there are so many.
    public private(set) var unread = 0
    /// Runs that ask nobody and wait for a time, at which somebody may have begun a bypass, and that were not read.
    public private(set) var unreadAtTimes = 0
    /// How many of the newest failed runs were looked at for a bypass, where there are older ones; nil where all were.
    public private(set) var failedLookedAt: Int?
    /// How many of the newest runs that are over were looked at for an effect in doubt, where there are older ones.
    public private(set) var doubtsLookedAt: Int?
    /// Runs that may wait and cannot be read.
    public private(set) var damaged: [RunID] = []
    /// Runs that ask and would not be taken up, with why: nothing that is said there counts.
    public private(set) var refused: [(run: RunID, why: String)] = []

    /// How many runs of other roles are read all the same, for roles that somebody had when the run began.
    private static let others = 20

    /// Tells what a person must know who decides at a gate of a run; nil for no gate.
    public typealias Briefing = (RunState, StepID, _ others: [OtherRun]) async -> GateBrief?

    /// Reads what waits: of all runs only the index, and of those that may wait for the person all there is.
    ///
    /// What asks the person is read first, and what waits for a time only with what is left of the limit.
    ///
    /// - Parameters:
    ///   - informed: A run as it is with what has become known of other people since.
    ///   - isWanted: Whether a rollback that has failed is still of use where it was to go.
    ///   - isDeployedSince: Whether something of the same solution came behind a gate since a run failed there.
    ///   - brief: What is known of a gate, with the other runs that wait for its environment; by default what its run says.
    public static func read(
        _ query: Query, from store: any RunStore, objects: ObjectStore? = nil, now: Date,
        informed: (RunState) async -> RunState = { $0 }, isWanted: (RunState) async -> Bool = { _ in true },
        isDeployedSince: (RunState, Step) async -> Bool = { _, _ in false }, brief: Briefing? = nil
    ) async throws(RunStoreError) -> Inbox {
        var inbox = Inbox(query: query)
        let summaries = try await store.runs(matching: RunFilter(statuses: [.waiting, .running]))
        let failed = try await halfBypassed(in: store)
        inbox.failedLookedAt = failed.areAll ? nil : mostFailed
        let lacking = query.all || !query.roles.isEmpty ? try await lackingEvidence(failed.newest, in: store) : []
        let over = try await store.runs(
            matching: RunFilter(statuses: [.failed, .cancelled, .rejected], limit: mostOver + 1))
        let doubtful = try await doubtful(Array(over.prefix(mostOver)), in: store)
        inbox.doubtsLookedAt = doubtful.lookedAt < over.count ? doubtful.lookedAt : nil
        let abandoned = try await abandoned(summaries, query.limit, in: store)
        let asked = failed.newest.filter { failed.asking.contains($0.run) || lacking.contains($0.run) }
        let candidates = inbox.candidates(
            among: summaries + asked + doubtful.found.filter { one in !asked.contains { $0.run == one.run } },
            doubts: abandoned.union(doubtful.found.map(\.run)))
        var read: [(place: Int, state: RunState, lacking: Set<StepID>)] = []
        var rolledBack: Set<Value?> = []
        for (place, summary, interest) in candidates {
            guard read.count < query.limit else {
                if interest == .atTime { inbox.unreadAtTimes += 1 } else { inbox.unread += 1 }
                continue
            }
            let loaded = try await RunState.loadJudgedUndamaged(summary.run, from: store, objects: objects) { run, _ in
                inbox.damaged.append(run)
            }
            guard let (state, fault) = loaded else { continue }
            let gates =
                lacking.contains(state.run)
                ? try await gatesLackingEvidence(in: state, summary, store, isDeployedSince) : []
            guard await asks(state, now, &rolledBack, isWanted) || !gates.isEmpty else { continue }
            let isOpened = !state.bypassedFailures.isEmpty
            // One that asks nobody is of no interest here, sound or not.
            if let why = fault, isOpened || !gates.isEmpty || state.isAsking(now: now) {
                inbox.refused.append((summary.run, why))
            } else {
                read.append((place, await informed(state), gates))
            }
        }
        // Whether it waits for somebody only its events say.
        for run in try await store.unreadableRuns().compactMap(\.run) where !inbox.damaged.contains(run) {
            inbox.damaged.append(run)
        }
        read.sort { $0.place < $1.place }
        let gates = try await read.flatMap { Asked.all(in: $0.state, lacking: $0.lacking, now: now) }
            .overtaken(in: store, objects: objects, now: now)
        await inbox.fill(
            read.map(\.state), abandoned, summaries, gates, now,
            brief ?? { GateBrief($0, gate: $1, now: now, others: $2, objects: objects) })
        return inbox
    }

    /// Whether a run that was read asks somebody, or may; of several rollbacks of one environment the newest is meant.
    private static func asks(
        _ state: RunState, _ now: Date, _ rolledBack: inout Set<Value?>, _ isWanted: (RunState) async -> Bool
    ) async -> Bool {
        // Everybody is told of an effect in doubt, whatever became of the gates.
        if !state.stepsInDoubt.isEmpty { return true }
        if state.status == .cancelled { return false }
        if !state.bypassedFailures.isEmpty { return state.plan.isRollback ? await isWanted(state) : true }
        guard state.status == .failed,
            !state.plan.steps.contains(where: { state.pendingBypass(of: $0.id, now: now) != nil })
        else { return true }
        guard state.isAsking(now: now), rolledBack.insert(state.plan.inputs["environment"]).inserted else {
            return false
        }
        return await isWanted(state)
    }

    /// How many of the newest runs that have failed are looked at.
    private static let mostFailed = 50

    /// The newest runs that have failed; of these ask those of which somebody has bypassed a gate, and rollbacks, of which only
    /// a bypass opens a gate for which there is no evidence young enough.
    private static func halfBypassed(
        in store: any RunStore
    ) async throws(RunStoreError) -> (newest: [RunSummary], asking: Set<RunID>, areAll: Bool) {
        let failed = try await store.runs(matching: RunFilter(statuses: [.failed], limit: mostFailed + 1))
        // As it stands in the ledger; a run may have been taken up, and have failed again, since.
        let said = #""verdict":"bypass""#
        let newest = Array(failed.prefix(mostFailed))
        let bypassed = try await store.mentioning([said], among: newest.map(\.run), after: 1)
        let rollbacks = newest.filter { $0.pipeline == RollbackPlan.pipeline }.map(\.run)
        return (newest, bypassed.union(rollbacks), failed.count <= mostFailed)
    }

    /// An inbox in which nothing is.
    public init(query: Query) { self.query = query }

    /// What a run may hold; what is read first has the lowest number.
    private enum Interest: Int { case doubt, mine, other, atTime, none }

    /// The runs that are read, with where they stand in the inbox; what may be in doubt comes first, then what asks the person.
    private mutating func candidates(
        among summaries: [RunSummary], doubts: Set<RunID>
    ) -> [(place: Int, summary: RunSummary, interest: Interest)] {
        var strangers = 0
        var found: [(place: Int, summary: RunSummary, interest: Interest)] = []
        for summary in summaries {
            let interest: Interest =
                doubts.contains(summary.run) ? .doubt : summary.status.isFinished ? .mine : interest(in: summary)
            if interest == .none { continue }
            if interest == .other {
                guard query.all || strangers < Self.others else {
                    elsewhere += 1
                    continue
                }
                strangers += 1
            }
            found.append((found.count, summary, interest))
        }
        return found.sorted { ($0.interest.rawValue, $0.place) < ($1.interest.rawValue, $1.place) }
    }

    /// Whether a run may hold something for the person.
    private func interest(in summary: RunSummary) -> Interest {
        // The index does not say what a run waits for while something else of it is under way.
        if summary.status == .running { return summary.settled < summary.steps ? .other : .none }
        if summary.waits.contains(where: { $0.suspension.cause == .uncertainEffect }) { return .doubt }
        var isOther = false
        var isAtTime = false
        for wait in summary.waits {
            switch wait.suspension.cause {
            case .approval:
                if let role = query.role, wait.role != role { continue }
                if wait.role.map(query.roles.contains) ?? true { return .mine }
                isOther = true
            // Somebody may have begun to bypass it, which the index does not say.
            case .until: isAtTime = true
            case .lock, .uncertainEffect: continue
            }
        }
        if isAtTime { return .atTime }
        // Only the first waits of a run are in the index.
        return isOther || summary.waits.count >= 20 ? .other : .none
    }

    /// With the commands that the one who asks may use.
    private mutating func add(_ brief: GateBrief?, _ isMine: Bool, _ overtaking: Overtaking? = nil) {
        guard var brief else { return }
        brief.viewer = query.person
        items.append(Item(brief: brief, isMine: isMine, overtaking: overtaking))
    }

    /// The gate that asks the person next, where one that waits is decided and nobody has taken up the run since.
    private func question(after gate: Step, in state: RunState, _ now: Date) -> Upcoming? {
        guard state.cancelRequest == nil, let decided = decided(gate, in: state, now),
            let next = state.nextQuestion(after: gate, now: now), case .gate(.approval(let policy)) = next.work,
            query.role.map({ $0 == policy.role }) ?? true,
            state.deciders(at: next).contains(where: { $0.email.lowercased() == query.person.lowercased() })
        else { return nil }
        return Upcoming(run: state.run, gate: next.id, after: gate.id, decided: decided)
    }

    /// What was decided at a gate on which nobody has acted yet, where taking up the run opens it.
    private func decided(_ gate: Step, in state: RunState, _ now: Date) -> String? {
        if let settlement = state.settlement(of: gate, now: now) {
            return settlement.opens && !settlement.isVoid && settlement.lapsed == nil ? settlement.text : nil
        }
        guard state.openedMeanwhile.contains(gate.id) || state.failedGatesToBypass(now: now).contains(gate),
            state.pendingBypass(of: gate.id, now: now) == nil,
            case let people = state.bypasses(at: gate).map(\.person), !people.isEmpty
        else { return nil }
        return
            "bypassed by \(people.joined(separator: " and ")): that is enough; `almrun resume \(state.run)` carries on"
    }

    private mutating func fill(
        _ states: [RunState], _ abandoned: Set<RunID>, _ summaries: [RunSummary], _ asked: [Asked], _ now: Date,
        _ brief: Briefing
    ) async {
        let questions = states.map { $0.openQuestions(now: now) }
        let asking = zip(states, questions).map { AskingRun($0, $1, now: now) }
        for (index, state) in states.enumerated() {
            for question in questions[index] {
                // Where too few are left who may approve, those who may bypass are the only ones who can go on.
                let bypass =
                    state.pendingBypass(of: question.step.id, now: now)
                    ?? state.bypassOfImpasse(at: question.step, now: now)
                if let role = query.role, question.policy.role != role, bypass?.role != role { continue }
                let isMine = question.waits(for: query.person) || bypass?.waits(for: query.person) == true
                guard isMine || query.all else { continue }
                let others = Self.others(besides: state, at: question.step, asking, summaries)
                add(await brief(state, question.step.id, others), isMine)
            }
            for step in state.plan.steps where !questions[index].contains(where: { $0.step.id == step.id }) {
                guard
                    let bypass = state.pendingBypass(of: step.id, now: now)
                        ?? state.wantedBypass(of: step.id, now: now),
                    query.role == nil || query.role == bypass.role,
                    bypass.waits(for: query.person) || query.all
                else { continue }
                add(
                    await brief(state, step.id, []), bypass.waits(for: query.person),
                    asked.first { $0.state.run == state.run && $0.gate.id == step.id }?.overtaking)
            }
            for (step, _) in state.waits {
                guard case .gate(.approval(let policy)) = step.work, let end = state.expiry(of: step, now: now),
                    query.role.map({ $0 == policy.role }) ?? (query.all || query.roles.contains(policy.role))
                else { continue }
                expired.append(
                    Expiry(
                        run: state.run, gate: step.id, end: end, why: state.shortfall(at: step, now: now),
                        wayOn: state.wayToAskAnew(at: step)))
            }
            for step in state.waits.map(\.step) + state.bypassedFailures {
                if let next = question(after: step, in: state, now) { upcoming.append(next) }
            }
            timed += state.waits.compactMap { timed(by: $0.step, in: state, now) }
            failed += state.plan.steps.compactMap { step in
                state.bypassOfFailure(at: step).flatMap { failed($0, in: state, now) }
            }
            for (step, suspension) in state.uncertainSteps {
                let hints = state[step.id].map { state.whatToLookAt(step, $0) } ?? []
                doubts.append(Doubt(run: state.run, step: step.id, reason: suspension.message, hints: hints))
            }
            doubts += state.unaskedDoubts(isAbandoned: abandoned.contains(state.run))
        }
        let begun = asked.begun(states)
        failed += asked.compactMap { one in
            one.isLacking && one.overtaking == nil && !begun.contains(one.goal)
                ? failed(one.bypass, in: one.state, now) : nil
        }
        halfOpenFirst()
        // What comes to nothing as it stands is not the first to be read, and what nobody needs is the last.
        items = (0...2).flatMap { rank in items.filter { $0.rank == rank } }
    }
}
