public import Pipelines

public import struct Foundation.Date

/// What can still be told of a run of which not all events can be read.
public struct RunRemains: Sendable {
    /// A step that began and of which no end can be read, or that was stopped: nobody knows whether its effect happened.
    public struct CutOff: Sendable, Hashable {
        public var step: StepID
        public var began: Date
        /// Nil where the plan cannot be read, or the step is in none.
        public var environment: String?
        /// How it ended without anybody seeing what it came to; nil where no end of it can be read.
        public var ending: String?

        /// What nobody knows of it; lower case, no full stop.
        public var doubt: String {
            let place = environment.map { " in environment '\($0)'" } ?? ""
            return "whether the effect of '\(step)'\(place) took place: it began \(EventTime.text(began)), and "
                + (ending ?? "no end of it can be read")
        }
    }

    public let run: RunID
    /// Every step of which anything is known: those of the plan, and those that began.
    public let steps: [StepID]
    /// In the order in which they began, without those whose effect happens any number of times.
    public let cutOff: [CutOff]
    /// The attempts that began and of which no end can be read, whatever their effect: what they started may go on. What the step
    /// does is nil where the plan does not tell it.
    public let unended: [(step: StepID, attempt: Int, work: Step.Work?)]
    /// `host:number` of the last process that is known to have worked on the run.
    private let lastProcess: String?

    /// - Parameter lines: The bytes of its events, in their order, as far as there are any.
    public init(_ run: RunID, lines: [[UInt8]]) {
        var plan: Plan?
        var last: String?
        var began: [StepID] = []
        var attempts: [StepID: Int] = [:]
        var open: [StepID: Date] = [:]
        var endings: [StepID: String] = [:]
        var tries: [StepID: Int] = [:]
        var looking: Set<StepID> = []
        var environments: [StepID: String] = [:]
        for line in lines {
            guard let event = (try? LedgerLine(bytes: line))?.event else { continue }
            switch event.kind {
            case .created(let creation): (plan, last) = (creation.plan, creation.process)
            case .resumed(_, let process, _):
                last = process
                // What had ended has all its tries again.
                tries = tries.filter { open[$0.key] != nil && endings[$0.key] == nil }
            case .lockAcquired(let step, let lock, _): environments[step] = Lock.environmentName(of: lock)
            case .started(let step, let attempt, _, _, let recovering):
                began.removeAll { $0 == step }
                began.append(step)
                (open[step], endings[step], attempts[step]) = (event.time, nil, attempt)
                tries[step, default: 0] += 1
                looking = recovering ? looking.union([step]) : looking.subtracting([step])
            case .ended(let step, _, let ending):
                let isOnlyLook = event.kind.isOnlyLook(
                    wasLooking: looking.contains(step), tries: tries[step] ?? 1,
                    of: plan?.steps.first { $0.id == step }?.retry?.attempts ?? 1)
                // Where nobody saw what it came to, that ends the attempt and not the doubt.
                endings[step] = isOnlyLook ? nil : Self.doubtfulEnding(ending)
                if endings[step] == nil { open[step] = nil }
            // The attempt is over; the doubt is not.
            case .suspended(let step, let suspension) where suspension.cause == .uncertainEffect && open[step] != nil:
                endings[step] = "nobody could tell what it came to"
            case .assumed(let step, _, _, _), .voided(let step, _, _, _, _): open[step] = nil
            default: continue
            }
        }
        let planned = Dictionary((plan?.steps ?? []).map { ($0.id, $0) }) { first, _ in first }
        self.run = run
        lastProcess = last
        steps = (plan?.steps.map(\.id) ?? []) + began.filter { planned[$0] == nil }
        unended = began.filter { open[$0] != nil && endings[$0] == nil }
            .map { ($0, attempts[$0] ?? 1, planned[$0]?.work) }
        cutOff = began.compactMap { step in
            guard let time = open[step], planned[step]?.effect ?? .once == .once else { return nil }
            return CutOff(
                step: step, began: time, environment: planned[step]?.environment ?? environments[step],
                ending: endings[step])
        }
    }

    /// How an attempt ended of which nobody knows whether its effect happened; nil for one whose end tells.
    private static func doubtfulEnding(_ ending: AttemptEnding) -> String? {
        switch ending {
        case .cancelled: "was cancelled"
        case .lost: "nobody saw what it came to"
        case .failed(let failure) where failure.code == StageFailure.timeoutCode: "its time was up"
        case .failed, .succeeded, .rejected: nil
        }
    }

    /// What the store still has of a run.
    public static func of(_ run: RunID, in store: any RunStore) async throws(RunStoreError) -> RunRemains {
        var lines: [[UInt8]] = []
        do throws(RunStoreError) {
            lines = try await store.stored(run)?.lines.map(\.bytes) ?? []
        } catch .damaged, .unknownRun {
            // Nothing is left of it.
        }
        return RunRemains(run, lines: lines)
    }

    /// That its last process was one of another host, where nothing can be ended from here; nil where that is not known.
    public var elsewhere: String? {
        lastProcess.map { WorkingProcess($0) }.flatMap { $0.isHere ? nil : Aftermath.beyondReach($0) }
    }
}
