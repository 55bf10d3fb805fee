public import Pipelines

public import struct Foundation.Date

/// What can still be told of a run of which not all events can be read.
public struct RunRemains: Sendable {
    /// A step that began and of which no end can be read: nobody knows whether its effect happened.
    public struct CutOff: Sendable, Hashable {
        public var step: StepID
        public var began: Date
        /// Nil where the plan cannot be read, or the step is in none.
        public var environment: String?

        /// What nobody knows of it; lower case, no full stop.
        public var doubt: String {
            let place = environment.map { " in environment '\($0)'" } ?? ""
            return
                "whether the effect of '\(step)'\(place) took place: it began \(EventTime.text(began)), and no end of it can "
                + "be read"
        }
    }

    public let run: RunID
    /// Every step of which anything is known: those of the plan, and those that began.
    public let steps: [StepID]
    /// In the order in which they began, without those whose effect happens any number of times.
    public let cutOff: [CutOff]
    /// `host:number` of the last process that is known to have worked on the run.
    private let lastProcess: String?

    /// - Parameter lines: The bytes of its events, in their order, as far as there are any.
    public init(_ run: RunID, lines: [[UInt8]]) {
        var plan: Plan?
        var last: String?
        var began: [StepID] = []
        var open: [StepID: Date] = [:]
        var environments: [StepID: String] = [:]
        for line in lines {
            guard let event = (try? LedgerLine(bytes: line))?.event else { continue }
            switch event.kind {
            case .created(let creation): (plan, last) = (creation.plan, creation.process)
            case .resumed(_, let process, _): last = process
            case .lockAcquired(let step, let lock, _): environments[step] = Lock.environmentName(of: lock)
            case .started(let step, _, _, _, _):
                began.removeAll { $0 == step }
                began.append(step)
                open[step] = event.time
            // Its result was never seen, or came too late: that ends the attempt and not the doubt.
            case .ended(_, _, .lost): continue
            case .ended(let step, _, _), .assumed(let step, _, _, _): open[step] = nil
            default: continue
            }
        }
        let planned = Dictionary((plan?.steps ?? []).map { ($0.id, $0) }) { first, _ in first }
        self.run = run
        lastProcess = last
        steps = (plan?.steps.map(\.id) ?? []) + began.filter { planned[$0] == nil }
        cutOff = began.compactMap { step in
            guard let time = open[step], planned[step]?.effect ?? .once == .once else { return nil }
            return CutOff(step: step, began: time, environment: planned[step]?.environment ?? environments[step])
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
