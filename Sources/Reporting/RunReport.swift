import Documents
public import Engine
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// A run as it stands, for people and machines.
public struct RunReport: Sendable {
    let state: RunState
    let now: Date
    private let isBoundToFiles: Bool
    let isAbandoned: Bool
    private let isNewerOver: Bool
    private let isQueueUnreadable: Bool
    private let isUnreadable: Bool
    private let locks: [String]
    /// By gate, what its environments say of the package.
    private let risks: [StepID: [GateRisk]]

    /// - Parameters:
    ///   - isBoundToFiles: Whether the run would not be taken up once a file of the repository has changed.
    ///   - isAbandoned: Whether the run has not come to rest and no process works on it any more.
    ///   - isNewerOver: Whether it was superseded, and no run is left that has taken its place.
    ///   - isQueueUnreadable: Whether the run of its group that it waits for cannot be read.
    ///   - isUnreadable: Whether its own events cannot be read any more, so that nothing that is said of it is taken in.
    ///   - locks: The names of those that it has, where its events cannot be read.
    ///   - risks: By gate that was decided on, or at which the run has failed, what is known of its package besides what the run
    ///     says.
    public init(
        _ state: RunState, now: Date, isBoundToFiles: Bool = false, isAbandoned: Bool = false,
        isNewerOver: Bool = false, isQueueUnreadable: Bool = false, isUnreadable: Bool = false,
        locks: [String] = [], risks: [StepID: [GateRisk]] = [:]
    ) {
        self.risks = risks
        self.isNewerOver = isNewerOver
        self.isQueueUnreadable = isQueueUnreadable
        self.isUnreadable = isUnreadable
        self.locks = locks
        self.isBoundToFiles = isBoundToFiles
        self.isAbandoned = isAbandoned
        self.state = state
        self.now = now
    }

    // MARK: - Text

    /// The whole run: its steps in order, then how it stands and what to do next.
    public var text: String {
        let width = min(44, state.plan.steps.map(\.id.rawValue.count).max() ?? 0)
        let reason = state.plan.rollbackReason.map { ": \($0)" } ?? ""
        var lines = [safeText("\(state.run)  \(state.plan.pipeline)  requested by \(state.requester)\(reason)")]
        for (step, current) in zip(state.plan.steps, state.steps) {
            let name = step.id.rawValue.padded(to: width)
            let line = "  \(current.status.rawValue.padded(to: 10)) \(name)  \(remark(step, current))"
            lines.append(safeText(line).trimmingTrailingSpaces)
        }
        return (lines + ["", ending]).joined(separator: "\n")
    }

    /// How the run stands: the cause first when something went wrong, whom it waits for, and what to do next.
    public var ending: String {
        var lines: [String] = []
        for (step, current) in zip(state.plan.steps, state.steps) where current.status == .failed {
            guard let failure = current.failure else { continue }
            lines.append("\(step.id): \(failure.message) [\(failure.code)]")
            lines += FailureText.details(failure, notes: state.notes(ofFailed: step)).map { "  \($0)" }
            if let budget = RetryBudget(step, current) { lines.append("  \(budget.ending(failure))") }
        }
        for (step, current) in zip(state.plan.steps, state.steps) where current.status == .rejected {
            if case .rejected(let why)? = current.reason { lines.append("\(step.id): \(why)") }
        }
        for (step, current) in zip(state.plan.steps, state.steps) {
            for bypass in current.decisions where bypass.verdict == .bypass {
                if case .wrong = bypass.standing { continue }
                let said = "\(step.id) by \(bypass.person): \(bypass.comment ?? "")"
                let nos = current.decisions.filter { $0.verdict == .reject }.map { no in
                    " (\(no.person) had said no\(no.comment.map { ": \($0)" } ?? ""))"
                }
                let word = state.isInForce(bypass, at: step, now: now) ? "BYPASSED:" : "a bypass of"
                lines.append("\(word) \(said)\(nos.joined())\(state.effect(ofBypass: bypass, at: step, now: now))")
            }
        }
        lines += isUnreadable ? doubtsForGood : state.doubtNotes
        lines += state.wordNotes
        lines += state.looseManifestNotes()
        if let request = state.cancelRequest {
            let word =
                state.status == .cancelled ? "cancelled" : state.isWithdrawn ? "withdrawn" : "cancel asked for"
            lines.append("\(word) \(request.said)")
        } else if let request = state.earlierCancelRequest {
            lines.append("cancelled \(request.said); taken up again since")
        }
        lines.append(counts)
        lines += next
        return lines.map { safeText($0) }.joined(separator: "\n")
    }

    /// What may have happened in a run that nobody takes up any more.
    private var doubtsForGood: [String] {
        state.stepsInDoubt.map { "IN DOUBT: \($0) was cut off, and its effect may have happened: look there" }
    }

    private var counts: String {
        var numbers: OrderedDictionary<StepStatus, Int> = [:]
        for status in StepStatus.allCases {
            let count = state.steps.count { $0.status == status }
            if count > 0 { numbers[status] = count }
        }
        let parts = numbers.map { "\($1) \($0.rawValue)" }.joined(separator: ", ")
        let took = DurationText.of(state.updated.timeIntervalSince(state.created))
        return "\(state.status.rawValue) \(state.run) (\(parts); \(took))"
    }

    /// The codes of what went wrong.
    private var failures: Set<String> { Set(state.steps.filter { $0.status == .failed }.compactMap(\.failure?.code)) }

    /// What a person can do now, and where a newer run has made it needless.
    var next: [String] {
        let failed = state.plan.steps.filter { state[$0.id]?.status == .failed }
        return ways + failed.flatMap { gate in (risks[gate.id] ?? []).map { "  risk    '\(gate.id)': \($0.text)" } }
    }

    /// What a person can do now.
    private var ways: [String] {
        if isUnreadable, state.status != .succeeded {
            return (state.groupLoss.map { [$0.text] } ?? []) + [
                "its events cannot be read any more, and nobody takes it up: `almrun verify \(state.run)` says what was changed; "
                    + "put the store back from a copy; without one \(LockReport.removal(damaged: state.run, locks: locks))"
            ]
        }
        switch state.status {
        case .succeeded: return []
        case .running where isAbandoned:
            let wayOn = "its process is gone: \(state.wayOnWithoutProcess)"
            guard let loss = state.groupLoss else { return [wayOn] }
            let group = state.cancelRequest == nil ? ", and takes the group again, with a new number" : ""
            return [loss.text, wayOn + group]
        // Its process waits as well, and goes on by itself.
        case .running: return state.queue.map { [$0.text] } ?? []
        case .failed where state.isWithdrawn:
            return [
                "next: `almrun resume \(state.run)` takes it up all the same, and asks anew at every gate: nothing counts that was "
                    + "decided before"
            ]
        case .failed where !state.waysPastFailedGates(now: now).isEmpty: return state.waysPastFailedGates(now: now)
        case .failed where state.lacksEvidenceForGood: return state.waysPastMissingEvidence
        case .failed where failures == ["gate/old-evidence"]:
            let failed = state.plan.steps.filter { state[$0.id]?.status == .failed }
            let anew = "which shows anew what is too old where the pipeline still has what shows it"
            return ["next: a new run, \(anew): `\(state.plan.startCommand)`"]
                + failed.compactMap { gate in state.bypassCommand(ofFailed: gate).map { "  or \($0)" } }
        case .failed where !state.assumedWithoutOutputs.isEmpty:
            let step = state.assumedWithoutOutputs[0]
            return [
                "next: `almrun resume \(state.run) --rerun \(step)` looks what '\(step)' has done, of which only is said that it is done"
            ]
        case .failed: return MendingAdvice(state, isBoundToFiles: isBoundToFiles).lines
        case .rejected: return ["next: start a new run, or `almrun resume \(state.run)` to ask again"]
        case .cancelled: return [state.wayOnAfterCancelling(isNewerOver: isNewerOver)]
        case .waiting:
            var lines: [String] = []
            if let queue = state.queue {
                lines.append(queue.text)
                if isQueueUnreadable {
                    lines.append(
                        "  that one cannot be read: `almrun verify \(queue.holder)` says what was changed"
                            + (queue.isFree
                                ? ""
                                : ", `\(Lock.forcedRelease(of: Lock.group(queue.group)))` takes the "
                                    + "group away"))
                } else if !queue.isFree {
                    // A process waits as long as another one works on what it waits for.
                    lines.append(
                        "  no process worked on that one then: `almrun show \(queue.holder)` says what it waits for, "
                            + "`almrun resume \(queue.holder)` carries on with it, `almrun cancel \(queue.holder)` ends it"
                    )
                }
            }
            if let loss = state.groupLoss {
                lines.append(loss.text)
                lines.append(
                    "  what ran then does not count; "
                        + (state.cancelRequest == nil
                            ? "`almrun resume \(state.run)` takes the group again, with a new number, and looks first what is in doubt"
                            : "`almrun resume \(state.run)` cancels the run, as was asked, with its `finally` stages"))
            }
            var asks = state.waits.isEmpty
            let retries = state.waitsForRetries
            var isOver = !state.waits.isEmpty && retries.isEmpty
            for (step, suspension) in state.waits {
                let lapsed = state.lapsedEvidence(beside: step, now: now)
                if let settlement = state.settlement(of: step, now: now) {
                    // Where evidence has run out, taking the run up only ends it.
                    if lapsed == nil || !settlement.opens || settlement.isVoid { isOver = false }
                    lines.append("decided: \(step.id): \(settlement.text)")
                    if let lapsed, settlement.opens, !settlement.isVoid { lines.append("  helps   \(lapsed.ways)") }
                    lines += (risks[step.id] ?? []).map { "  risk    \($0.text)" }
                    continue
                }
                if let end = state.expiry(of: step, now: now) {
                    let why = state.shortfall(at: step, now: now)
                    lines.append("expired: \(step.id): \(why) (before \(Timestamp.text(of: end)))")
                    lines.append("  \(state.wayToAskAnew(at: step))")
                    continue
                }
                asks = true
                // Where only a new run helps, this one waits for nothing that could happen.
                if state.impasse(at: step, now: now)?.command != state.plan.startCommand, lapsed == nil {
                    isOver = false
                }
                lines.append("waits: \(step.id): \(state.waitText(of: step, now: now) ?? suspension.message)")
                if let lapsed { lines.append("  unmet   \(lapsed.line)") }
                switch suspension.cause {
                case .approval:
                    lines += state.voidDecisions(at: step).map { "  void    \($0)" }
                    lines.append("  see     almrun show \(state.run) --gate \(step.id)")
                    lines += state.waysOn(at: step, now: now).map { "  \($0)" }
                case .uncertainEffect:
                    lines += (state[step.id].map { state.whatToLookAt(step, $0) } ?? []).map { "  \($0)" }
                case .until: lines += state.wayToBypass(step, now: now).map { "  \($0)" }
                case .lock: break
                }
            }
            for retry in retries {
                lines.append("waits: \(retry.step): \(retry.suspension.message)")
                lines += state.wayToTryNow(StepID(retry.step)).map { ["  \($0)"] } ?? []
            }
            lines += state.waysPastFailuresMeanwhile(now: now)
            // Who says what became of an effect carries the run on with that.
            if !state.waits.isEmpty, retries.isEmpty, state.waits.allSatisfy({ $1.cause == .uncertainEffect }) {
                isOver = true
            }
            // Where all that was asked is over, the lines above say what resuming does.
            return isOver ? lines : lines + ["\(asks ? "then" : "next:") `almrun resume \(state.run)`"]
        }
    }

    func remark(_ step: Step, _ current: StepState) -> String {
        if isAbandoned, current.status == .running { return "cut off when the run's process ended" }
        switch current.reason {
        case .skipped(let reason)?: return reason.text
        case .blocked(let by)?: return "by \(by)"
        case .suspended(let suspension)?:
            return state.waitText(of: step, now: now) ?? suspension.message
        case .failed(let failure)?:
            let ending = RetryBudget(step, current).map { "; \($0.ending(failure))" } ?? ""
            return "\(failure.message) [\(failure.code)]\(ending)"
        case .rejected(let why)?: return why
        case .reused(let result)?: return "inputs unchanged since run \(result.run)"
        case .retry(let at, let why)?:
            let next = RetryBudget.next(
                RetryBudget(step, current), "at \(Timestamp.text(of: at))", looksFirst: current.mayHaveTakenEffect)
            return "\(next): \(why)"
        case .lost(let why)?: return why
        case .assumed(let done, let by, _)?: return "\(done ? "done" : "not done"), says \(by)"
        case nil: break
        }
        var parts: [String] = []
        if current.status != .pending, let seconds = duration(current) {
            parts.append(DurationText.of(seconds))
        }
        if let budget = RetryBudget(step, current), current.tries > 1 {
            parts.append(budget.current)
        } else if current.works > 1 {
            parts.append("attempt \(current.works)")
        }
        if let looked = current.looked { parts.append(looked) }
        if let taken = current.lastTaken { parts.append(taken) }
        if case .gate(.approval) = step.work {
            if let who = people(current) { parts.append(who) }
            if let reason = current.output?["reason"]?.string { parts.append(reason) }
        } else if let output = current.output {
            parts.append(OutputHeadline.of(output))
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// How long all attempts took, without the pauses between them; nil where no end of the work was seen.
    func duration(_ current: StepState) -> Double? {
        // Since its process is gone no time counts.
        isAbandoned && current.status == .running
            ? (current.worked > 0 ? current.worked : nil) : current.duration(until: now)
    }

    /// Who approved at a gate and who bypassed it, each by what they did; nil where nobody did either.
    private func people(_ current: StepState) -> String? {
        if let names = current.output?["approvedBy"]?.list?.compactMap(\.string) {
            return names.isEmpty ? nil : "approved by \(names.joined(separator: ", "))"
        }
        let bypassed = current.output?["bypassedBy"]?.string.map { ["bypassed by \($0)"] } ?? []
        let given = current.decisions.filter { $0.round == current.round }
        func by(_ verdict: Decision.Verdict, _ word: String) -> [String] {
            let names = given.filter { $0.verdict == verdict }.map(\.person)
            return names.isEmpty ? [] : ["\(word) by \(names.joined(separator: ", "))"]
        }
        let all = (bypassed.isEmpty ? by(.bypass, "bypassed") : bypassed) + by(.approve, "approved")
        return all.isEmpty ? nil : all.joined(separator: ", ")
    }

    /// The run as Markdown, for the job summary of a CI service.
    public var markdown: String {
        var text = "## \(state.plan.pipeline): \(state.status.rawValue)\n\n"
        text += "Run `\(state.run)`, requested by \(safeText(state.requester)).\n\n"
        text += "| step | status | |\n|---|---|---|\n"
        for (step, current) in zip(state.plan.steps, state.steps) {
            let remark = safeText(remark(step, current)).replacing("|", with: "\\|")
            text += "| `\(step.id)` | \(current.status.rawValue) | \(remark) |\n"
        }
        // What people wrote must not end the block.
        return text + "\n```\n\(ending.replacing("```", with: "` ` `"))\n```\n"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    var trimmingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension Gate {
    /// The kind of gate in a word.
    public var word: String {
        switch self {
        case .preview: "gate.preview"
        case .eligible: "gate.eligible"
        case .evidence: "gate.evidence"
        case .approval: "gate.approval"
        case .window: "gate.window"
        }
    }
}
