import Documents
public import Engine
import Pipelines

import struct Foundation.Date

/// Tells what happens in a run, an event at a time, in lines for people.
public struct EventNarrator: Sendable {
    /// How a line is meant, for colour.
    public enum Tone: Sendable, Hashable { case plain, good, quiet, attention, bad }

    /// One line about one step, or about the run.
    public struct Line: Sendable, Hashable {
        public var tone: Tone
        /// Such as `done`, `reused`, `waits`.
        public var word: String
        /// The step; empty for the run.
        public var subject: String
        public var text: String
        /// Further lines, shown below.
        public var details: [String]

        init(_ tone: Tone, _ word: String, _ subject: String, _ text: String = "", details: [String] = []) {
            self.tone = tone
            self.word = word
            self.subject = subject
            self.text = text
            self.details = details
        }
    }

    private var started: [StepID: Date] = [:]
    private let tellsStarts: Bool
    private var retries: RetryCount
    private let plan: Plan?
    private var said: SaidAtGates

    /// - Parameters:
    ///   - tellsStarts: Whether the beginning of a step is a line of its own (in CI; a terminal shows it live).
    ///   - state: The run as it was taken up, to count tries from.
    public init(tellsStarts: Bool, from state: RunState? = nil) {
        self.tellsStarts = tellsStarts
        retries = RetryCount(state)
        plan = state?.plan
        said = SaidAtGates(state)
    }

    /// The line for the next event; nil for one that people need not see.
    ///
    /// It is one line, whatever people wrote; only its details are further ones, each of them one.
    public mutating func line(for event: RunEvent) -> Line? {
        guard var line = told(event) else { return nil }
        line.subject = safeText(line.subject)
        line.text = safeText(line.text)
        line.details = line.details.map { safeText($0) }
        return line
    }

    private mutating func told(_ event: RunEvent) -> Line? {
        retries.follow(event)
        defer { said.follow(event) }
        switch event.kind {
        case .created, .rested, .lockAcquired, .lockReleased, .groupEntered: return nil
        case .queued(let group, let holder, let since):
            let began = since.map { ", which has it since \(Timestamp.text(of: $0))" } ?? ", which comes first"
            return Line(.attention, "waits", "", "for run \(holder) of the same group '\(group)'\(began)")
        case .lockBroken(let lock, _, let person, let reason):
            return Line(.attention, "lock", "", "\(lock) was taken away by \(person): \(reason)")
        case .indexRebuilt(let person):
            return Line(
                .attention, "repaired", "", "the run index was lost; \(person) had it written anew from the events")
        case .resumed(_, _, let only) where !only.isEmpty:
            return Line(.quiet, "resumed", "", "only \(only.map(\.rawValue).joined(separator: ", "))")
        case .resumed: return tellsStarts ? Line(.quiet, "resumed", "") : nil
        case .started(let step, _, _, _, let recovering):
            started[step] = event.time
            guard tellsStarts else { return nil }
            return Line(
                .quiet, "begins", step.rawValue,
                recovering ? "looking what the interrupted attempt did" : attempt(of: step))
        case .ended(let step, let attempt, let ending): return line(step, attempt, ending, event.time)
        case .reused(let step, let result):
            return Line(
                .quiet, "reused", step.rawValue, "inputs unchanged since run \(result.run)")
        case .skipped(let step, let reason): return Line(.quiet, "skipped", step.rawValue, reason.text)
        case .blocked(let step, let by): return Line(.quiet, "blocked", step.rawValue, "by \(by)")
        case .suspended(let step, let suspension):
            return Line(.attention, "waits", step.rawValue, suspension.message)
        case .lockWaited(let step, let lock, let holder, _, let since, true):
            return Line(
                .attention, "waits", step.rawValue,
                "its turn for \(lock), after run \(holder) since \(Timestamp.text(of: since))")
        case .lockWaited(let step, let lock, let holder, let holderStep, let since, false):
            return Line(
                .attention, "waits", step.rawValue,
                "for \(lock), held by \(holderStep.map { "\($0) of " } ?? "")run \(holder) since "
                    + Timestamp.text(of: since))
        case .retryScheduled(let step, let at, let reason):
            let pause = DurationText.of(at.timeIntervalSince(event.time))
            let looksFirst = retries.looksFirst(step)
            // The word says "again" already.
            let next =
                retries[step] == nil && !looksFirst
                ? "in \(pause)" : RetryBudget.next(retries[step], "in \(pause)", looksFirst: looksFirst)
            return Line(.attention, "again", step.rawValue, "\(next): \(reason)")
        case .decided(let decision): return line(decision)
        case .expired(let step, _): return Line(.bad, "expired", step.rawValue, "too few decided in time")
        case .voided(let step, _, let changed, _, _) where isAskedOfNobody(step):
            return Line(.attention, "again", step.rawValue, "its gates look anew (\(changed.joined(separator: ", ")))")
        case .voided(let step, let gates, let changed, let parts, _): return line(step, gates, changed, parts)
        case .cancelRequested(let person, let reason):
            return Line(.attention, "cancel", "", "asked for by \(person)\(reason.map { ": \($0)" } ?? "")")
        case .interrupted(let person):
            return Line(.attention, "cancel", "", "the process that worked for \(person) was interrupted")
        case .cancelled(let step): return Line(.quiet, "cancelled", step.rawValue)
        case .assumed(let step, let done, let person, _):
            return Line(.attention, "assumed", step.rawValue, "\(done ? "done" : "not done"), says \(person)")
        case .finished: return nil
        case .askedAnew(let reason): return Line(.attention, "asked anew", "", "no earlier decision counts: \(reason)")
        case .learned(let people, _):
            return Line(.attention, "learned", "", "since the run was made: \(people.text)")
        }
    }

    /// That the gates of a step are asked again, and what becomes of what people said there.
    private func line(
        _ step: StepID, _ gates: [StepID], _ changed: [String], _ parts: [ApprovalPolicy.Part]
    ) -> Line {
        let why = changed.joined(separator: ", ")
        guard said.isVoid(gates, parts) else {
            let remark = said.remark(gates, parts).map { ": \($0)" } ?? ""
            return Line(.attention, "again", step.rawValue, "its gates look anew (\(why))\(remark)")
        }
        return Line(
            .attention, "void", step.rawValue,
            "what was approved is no longer what would happen (\(why)): void, and its gates look anew")
    }

    /// Whether no gate before the step asks people, so that nobody had approved anything.
    private func isAskedOfNobody(_ step: StepID) -> Bool { plan.map { !$0.asksPeople(before: step) } ?? false }

    /// Such as `attempt 2 of 3`; without the number there may be where only one is planned, and empty for the first one.
    func attempt(of step: StepID) -> String { retries.attempt(of: step) }

    private mutating func line(_ step: StepID, _ attempt: Int, _ ending: AttemptEnding, _ time: Date) -> Line {
        let took = started.removeValue(forKey: step).map { DurationText.of(time.timeIntervalSince($0)) }
        switch ending {
        case .succeeded(let output, _, _, let found):
            let origin = found ? "the interrupted attempt had done it" : nil
            let parts = [took, found ? nil : self.attempt(of: step), origin, OutputHeadline.of(output)].compactMap {
                $0
            }.filter { !$0.isEmpty }
            return Line(.good, "done", step.rawValue, parts.joined(separator: "  "))
        case .failed(let failure) where failure.kind == .stale && isAskedOfNobody(step):
            return Line(.attention, "changed", step.rawValue, failure.message)
        case .failed(let failure) where failure.code == StageFailure.nothingDoneCode:
            return Line(.attention, "looked", step.rawValue, failure.message)
        case .failed(let failure):
            let word = failure.kind == .rejected ? "no" : "failed"
            var details = FailureText.details(failure)
            let number = self.attempt(of: step)
            if let budget = retries[step], !budget.goesOn(after: failure) { details.append(budget.ending(failure)) }
            return Line(
                .bad, word, step.rawValue,
                "\(number.isEmpty ? "" : "\(number): ")\(failure.message) [\(failure.code)]", details: details)
        case .rejected(let message): return Line(.bad, "rejected", step.rawValue, message)
        case .cancelled: return Line(.attention, "cancelled", step.rawValue, took ?? "")
        case .lost(let message): return Line(.attention, "lost", step.rawValue, message)
        }
    }

    private func line(_ decision: Decision) -> Line {
        let comment = decision.comment.map { ": \($0)" } ?? ""
        let who = decision.name.map { "\($0) <\(decision.person)>" } ?? decision.person
        return switch decision.verdict {
        case .approve: Line(.good, "approved", decision.step.rawValue, "by \(who)\(comment)")
        case .reject: Line(.bad, "rejected", decision.step.rawValue, "by \(who)\(comment)")
        case .bypass: Line(.attention, "BYPASSED", decision.step.rawValue, "by \(who)\(comment)")
        }
    }
}
