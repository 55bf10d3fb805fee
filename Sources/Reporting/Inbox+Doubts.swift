import Engine
import Pipelines

/// Effects of which nobody knows whether they happened, in runs that wait for nobody's word: cut off, or over.
extension Inbox {
    /// How many of the newest runs that failed or were cancelled are looked at for an effect in doubt.
    static let mostOver = 100
    /// How many events are read to find runs that are over and in doubt, the newest runs first.
    private static let mostEvents = 2000
    /// In how many events it is searched for signs of a doubt before that.
    private static let mostSearched = 50_000
    /// What stands in the ledger of every run that is over in the middle of an effect: a step was cancelled, an attempt was
    /// ended before its time, or nobody could tell.
    private static let signs = [
        #":"cancelled""#, #"outcome":"lost""#, #"\#(StageFailure.timeoutCode)""#, #"uncertainEffect""#,
    ]

    /// The runs, of these that are over, of which an effect may be in doubt, and how many were looked at.
    static func doubtful(
        _ summaries: [RunSummary], in store: any RunStore
    ) async throws(RunStoreError) -> (found: [RunSummary], lookedAt: Int) {
        // What was cut off early may be followed by any number of events of other stages.
        let searched = searchable(summaries, mostSearched)
        var (left, passedOver) = (mostEvents, summaries.count - searched.count)
        // The first event is the plan, which tells nothing of it.
        let signed = try await store.mentioning(signs, among: searched.map(\.run), after: 1)
        var found: [RunSummary] = []
        for summary in searched where signed.contains(summary.run) {
            guard summary.events <= left || left == mostEvents else {
                passedOver += 1
                continue
            }
            left -= summary.events
            // What is damaged is named by `almrun runs`.
            guard let lines = try? await store.events(of: summary.run, after: 1) else { continue }
            if mayDoubt(lines.map(\.event)) { found.append(summary) }
        }
        return (found, summaries.count - passedOver)
    }

    /// The newest of these runs that have so many events in all; the first one in any case.
    static func searchable(_ summaries: [RunSummary], _ most: Int) -> [RunSummary] {
        var left = most
        return summaries.filter { summary in
            guard summary.events <= left || left == most else { return false }
            left -= summary.events
            return true
        }
    }

    /// The runs that have not come to rest and on which no process works any more; of many, the newest are asked about.
    static func abandoned(
        _ summaries: [RunSummary], _ limit: Int, in store: any RunStore
    ) async throws(RunStoreError) -> Set<RunID> {
        var found: Set<RunID> = []
        for summary in summaries.filter({ $0.status == .running && $0.settled < $0.steps }).prefix(limit) {
            if try await store.holder(of: summary.run) == nil { found.insert(summary.run) }
        }
        return found
    }

    /// Whether what these events end may have been cut off in the middle of its effect; the run itself says whether it was.
    private static func mayDoubt(_ events: [RunEvent]) -> Bool {
        var (open, running): (Set<StepID>, Set<StepID>) = ([], [])
        for event in events {
            switch event.kind {
            case .started(let step, _, _, _, _): running.insert(step)
            case .ended(let step, _, _), .suspended(let step, _): running.remove(step)
            default: break
            }
            switch event.kind {
            // What was at work then was cut off.
            case .resumed: open.formUnion(running)
            case .started(let step, _, _, _, recovering: true): open.insert(step)
            case .suspended(let step, let suspension) where suspension.cause == .uncertainEffect: open.insert(step)
            case .ended(let step, _, .cancelled), .ended(let step, _, .lost): open.insert(step)
            case .ended(let step, _, .failed(let failure)) where failure.code == StageFailure.timeoutCode:
                open.insert(step)
            case .ended(let step, _, _): open.remove(step)
            default: break
            }
        }
        return !open.isEmpty
    }
}

extension RunState {
    /// The effects in doubt of a run about which nobody is asked yet, and how to come by what is known of them.
    ///
    /// - Parameter isAbandoned: The run has not come to rest, and no process works on it any more.
    func unaskedDoubts(isAbandoned: Bool) -> [Inbox.Doubt] {
        guard isAbandoned, status == .running else {
            let why =
                status == .waiting
                ? "was cut off, and its effect may have happened"
                : "was cut off, and its effect may have happened; the run is \(status.rawValue)"
            return stepsInDoubt.map { doubt($0, "'\($0)' \(why)", isCutOff: !isLeftInDoubt($0)) }
        }
        return stepsCutOff.map {
            doubt(
                $0, "'\($0)' was at work when the run's process ended, and its effect may have happened", isCutOff: true
            )
        }
    }

    private func doubt(_ id: StepID, _ reason: String, isCutOff: Bool) -> Inbox.Doubt {
        guard let step = planned(id), let known = self[id] else {
            return Inbox.Doubt(run: run, step: id, reason: reason, hints: [])
        }
        let look = whereToLook(step, known)
        let hints =
            if !isLeftInDoubt(id), let held = asking(before: id) {
                look + ["once \(held) decided, `almrun resume \(run)` looks too"]
            } else if !isCutOff {
                whatToLookAt(step, known)
            } else if known.isPassedOver {
                look + [
                    "first `almrun resume \(run)`, which brings the run to its end; then `almrun resume \(run) --assume \(id)=done` "
                        + "(or not-done) takes down what you found"
                ]
            } else {
                look + [
                    "first `almrun resume \(run)`, which ends what it left running, looks and carries on; where it cannot tell, it "
                        + "asks for your word",
                    "`almrun cancel \(run)` looks too, and begins nothing but `finally` stages",
                ]
            }
        return Inbox.Doubt(run: run, step: id, reason: reason, hints: hints)
    }
}
