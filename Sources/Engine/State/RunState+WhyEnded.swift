import Documents
import Pipelines

import struct Foundation.Date

/// Why a step that has come to an end stands as it stands: the headline, with what else is to be known added to the details.
extension RunState {
    func succeeded(_ step: Step, _ known: StepState, _ now: Date, _ details: inout [String]) -> String {
        let id = step.id
        if let lapsed = lapsedEvidence(at: step, now: now) { details.append(lapsed.line) }
        if let half = pendingBypass(of: id, now: now) { details.append(half.text) }
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
        return Self.ran(step, known)
    }

    /// That a step ended well, when, and why it was done.
    private static func ran(_ step: Step, _ known: StepState) -> String {
        let time = known.ended.map { " \(EventTime.text($0))" } ?? ""
        if case .gate = step.work { return "the gate was opened\(time)" }
        if case .assumed? = known.reason { return "counts as done\(time)" }
        return "ran\(step.condition == nil ? "" : ", as its 'when' holds,") and ended well\(time)"
    }

    func reused(_ known: StepState, _ details: inout [String]) -> String {
        if case .reused(let result) = known.reason {
            details.append("from step '\(result.step)' of run '\(result.run)', \(EventTime.text(result.time))")
            details.append("digest of the inputs: \(result.inputDigest)")
        }
        return "its inputs are the same as before, so an earlier result stands in"
    }

    func failed(_ step: Step, _ known: StepState, _ now: Date, _ details: inout [String]) -> String {
        details += notes(ofFailed: step)
        if isWithdrawn, let request = cancelRequest {
            details.append(
                "the run was withdrawn \(request.said): no bypass is taken, and `almrun resume \(run)` asks anew")
        }
        details += cancelNotes + bypassNotes(ofFailed: step, now)
        if let failure = known.failure, let budget = RetryBudget(step, known) {
            details.append(budget.ending(failure))
        } else if known.failure?.kind == .transient {
            details.append("a failure that may pass: `retry` in the manifest has such a stage tried again")
        }
        if known.works > max(1, known.tries) { details.append("after \(known.works) attempts in all") }
        if let looked = known.looked { details.append(looked) }
        details += doubtNote(of: step.id, known).map { [$0] } ?? []
        details += rerunNotes(ofFailed: step) + known.noted
        return "failed: \(known.failure?.message ?? "")"
    }

    /// That a run is being cancelled, so that nothing of it is begun again.
    private var cancelNotes: [String] {
        guard !status.isFinished, let request = cancelRequest else { return [] }
        return ["cancel asked for \(request.said)"]
    }

    /// What people have said at a gate that has failed, and what comes of it.
    private func bypassNotes(ofFailed step: Step, _ now: Date) -> [String] {
        if !status.isFinished, isCalledOff {
            let people = bypasses(at: step).map(\.person).joined(separator: " and ")
            return people.isEmpty ? [] : ["bypassed by \(people), but \(bypassWhileCancelled)"]
        }
        if let half = pendingBypass(of: step.id, now: now) { return [half.text] }
        let overtaking = overtaking(of: step)
        guard bypassedFailures.contains(where: { $0.id == step.id }) else {
            return overtaking.map {
                ["what it was about is not what would happen now: \($0); `almrun resume \(run)` first"]
            } ?? []
        }
        let people = bypasses(at: step).map(\.person).joined(separator: " and ")
        let end =
            overtaking.map { "but \($0): void when the run is taken up; \(wayOnWhenOvertaken(at: step))" }
        return ["bypassed by \(people)\(end.map { ", \($0)" } ?? ": \(way(pastOpened: step.id))")"]
    }

    /// How what has failed is done again in a run that goes on elsewhere.
    private func rerunNotes(ofFailed step: Step) -> [String] {
        // Of one that a process works on nothing can be asked but to end.
        guard case .stage = step.work, status == .waiting, isRerunnableNow(step.id), obstacles()[step.id] == nil else {
            return []
        }
        let does = self[step.id]?.status == .cancelled ? "takes it up" : "does it again"
        return ["`almrun resume \(run) --rerun \(step.id)` \(does) while the run goes on"]
    }

    private func wayToAskAgain(at gate: StepID) -> String {
        "`almrun resume \(run) --rerun \(gate)` asks again while the run goes on"
    }

    func rejected(_ step: Step, _ known: StepState, _ details: inout [String]) -> String {
        details += known.decisions.filter { $0.round == known.round }.map(\.line)
        if status.isFinished {
            details.append("`almrun resume \(run)` asks again")
        } else if status == .waiting {
            details.append(
                isRerunnableNow(step.id)
                    ? wayToAskAgain(at: step.id)
                    : "once the run has ended, `almrun resume \(run)` asks again")
        }
        if case .rejected(let message) = known.reason { return message }
        return "was rejected"
    }

    func cancelled(_ step: Step, _ known: StepState, _ details: inout [String]) -> String {
        details += doubtNote(of: step.id, known).map { [$0] } ?? []
        details += known.noted
        details += known.decisions.filter { $0.round == known.round }.map(\.line)
        if let request = cancelRequest {
            details.append(
                "by \(request.person) \(EventTime.text(request.time))\(request.reason.map { ": \($0)" } ?? "")")
        } else if doubtNote(of: step.id, known) == nil {
            let stage = step.guarding.flatMap(planned) ?? step
            details +=
                status.isFinished && obstacles()[stage.id] == nil
                ? ["`almrun resume \(run) --rerun \(stage.id)` takes it up"] : rerunNotes(ofFailed: stage)
        }
        return "the run was cancelled"
    }

    func skipped(_ known: StepState, _ details: inout [String]) -> String {
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

    func blocked(_ step: Step, _ known: StepState, _ now: Date, _ details: inout [String]) -> String {
        details += (doubtNote(of: step.id, known).map { [$0] } ?? []) + known.noted
        guard case .blocked(var by) = known.reason else { return "is blocked" }
        let direct = by
        // A plan has no cycle, so this ends.
        while case .blocked(let next) = self[by]?.reason { by = next }
        let cause = self[by]
        details.append("'\(by)' \(cause.map(Self.cause) ?? "")")
        if let step = planned(by), cause?.status == .failed {
            details += bypassNotes(ofFailed: step, now) + rerunNotes(ofFailed: step)
        }
        if cause?.status == .rejected, status == .waiting, isRerunnableNow(by) { details.append(wayToAskAgain(at: by)) }
        return by == direct ? "is blocked by '\(by)'" : "is blocked by '\(direct)', and that by '\(by)'"
    }

    static func cause(_ known: StepState) -> String {
        switch known.reason {
        case .failed(let failure): "failed: \(failure.message)"
        case .rejected(let message): "was rejected: \(message)"
        default: "is \(known.status.rawValue)"
        }
    }
}
