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
        let headline: String
        switch known.status {
        case .pending: headline = pending(step, known, now, isAbandoned: isAbandoned, &details)
        case .waiting, .uncertain:
            headline = waitText(of: step, now: now) ?? "waits"
            if let since = known.waitingSince { details.append("since \(EventTime.text(since))") }
            details += question(step, known, now)
            if known.status == .uncertain { details += whatToLookAt(step, known) }
        case .running where isAbandoned:
            headline = "attempt \(max(1, known.works)) was cut off when the run's process ended"
            if let started = known.started { details.append("begun \(EventTime.text(started))") }
            if step.effect == .once {
                details.append("its effect may have happened; who takes the run up has it looked for first")
            }
        case .running:
            headline =
                known.isInDoubt
                ? "looks what an interrupted attempt has done, and does the rest"
                : "runs, \(RetryBudget(step, known)?.current ?? "attempt \(known.works)")"
            if let started = known.started { details.append("since \(EventTime.text(started))") }
        case .retrying:
            headline = "failed and is tried again"
            if case .retry(let date, let reason) = known.reason {
                let next = RetryBudget.next(
                    RetryBudget(step, known), "at \(EventTime.text(date))", looksFirst: known.mayHaveTakenEffect)
                details += [next, "last time: \(reason)"]
            }
        case .succeeded:
            headline = Self.ran(step, known)
            if let lapsed = lapsedEvidence(at: step, now: now) { details.append(lapsed.line) }
            if let half = pendingBypass(of: id) { details.append(half.text) }
            if case .assumed(_, let person, let comment) = known.reason {
                details.append("\(person) said that its effect happened\(comment.map { ": \($0)" } ?? "")")
            }
            if let absence = known.output?["absence"]?.string { details.append("nothing was compared: \(absence)") }
            if let base = known.output?["baseCommit"]?.string { details.append("compared with commit \(base)") }
            if known.works > 1 { details.append("after \(known.works) attempts") }
            if let looked = known.looked { details.append(looked) }
            details += known.denials.map { "\($0) had said before that its effect did not happen" }
            details += opening(step, known).map(\.line)
            details += known.decisions.filter { $0.verdict == .reject && !$0.isForged }.map {
                "in round \($0.round): \($0.line)"
            }
        case .reused:
            headline = "its inputs are the same as before, so an earlier result stands in"
            if case .reused(let result) = known.reason {
                details.append("from step '\(result.step)' of run '\(result.run)', \(EventTime.text(result.time))")
                details.append("digest of the inputs: \(result.inputDigest)")
            }
        case .skipped:
            headline = skipped(known, &details)
        case .blocked:
            headline = blocked(known, &details)
        case .failed:
            headline = "failed: \(known.failure?.message ?? "")"
            details += notes(ofFailed: step)
            if isWithdrawn, let request = cancelRequest {
                details.append(
                    "the run was withdrawn \(request.said): no bypass is taken, and `almrun resume \(run)` asks anew")
            }
            if let half = pendingBypass(of: id) {
                details.append(half.text)
            } else if bypassedFailures.contains(where: { $0.id == id }) {
                let people = bypasses(at: step).map(\.person).joined(separator: " and ")
                details.append(
                    overtaking(of: step).map {
                        "bypassed by \(people), but \($0): void when the run is taken up; \(wayOnWhenOvertaken(at: step))"
                    } ?? "bypassed by \(people): `almrun resume \(run)` carries on")
            } else if let overtaking = overtaking(of: step) {
                details.append(
                    "what it was about is not what would happen now: \(overtaking); `almrun resume \(run)` first")
            }
            if let failure = known.failure, let budget = RetryBudget(step, known) {
                details.append(budget.ending(failure))
            } else if known.failure?.kind == .transient {
                details.append("a failure that may pass: `retry` in the manifest has such a stage tried again")
            }
            if known.works > max(1, known.tries) { details.append("after \(known.works) attempts in all") }
            if let looked = known.looked { details.append(looked) }
            if known.mayHaveTakenEffect {
                details.append("its effect may have happened all the same; `almrun resume` looks first")
            }
            if case .stage = step.work, !status.isFinished, isRerunnableNow(id) {
                details.append("`almrun resume \(run) --rerun \(id)` does it again while the run goes on")
            }
            details += known.noted
        case .rejected:
            if case .rejected(let message) = known.reason { headline = message } else { headline = "was rejected" }
            details += known.decisions.filter { $0.round == known.round }.map(\.line)
            if status.isFinished { details.append("`almrun resume \(run)` asks again") }
        case .cancelled:
            headline = "the run was cancelled"
            if known.mayHaveTakenEffect {
                details.append("its effect may have happened all the same; `almrun resume` looks first")
            }
            details += known.noted
            if let request = cancelRequest {
                details.append(
                    "by \(request.person) \(EventTime.text(request.time))\(request.reason.map { ": \($0)" } ?? "")")
            }
        }
        if known.status != .succeeded {
            details += known.denials.map { "\($0) said that its effect did not happen" }
        }
        if known.round > 1 {
            let what = step.guarding == nil ? "its gates were" : "it was"
            details.append("\(what) asked \(known.round) times, because \(known.reasonToAskAgain)")
        }
        if isAbandoned, let groupLoss, !known.status.isSettled, headline != groupLoss.text {
            details.append(groupLoss.text)
        }
        return Explanation(
            step: id, status: known.status, headline: headline, details: details,
            processIsGone: isAbandoned ? true : nil)
    }

    /// That a step ended well, when, and why it was done.
    private static func ran(_ step: Step, _ known: StepState) -> String {
        let time = known.ended.map { " \(EventTime.text($0))" } ?? ""
        if case .gate = step.work { return "the gate was opened\(time)" }
        if case .assumed? = known.reason { return "counts as done\(time)" }
        return "ran\(step.condition == nil ? "" : ", as its 'when' holds,") and ended well\(time)"
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
            let status = self[need]?.status.rawValue ?? ""
            let cause = planned(need).flatMap { waitText(of: $0, now: now) }
            details.append("'\(need)' is \(status)\(cause.map { ": \($0)" } ?? "")")
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
                    let said = planned(need.step).flatMap { waitText(of: $0, now: now) }
                    waiting.append(
                        "before that, '\(need.step)' is \(known.status.rawValue)\(said.map { ": \($0)" } ?? "")")
                }
            }
        }
        return Array((blocked + waiting).prefix(3))
    }

    /// What a person looks at who shall say whether an effect happened, and how they say it.
    public func whatToLookAt(_ step: Step, _ known: StepState) -> [String] {
        var lines = whereToLook(step, known)
        let resume = "almrun resume \(run)"
        guard !status.isFinished else {
            return lines + [
                "what you found, as this run stays as it is: `\(resume) --assume \(step.id)=done` (or not-done)",
                "`\(resume) --rerun \(step.id)` takes the run up, and looks once more",
            ]
        }
        if let need = need(of: step.id) {
            lines.append("that it happened is not enough: \(need)")
            lines.append("it happened, and twice does harm: `almrun cancel \(run)`")
        } else {
            lines.append("it happened: `\(resume) --assume \(step.id)=done`")
        }
        lines.append("it did not: `\(resume) --assume \(step.id)=not-done`")
        lines.append("`\(resume)` alone looks once more")
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
            lines.append("what is there: `almrun environment \(environment) --history`")
        }
        if let token = known.token { lines.append("its work is known by the token \(token)") }
        return lines
    }

    private func skipped(_ known: StepState, _ details: inout [String]) -> String {
        guard case .skipped(let reason) = known.reason else { return "was skipped" }
        switch reason {
        case .condition(let seen):
            details += seen.map { entry in
                let wanted = entry.expected.map { $0.json() }.joined(separator: " or ")
                return "\(entry.subject) is \(entry.actual.json()), not \(wanted)"
            }
            return "its 'when' does not hold"
        case .output(let step, let name):
            let status = self[step]?.status.rawValue ?? "gone"
            return "it uses the output '\(name)' of '\(step)', which is \(status)"
        case .gate(let gate): return "its gate '\(gate)' was skipped"
        }
    }

    private func blocked(_ known: StepState, _ details: inout [String]) -> String {
        guard case .blocked(var by) = known.reason else { return "is blocked" }
        let direct = by
        // A plan has no cycle, so this ends.
        while case .blocked(let next) = self[by]?.reason { by = next }
        let cause = self[by]
        details.append("'\(by)' \(cause.map(Self.cause) ?? "")")
        return by == direct ? "is blocked by '\(by)'" : "is blocked by '\(direct)', and that by '\(by)'"
    }

    private static func cause(_ known: StepState) -> String {
        switch known.reason {
        case .failed(let failure): "failed: \(failure.message)"
        case .rejected(let message): "was rejected: \(message)"
        default: "is \(known.status.rawValue)"
        }
    }
}

extension StepState {
    /// Why the present round was begun, as after "because".
    fileprivate var reasonToAskAgain: String {
        if round == firstRound, let no = decisions.last(where: { $0.verdict == .reject && $0.round == round - 1 }) {
            return "\(no.person) had said no"
        }
        if !voided.isEmpty { return voided.joined(separator: ", ") }
        return round == firstRound ? "nobody had decided in time" : "what they approved had changed"
    }
}
