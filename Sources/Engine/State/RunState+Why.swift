import Documents
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

extension RunState {
    /// Says why a step stands as it stands; nil when the plan has no such step.
    ///
    /// - Parameter isAbandoned: The run has not come to rest, and no process works on it any more.
    public func why(_ id: StepID, now: Date, isAbandoned: Bool = false) -> Explanation? {
        guard let step = planned(id), let known = self[id] else { return nil }
        var details: [String] = []
        if isAbandoned { details.append("the run's process is gone: \(wayOnWithoutProcess)") }
        if let taken = known.taken, !known.status.isSettled { details.append(taken) }
        let headline =
            switch known.status {
            case .pending: pending(step, known, now, isAbandoned: isAbandoned, &details)
            case .waiting, .uncertain: waiting(step, known, now, &details)
            case .running: running(step, known, isAbandoned: isAbandoned, &details)
            case .retrying: retrying(step, known, &details)
            case .succeeded: succeeded(step, known, now, &details)
            case .reused: reused(known, &details)
            case .skipped: skipped(known, &details)
            case .blocked: blocked(step, known, now, &details)
            case .failed: failed(step, known, now, &details)
            case .rejected: rejected(step, known, &details)
            case .cancelled: cancelled(step, known, &details)
            }
        if known.status != .succeeded {
            details += known.denials.map { "\($0) said that its effect did not happen" }
        }
        if known.round > 1, ![.cancelled, .blocked].contains(known.status) {
            let what = step.guarding == nil ? "its gates were" : "it was"
            details.append("\(what) asked \(known.round) times, because \(reasonToAskAgain(step, known))")
        }
        if isAbandoned || status == .waiting, let groupLoss, !known.status.isSettled, headline != groupLoss.text {
            details.append(groupLoss.text)
        }
        return Explanation(
            step: id, status: known.status, headline: headline, details: details,
            processIsGone: isAbandoned ? true : nil)
    }

    private func waiting(_ step: Step, _ known: StepState, _ now: Date, _ details: inout [String]) -> String {
        if let since = known.waitingSince { details.append("since \(EventTime.text(since))") }
        details += question(step, known, now)
        if let unreadable = unreadable(at: step) {
            details.append("it cannot be deployed as it is: \(unreadable); `almrun doctor` first")
        }
        if let target = unreadableTarget(at: step) { details.append(target) }
        if known.status == .uncertain { details += whatToLookAt(step, known) }
        return waitText(of: step, now: now) ?? "waits"
    }

    private func running(
        _ step: Step, _ known: StepState, isAbandoned: Bool, _ details: inout [String]
    ) -> String {
        guard isAbandoned else {
            if let started = known.started { details.append("since \(EventTime.text(started))") }
            return known.isInDoubt
                ? "looks what an interrupted attempt has done, and does the rest"
                : "runs, \(RetryBudget(step, known)?.current ?? "attempt \(known.works)")"
        }
        if let started = known.started { details.append("begun \(EventTime.text(started))") }
        if step.effect == .once {
            details.append("its effect may have happened; who takes the run up has it looked for first")
        }
        return "attempt \(max(1, known.works)) was cut off when the run's process ended"
    }

    private func retrying(_ step: Step, _ known: StepState, _ details: inout [String]) -> String {
        if case .retry(let date, let reason) = known.reason {
            let next = RetryBudget.next(
                RetryBudget(step, known), "at \(EventTime.text(date))", looksFirst: known.mayHaveTakenEffect)
            details += [next, "last time: \(reason)"] + (wayToTryNow(step.id).map { [$0] } ?? [])
        }
        return "failed and is tried again"
    }

    private func pending(
        _ step: Step, _ known: StepState, _ now: Date, isAbandoned: Bool, _ details: inout [String]
    ) -> String {
        if case .lost(let message) = known.reason { details.append(message) }
        if known.isInDoubt { details.append("an attempt was cut off; it is looked first whether its effect happened") }
        var open: [StepID] = []
        for need in needs(of: step) where !(self[need.step]?.status.isSettled ?? true) && !open.contains(need.step) {
            open.append(need.step)
        }
        for need in open.prefix(20) {
            details += said(ofWaiting: need, now)
        }
        details += causes(of: step, beside: open, now)
        if let given = approvedAhead(step, now: now) {
            details += given.map(\.line) + ["that is enough already: it asks nobody when the run comes to it"]
        }
        if !open.isEmpty {
            let names = open.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
            return "waits for \(names)\(open.count > 3 ? " and \(open.count - 3) more" : "")"
        }
        if let groupLoss {
            if cancelRequest == nil {
                details.append("`almrun resume \(run)` takes the group again, with a new number")
            }
            return groupLoss.text
        }
        if let queue {
            return "the run \(queue.text)"
        }
        if step.isFinally, !plan.steps.indices.allSatisfy({ plan.steps[$0].isFinally || steps[$0].status.isSettled }) {
            return "runs after everything else"
        }
        if status == .running, !isAbandoned { return "is about to start" }
        return isCalledOff && !step.isFinally
            ? "is cancelled when the run is resumed" : "starts when the run is resumed"
    }

    /// How a step stands that another one waits for; of one that asks people of whom too few are left, also what goes on then.
    private func said(ofWaiting id: StepID, _ now: Date) -> [String] {
        let status = self[id]?.status.rawValue ?? ""
        guard let step = planned(id) else { return [] }
        let line = "'\(id)' is \(status)\(waitText(of: step, now: now).map { ": \($0)" } ?? "")"
        return [line] + (impasse(at: step, now: now).map { [$0.line] } ?? [])
    }

    /// What stands at the beginning of what a step waits for, beyond its own needs: what cannot be carried out, or what waits.
    private func causes(of step: Step, beside direct: [StepID], _ now: Date) -> [String] {
        var seen = Set(direct)
        var next = direct
        var blocked: [String] = []
        var waiting: [String] = []
        while let id = next.popLast() {
            for need in planned(id)?.needs ?? [] where seen.insert(need.step).inserted {
                guard let known = self[need.step] else { continue }
                if known.status == .pending {
                    next.append(need.step)
                } else if known.status.blocks {
                    var root = need.step
                    // A plan has no cycle, so this ends.
                    while case .blocked(let by) = self[root]?.reason { root = by }
                    let line = "'\(root)' \(self[root].map(Self.cause) ?? ""), so that it cannot come to this"
                    if !blocked.contains(line) { blocked.append(line) }
                } else if !known.status.isSettled {
                    waiting.append("before that, " + said(ofWaiting: need.step, now).joined(separator: "; "))
                }
            }
        }
        return Array((blocked + waiting).prefix(3))
    }

    /// What a person looks at who shall say whether an effect happened, and how they say it.
    public func whatToLookAt(_ step: Step, _ known: StepState) -> [String] {
        var lines = whereToLook(step, known)
        let resume = "almrun resume \(run)"
        guard !isLeftInDoubt(step.id) else {
            lines.append(
                "what you found, as this run stays as it is: `\(resume) --assume \(step.id)=done` (or not-done)")
            return lines + (lookAgain(at: step.id).map { [$0] } ?? [])
        }
        if let need = need(of: step.id) {
            lines.append("that it happened is not enough: \(need)")
            lines.append("it happened, and twice does harm: `almrun cancel \(run)`")
        }
        for (word, remark) in words(of: step) {
            let found = word == "done" ? "it happened" : "it did not"
            lines.append("\(found): `\(resume) --assume \(step.id)=\(word)`" + (remark.map { "; \($0)" } ?? ""))
        }
        lines.append("or `\(resume)` alone looks once more")
        return lines
    }

    /// What a person looks at who wants to know whether an effect happened.
    public func whereToLook(_ step: Step, _ known: StepState) -> [String] {
        var lines: [String] = []
        if let begun = known.begun {
            let works = "\(known.works) attempt\(known.works == 1 ? "" : "s")"
            let looked = known.looked.map { ", \($0)" } ?? ""
            lines.append("first begun \(EventTime.text(begun)), \(works)\(looked)")
        }
        lines += known.noted
        lines.append("what it said: `almrun logs \(run) \(step.id)`")
        if let environment = step.environment, step.locksEnvironment {
            lines.append("what is there: `almrun environment \(shellWord(environment)) --history`")
        }
        if let token = known.token { lines.append("its work is known by the token \(token)") }
        return lines
    }

    /// Why the present round was begun, as after "because"; of a stage, what its gates say, which are asked for it.
    private func reasonToAskAgain(_ step: Step, _ known: StepState) -> String {
        if known.round == known.firstRound,
            let no = known.decisions.last(where: { $0.verdict == .reject && $0.round == known.round - 1 })
        {
            return "\(no.person) had said no"
        }
        let gates = (gates[step.id] ?? []).map { steps[$0] }.filter { $0.round == known.round }
        if let asked = ([known] + gates).first(where: { !$0.voided.isEmpty }) {
            return asked.voided.joined(separator: ", ")
        }
        return known.round == known.firstRound ? "nobody had decided in time" : "what they approved had changed"
    }
}
