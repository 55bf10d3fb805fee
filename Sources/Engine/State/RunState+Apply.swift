import Documents
import OrderedCollections
import Pipelines

extension RunState {
    /// Takes in the next event of the run; refuses one that does not belong there.
    public mutating func apply(_ line: LedgerLine) throws(RunStoreError) {
        let event = line.event
        guard event.sequence == sequence + 1 else {
            throw .damaged("event \(event.sequence) of run '\(run)' stands where event \(sequence + 1) should")
        }
        guard event.previous == head else {
            throw .damaged(
                "event \(event.sequence) of run '\(run)' does not follow from the one before: the chain is broken")
        }
        try take(line)
    }

    /// Takes in an event whose place in the chain is looked at elsewhere.
    mutating func take(_ line: LedgerLine) throws(RunStoreError) {
        let event = line.event
        if let step = event.step, index[step] == nil {
            throw .damaged("event \(event.sequence) of run '\(run)' is about the unknown step '\(step)'")
        }
        sequence = event.sequence
        head = line.hash
        format = max(format, line.format)
        updated = max(updated, event.time)
        apply(event)
    }

    private mutating func apply(_ event: RunEvent) {
        if event.step != nil { queue = nil }
        switch event.kind {
        case .created, .indexRebuilt: break
        case .groupEntered: queue = nil
        case .queued(let group, let holder, let since):
            queue = Queue(group: group, holder: holder, since: since ?? event.time, isInLine: since == nil)
        case .started(_, let attempt, let token, let fence, let recovering):
            change(event) { state in
                state.status = .running
                state.attempts = attempt
                state.tries += 1
                state.isInDoubt = recovering
                state.wasFoundUndone = false
                state.isNoted = false
                state.startEvent = event.sequence
                if !recovering { (state.firstWorkEvent, state.lastWorkEvent) = (event.sequence, event.sequence) }
                state.token = token
                state.begun = state.begun ?? event.time
                state.began = state.began ?? event.time
                state.started = event.time
                state.ended = nil
                state.reason = nil
                state.waitingSince = nil
                if let fence { state.held?.fence = fence }
            }
        case .ended(_, _, let ending): end(event, ending)
        case .reused(_, let result):
            change(event) { state in
                state.status = .reused
                state.output = Self.present(result.output, result.object)
                state.object = result.object
                state.inputDigest = result.inputDigest
                state.reason = .reused(result)
                state.ended = event.time
            }
        case .skipped(_, let reason): settle(event, .skipped, .skipped(reason))
        case .blocked(_, let step): settle(event, .blocked, .blocked(by: step))
        case .cancelled: settle(event, .cancelled, nil)
        case .suspended(_, let suspension): wait(event, suspension)
        case .lockWaited(_, let lock, let holder, let holderStep, let since, let isNext):
            guard isNext else { return wait(event, .locked(lock, by: holder, holderStep, since: since)) }
            let who = (holderStep.map { "step '\($0)' of " } ?? "") + "run '\(holder)'"
            wait(
                event,
                Suspension(
                    .lock(name: lock, holder: holder), code: Suspension.queued,
                    message: "waits its turn for \(lock), since \(EventTime.text(since)): \(who) was made before "
                        + "and goes first"))
        case .retryScheduled(_, let date, let reason):
            change(event) { state in
                state.status = .retrying
                state.reason = .retry(at: date, because: reason)
                state.ended = nil
            }
        case .decided(var decision):
            decision.standing = standing(of: decision, in: event)
            change(event) { $0.decisions.append(decision) }
        case .expired(_, let round):
            settle(event, .rejected, .rejected("\(shortfall(at: event, round)) (round \(round))"))
        case .voided(_, let gates, let changed, let parts, let round): void(event, gates, changed, parts, round)
        case .cancelRequested(let person, let reason):
            if !isCalledOff { cancelRequest = CancelRequest(person: person, reason: reason, time: event.time) }
        case .interrupted(let person):
            if cancelRequest == nil {
                cancelRequest = CancelRequest(
                    person: person, reason: "interrupted", time: event.time, isInterruption: true)
            }
        case .assumed(_, let done, let person, let comment): assume(event, done, person, comment)
        case .lockAcquired(_, let lock, let fence):
            change(event) {
                $0.held = StepState.Held(lock: lock, fence: fence)
                $0.taken = nil
            }
        case .lockReleased: change(event) { $0.held = nil }
        case .rested: status = .waiting
        case .lockBroken(let lock, let fence, let person, let reason):
            if let group = plan.concurrency?.group, lock == Lock.group(group), !status.isFinished {
                groupLoss = GroupLoss(group: group, fence: fence, person: person, reason: reason, time: event.time)
            }
            for number in steps.indices where steps[number].held == StepState.Held(lock: lock, fence: fence) {
                steps[number].held = nil
                let taken = "\(lock) was taken away by \(person), \(EventTime.text(event.time)): \(reason)"
                (steps[number].taken, steps[number].lastTaken) = (taken, taken)
            }
        case .learned(let news, _): people.learn(news)
        case .resumed(_, let process, let only):
            lastProcess = process
            resume(Set(only))
        case .askedAnew(let reason): askAnew(because: reason)
        case .finished(let outcome):
            status = outcome
            queue = nil
            groupLoss = nil
        }
    }

    /// Changes the event's step, and counts what is settled.
    private mutating func change(_ event: RunEvent, _ body: (inout StepState) -> Void) {
        guard let step = event.step, let number = index[step] else { return }
        change(number, body)
    }

    mutating func change(_ number: Int, _ body: (inout StepState) -> Void) {
        let before = steps[number].status.isSettled
        body(&steps[number])
        let after = steps[number].status.isSettled
        if before != after { settled += after ? 1 : -1 }
    }

    /// The outputs, unless they are only in an object; nil would be a null value here.
    private static func present(_ output: Value, _ object: String?) -> Value? {
        object != nil && output.isNull ? Value?.none : .some(output)
    }

    private mutating func settle(_ event: RunEvent, _ status: StepStatus, _ reason: StepState.Reason?) {
        change(event) { state in
            state.countWork(until: event.time)
            state.status = status
            state.reason = reason
            state.ended = event.time
            state.waitingSince = nil
        }
    }

    /// Why nobody's word was enough when the time to decide was over.
    private func shortfall(at event: RunEvent, _ round: Int) -> String {
        event.step.flatMap { planned($0) }.map { shortfall(at: $0, now: event.time) } ?? Self.nobody
    }

    /// Whether the attempt that the event ends, or makes wait, did nothing but look.
    private static func isOnlyLook(_ event: RunEvent, _ state: StepState, _ step: Step?) -> Bool {
        event.kind.isOnlyLook(
            wasLooking: state.status == .running && state.isInDoubt, tries: state.tries,
            of: step?.retry?.attempts ?? 1)
    }

    private mutating func wait(_ event: RunEvent, _ suspension: Suspension) {
        let step = event.step.flatMap { planned($0) }
        change(event) { state in
            if Self.isOnlyLook(event, state, step) { state.countLook() }
            if suspension.hasBegun == true { state.lastWorkEvent = state.startEvent }
            state.countWork(until: event.time)
            state.status = suspension.cause == .uncertainEffect ? .uncertain : .waiting
            if state.suspension?.cause != suspension.cause || state.waitingSince == nil {
                state.waitingSince = event.time
            }
            state.isInDoubt = state.isInDoubt || suspension.cause == .uncertainEffect
            state.reason = .suspended(suspension)
            state.began = state.began ?? event.time
        }
    }

    private mutating func end(_ event: RunEvent, _ ending: AttemptEnding) {
        let step = event.step.flatMap { planned($0) }
        let effect = step?.effect
        change(event) { state in
            let isOnlyLook = Self.isOnlyLook(event, state, step)
            if isOnlyLook { state.countLook() }
            state.countWork(until: event.time)
            state.ended = event.time
            state.waitingSince = nil
            switch ending {
            case .succeeded(let output, let object, let inputDigest, let isFound):
                state.status = .succeeded
                if !isFound { (state.firstWorkEvent, state.lastWorkEvent) = (state.startEvent, state.startEvent) }
                state.isDoneAnew = false
                state.output = Self.present(output, object)
                state.object = object
                state.inputDigest = inputDigest
                state.reason = nil
                state.isInDoubt = false
                if state.output?["bypassedBy"] == nil { state.decidedBeforeOpen = state.decisions.count }
            case .failed(let failure):
                state.status = .failed
                state.reason = .failed(failure)
                state.isInDoubt = failure.code == StageFailure.timeoutCode && effect == .once
                state.wasFoundUndone = isOnlyLook
            case .rejected(let message):
                state.status = .rejected
                state.reason = .rejected(message)
            case .cancelled:
                state.status = .cancelled
                state.reason = nil
                state.isInDoubt = effect == .once
            case .lost(let message):
                state.status = .pending
                state.reason = .lost(message)
                state.isInDoubt = effect == .once
            }
            // A look that was stopped may have begun to work, as what it looked for had not happened.
            if state.isInDoubt, !isOnlyLook { state.lastWorkEvent = state.startEvent }
        }
    }

    private mutating func void(
        _ event: RunEvent, _ reopened: [StepID], _ changed: [String], _ parts: [ApprovalPolicy.Part], _ round: Int
    ) {
        let shown = event.step.flatMap { preview(for: $0) }.map { GateBinding($0) }
        // Before, a decision that was void counted again once all was as before.
        let isVoidForGood = format >= 5
        let lapses = lapses(of: reopened, at: event.time)
        for step in reopened {
            guard let number = index[step] else { continue }
            change(number) { state in
                let (kept, decidedBeforeOpen) = (state.decisions, state.decidedBeforeOpen)
                let attempts = (state.attempts, state.looks)
                let (firstRound, restarts) = (state.firstRound, state.restarts)
                var questions = state.questions
                let (begun, denials, worked) = (state.begun, state.denials, state.worked)
                // A gate that was answered with no, or not in time, may be some rounds ahead of the step it guards.
                let next = max(round, state.round + 1)
                if isVoidForGood { questions[state.round, default: GateQuestion()].shown = shown }
                if let lapse = lapses[step] { questions[state.round, default: GateQuestion()].openUntil = lapse }
                state = StepState()
                (state.decisions, state.decidedBeforeOpen) = (kept, decidedBeforeOpen)
                (state.firstRound, state.restarts) = (firstRound, restarts)
                (state.attempts, state.looks) = attempts
                (state.begun, state.denials, state.worked) = (begun, denials, worked)
                state.round = next
                state.voided = changed
                guard isVoidForGood else { return }
                questions[next, default: GateQuestion()].changed = parts
                questions[next]?.why = changed
                state.questions = questions
            }
        }
        change(event) { state in
            state.status = .pending
            state.reason = nil
            state.round = round
            state.isInDoubt = false
            state.tries = 0
            state.ended = nil
        }
    }

    private mutating func assume(_ event: RunEvent, _ done: Bool, _ person: String, _ comment: String?) {
        // Whatever is to go on is written after the run was taken up.
        let isAtRest = status == .waiting
        let isOver = status.isFinished
        let why = "\(EventTime.text(event.time))\(comment.map { ": \($0)" } ?? "")"
        change(event) { state in
            // Whoever takes the run up has it looked for all the same.
            guard !isOver, !(isAtRest && state.isPassedOver) else {
                state.noted.append("\(StepState.word(of: person, done: done)) (\(why))")
                state.isNoted = true
                return
            }
            state.reason = .assumed(done: done, by: person, comment: comment)
            state.isInDoubt = false
            state.waitingSince = nil
            if done {
                state.status = .succeeded
                state.output = .map([:])
                state.ended = event.time
            } else {
                state.status = .pending
                state.tries = 0
                state.denials.append("\(person) (\(why))")
            }
        }
    }
}

extension StageFailure {
    /// The code of a failure that says an attempt took too long.
    public static let timeoutCode = "engine/timeout"
}
