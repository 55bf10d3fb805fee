import Documents
public import Pipelines

public import struct Foundation.Date

/// All that the events of a run say, put together.
///
/// ``apply(_:)`` is the only place that gives an event meaning; the runner, lists, reports and decisions read the same fold.
public struct RunState: Sendable {
    /// Who asked for the run to end.
    public struct CancelRequest: Sendable, Hashable {
        public var person: String
        public var reason: String?
        public var time: Date
        /// Whether it was a signal to the process that worked on the run, which says nothing about what people decided.
        public var isInterruption = false

        /// The run that has taken the place of this one; nil where that is not why it was cancelled.
        public var newerRun: RunID? {
            guard let reason, reason.hasPrefix(Self.superseded) else { return nil }
            return RunID(String(reason.dropFirst(Self.superseded.count).prefix { $0 != "'" }))
        }

        private static let superseded = "superseded by run '"

        /// Such as `the run was cancelled by ann@contoso.com: a flaw was found`.
        var text: String { "the run was cancelled by \(person)\(reason.map { ": \($0)" } ?? "")" }
    }

    /// The concurrency group that the run waits for.
    public struct Queue: Sendable, Hashable {
        public var group: String
        public var holder: RunID
        public var since: Date
        /// Whether nobody has the group any more; only who looks at the locks knows.
        public var isFree = false
        /// Whether the other run only comes before this one at a free group, as far as the events tell.
        public var isInLine = false
        /// Since when the run has the group itself, though it did not come to say so; only who looks at the locks knows.
        public var hasSince: Date?
    }

    /// The concurrency group that somebody took away from the run before it had ended.
    public struct GroupLoss: Sendable, Hashable {
        public var group: String
        /// The number under which the run had it.
        public var fence: Int
        public var person: String
        public var reason: String
        public var time: Date
    }

    public let run: RunID
    public let plan: Plan
    public let requester: String
    /// Who made what is released, and who approved it before, as far as is known by now.
    public internal(set) var people: KnownPeople
    public let commit: String?
    /// Host and process that made the run.
    public let process: String
    /// What earlier runs had shown of the package when the run was made.
    public let evidence: [Evidence]
    public let created: Date

    /// How many events are in it.
    public internal(set) var sequence: Int
    /// SHA-256 of the last event's line.
    public internal(set) var head: String
    /// Of the last event.
    public internal(set) var updated: Date
    public internal(set) var status: RunStatus = .running
    public internal(set) var cancelRequest: CancelRequest?
    /// Who had asked for the end before the run was taken up again.
    public internal(set) var earlierCancelRequest: CancelRequest?
    public internal(set) var queue: Queue?
    /// That somebody took the concurrency group away; nil again once the run is taken up.
    public internal(set) var groupLoss: GroupLoss?
    /// In the order of the plan.
    public internal(set) var steps: [StepState]
    /// How many steps have come to an end.
    public internal(set) var settled = 0
    /// How often a process took the run up again.
    public internal(set) var resumptions = 0
    /// How often the run had ended and was taken up again all the same.
    public internal(set) var reopenings = 0
    /// Host and process that work on the run, or did so last.
    public internal(set) var lastProcess: String {
        didSet { hosts.insert(WorkingProcess(lastProcess).host) }
    }
    /// The hosts whose processes worked on the run.
    var hosts: Set<String>
    /// The form of the run's first event, which tells by what rules it was made.
    public let madeFormat: Int
    /// The newest form in which an event of the run is written; no version writes older forms again.
    var format: Int
    /// The form of events by whose rules gates are judged; only who looks at what an earlier version did has another one.
    public internal(set) var ruleFormat = RunEvent.format
    /// What guarded steps would do now, as far as somebody has looked; only who shows the run does.
    var present: [StepID: PresentPreview] = [:]
    /// That the run would not be taken up with the files as they are, as far as somebody has looked.
    public internal(set) var otherFiles: LapsedEvidence?
    /// Whether a person's word that a step was done was ever taken back.
    var hasTakenBack = false
    let index: [StepID: Int]
    /// The gates of each guarded step, in the order of the plan.
    let gates: [StepID: [Int]]
    /// The `finally` steps, in the order of the plan.
    let cleanup: [Int]
    /// Approvals that are asked anew and steps that were taken back, by what comes after them.
    var askedAnew: [StepID: [Need]] = [:]

    /// The state that the first event of a run makes.
    public init(_ line: LedgerLine) throws(RunStoreError) {
        guard case .created(let creation) = line.event.kind, line.event.sequence == 1 else {
            throw .damaged("the first event of a run is '\(line.event.kind.name)', not 'created'")
        }
        run = creation.run
        plan = creation.plan
        requester = creation.requester
        people = creation.people
        commit = creation.commit
        process = creation.process
        lastProcess = creation.process
        hosts = [WorkingProcess(creation.process).host]
        evidence = creation.evidence
        created = line.event.time
        sequence = 1
        head = line.hash
        madeFormat = line.format
        format = line.format
        updated = line.event.time
        steps = Array(repeating: StepState(), count: plan.steps.count)
        var index: [StepID: Int] = [:]
        index.reserveCapacity(plan.steps.count)
        var gates: [StepID: [Int]] = [:]
        var cleanup: [Int] = []
        for (number, step) in plan.steps.enumerated() {
            index[step.id] = number
            if step.isFinally { cleanup.append(number) }
            if let guarded = step.guarding { gates[guarded, default: []].append(number) }
        }
        self.index = index
        self.gates = gates
        self.cleanup = cleanup
    }

    /// The state after all these events; refuses a broken chain.
    public init(_ lines: [LedgerLine]) throws(RunStoreError) {
        guard let first = lines.first else { throw .damaged("a run has no events") }
        try self.init(first)
        for line in lines.dropFirst() { try apply(line) }
    }

    /// Takes in something that happens now, never before the last event; gives the line that makes it durable.
    public mutating func add(_ kind: RunEvent.Kind, now: Date) throws(RunStoreError) -> LedgerLine {
        let time = max(EventTime.rounded(now), updated)
        let line = LedgerLine(RunEvent(sequence: sequence + 1, time: time, previous: head, kind: kind))
        try apply(line)
        return line
    }

    /// Reads a run from the store; large outputs come from the object store when there is one.
    public static func load(
        _ run: RunID, from store: any RunStore, objects: ObjectStore? = nil
    ) async throws(RunStoreError) -> RunState {
        let lines = try await store.events(of: run, after: 0)
        guard !lines.isEmpty else { throw .unknownRun(run.rawValue) }
        var state = try RunState(lines)
        if let objects { state.fetchOutputs(from: objects) }
        return state
    }

    /// Reads a run among others; nil, once it was told, for one whose events are damaged or of a newer version: it must not
    /// stand in the way of the others.
    public static func loadUndamaged(
        _ run: RunID, from store: any RunStore, objects: ObjectStore? = nil,
        _ damaged: (RunID, RunStoreError) -> Void
    ) async throws(RunStoreError) -> RunState? {
        try await undamaged(run, damaged) { () throws(RunStoreError) in
            try await load(run, from: store, objects: objects)
        }
    }

    /// What a reader gives of a run; nil, once it was told, where the events are damaged or of a newer version.
    static func undamaged<Found>(
        _ run: RunID, _ damaged: (RunID, RunStoreError) -> Void,
        _ read: () async throws(RunStoreError) -> Found
    ) async throws(RunStoreError) -> Found? {
        do throws(RunStoreError) {
            return try await read()
        } catch {
            switch error {
            case .damaged, .newer: damaged(run, error)
            default: throw error
            }
            return nil
        }
    }

    /// How a step stands; nil when the plan has no such step.
    public subscript(step: StepID) -> StepState? { index[step].map { steps[$0] } }

    /// What must have ended before a step: its needs, and approvals that are asked anew, also where what lies between is done.
    func needs(of step: Step) -> [Need] {
        guard let gates = askedAnew[step.id] else { return step.needs }
        return step.needs + gates.filter { gate in !step.needs.contains { $0.step == gate.step } }
    }

    /// The approvals that are asked anew, and that a step waits for behind what is done.
    public func gatesAskedAnew(before step: StepID) -> [StepID] {
        guard !status.isFinished else { return [] }
        return (askedAnew[step] ?? []).map(\.step).filter { id in
            guard let gate = planned(id), case .gate = gate.work else { return false }
            return self[id]?.status.isSettled == false
        }
    }

    /// The gates that hold a step back, with the verb that follows, such as `'ask' is`; nil where none does.
    public func asking(before step: StepID) -> String? {
        let gates = gatesAskedAnew(before: step)
        guard !gates.isEmpty else { return nil }
        return gates.map { "'\($0)'" }.joined(separator: " and ") + (gates.count > 1 ? " are" : " is")
    }

    /// A step and all that comes after it.
    ///
    /// - Parameter counts: Whether a need is one by which a step comes after another one.
    public func following(_ id: StepID, by counts: (Need) -> Bool = { _ in true }) -> Set<StepID> {
        var found: Set<StepID> = [id]
        // A step comes after its needs in a plan.
        for step in plan.steps where step.needs.contains(where: { found.contains($0.step) && counts($0) }) {
            found.insert(step.id)
        }
        return found
    }

    /// What comes after a step, however far, in the order of the plan.
    func behind(_ id: StepID) -> [(step: Step, known: StepState)] {
        let after = following(id)
        return zip(plan.steps, steps).filter { $0.0.id != id && after.contains($0.0.id) }.map { (step: $0, known: $1) }
    }

    /// A step as planned.
    public func planned(_ step: StepID) -> Step? { index[step].map { plan.steps[$0] } }

    /// The steps that wait, in the order of the plan.
    public var waits: [(step: Step, suspension: Suspension)] {
        zip(plan.steps, steps).compactMap { step, state in
            guard state.status == .waiting || state.status == .uncertain, let suspension = state.suspension else {
                return nil
            }
            return (step, suspension)
        }
    }

    /// What the preview gate of a guarded step found out, when it has ended well.
    public func preview(for guarded: StepID) -> Preview? {
        for number in gates[guarded] ?? [] {
            guard case .gate(.preview) = plan.steps[number].work, steps[number].status.isGood,
                let output = steps[number].output
            else { continue }
            return Self.preview(in: output)
        }
        return nil
    }

    /// An executor that gives something else than a preview has nothing to bind approvals to.
    static func preview(in output: Value) -> Preview? { try? ValueDecoder().decode(Preview.self, from: output) }

    /// Whether a person asked for its end, or a later run did; not after a mere signal.
    public var isCalledOff: Bool { cancelRequest?.isInterruption == false }

    /// How the run would end if nothing more happened: what `run.status` is in `finally` steps.
    public var outcome: RunStatus {
        if cancelRequest != nil { return .cancelled }
        var result = RunStatus.succeeded
        for (step, state) in zip(plan.steps, steps) {
            switch state.status {
            case .failed: return .failed
            case .cancelled: if !holdsNothing(step) { result = .cancelled }
            case .rejected: if result != .cancelled { result = .rejected }
            default: break
            }
        }
        return result
    }

    /// Whether a step is an approval by itself, and every stage that it holds has ended well or was left out.
    private func holdsNothing(_ gate: Step) -> Bool {
        guard gate.guarding == nil, case .gate = gate.work else { return false }
        let held = behind(gate.id).filter { !$0.step.isFinally }
        // Another approval that was left out counts by itself.
        return held.contains { if case .stage = $0.step.work { true } else { false } }
            && held.allSatisfy { step, known in
                if case .gate = step.work, known.status == .cancelled { return true }
                return known.status.isGood || known.status == .skipped
            }
    }

    /// The run as the index shows it.
    public var summary: RunSummary {
        RunSummary(
            run: run, pipeline: plan.pipeline, status: status, requester: requester, group: plan.concurrency?.group,
            created: created, updated: updated, events: sequence, head: head, steps: steps.count, settled: settled,
            waits: status == .waiting ? summaryWaits : [])
    }

    private var summaryWaits: [RunSummary.Wait] {
        if let queue {
            return [
                RunSummary.Wait(
                    step: "",
                    suspension: Suspension(
                        .lock(name: Lock.group(queue.group), holder: queue.holder.rawValue),
                        code: Suspension.queued, message: queue.text))
            ]
        }
        if let groupLoss, waits.isEmpty {
            return [
                RunSummary.Wait(
                    step: "",
                    suspension: Suspension(
                        .lock(name: Lock.group(groupLoss.group), holder: ""), code: "run/group-taken",
                        message: "\(groupLoss.text); `almrun resume \(run)` "
                            + (cancelRequest == nil ? "takes it again" : "cancels the run, as was asked")))
            ]
        }
        return waits.prefix(20).map { step, suspension in
            var role: String?
            if case .gate(.approval(let policy)) = step.work { role = policy.role }
            return RunSummary.Wait(step: step.id.rawValue, suspension: suspension, role: role)
        }
    }

    /// Puts outputs that are kept as objects in their places; one that is missing stays absent.
    public mutating func fetchOutputs(from objects: ObjectStore) {
        for number in steps.indices {
            guard let object = steps[number].object, steps[number].output == nil || steps[number].output == .null,
                let content = try? objects.read(object)
            else { continue }
            steps[number].output = try? Value(json: String(decoding: content, as: UTF8.self))
        }
    }
}

extension RunState.GroupLoss {
    /// Who took it, when and why.
    public var text: String {
        "the group '\(group)' was taken away by \(person), \(EventTime.text(time)): \(reason)"
    }
}
