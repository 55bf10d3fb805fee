import Documents
import OrderedCollections
import Pipelines

import struct Foundation.Data
import struct Foundation.Date

/// What a child does for one step: it brings an outcome and changes nothing of the run.
struct AttemptWork: Sendable {
    let step: Step
    var launch: Launch
    let run: RunID
    let requester: String
    let commit: String?
    let executor: any StageExecutor
    let runner: Runner

    /// Carries the attempt out.
    func carryOut() async -> Arrival {
        let log = runner.logs?.writer(run: run, step: step.id, attempt: launch.attempt)
        let search = launch.recovering && step.effect == .once ? Search() : nil
        let outcome = await self.outcome(log, search)
        // Where one look hangs, so would the next.
        let stopped = outcome == .cancelled && search?.isLeft != true ? await lookBack(log) : nil
        log?.close()
        if let loss = log?.loss { runner.observe(.lost(step.id, loss)) }
        var work = self
        work.launch.log = log?.digest
        switch stopped {
        case .completed(let output)?:
            // Who had looked, and found nothing, did it.
            let isFound = launch.recovering && search?.isOver != true
            return .ended(work.launch, .ending(keep(output, found: isFound)))
        case .notStarted?: return .ended(work.launch, .untouched)
        case .unknown?, nil: break
        }
        guard case .suspended(var doubt) = outcome, doubt.cause == .uncertainEffect, search?.isOver == true else {
            return await work.arrival(outcome)
        }
        doubt.hasBegun = true
        return await work.arrival(.suspended(doubt))
    }

    /// What an attempt that was stopped has done, where it could have an effect; nil where it could not.
    private func lookBack(_ log: StepLogWriter?) async -> Recovery<Value>? {
        guard step.effect == .once, case .stage = step.work else { return nil }
        var attempt = Attempt(
            run: run, requester: requester, number: launch.attempt, token: launch.token, recovering: true,
            looksOnly: true, approved: launch.approved, commit: commit)
        attempt.looks = launch.looks
        let found = await LookBack(executor: executor, runner: runner)
            .look(at: step, input: launch.input, attempt: attempt, log: log)
        if case .notStarted = found {
            log?.write("stopped before it had changed anything", .note, at: runner.clock.now())
        }
        return found
    }

    private func arrival(_ outcome: StageOutcome) async -> Arrival {
        switch outcome {
        case .succeeded(let output):
            // Files that were changed while the stage read them must not stand behind the digest taken before.
            var work = self
            if let before = launch.inputDigest, await executor.inputDigest(of: step, input: launch.input) != before {
                work.launch.inputDigest = nil
            }
            return .ended(work.launch, .ending(work.keep(output)))
        case .found(let output):
            // What was read when the work was done is not known any more.
            var work = self
            work.launch.inputDigest = nil
            return .ended(work.launch, .ending(work.keep(output, found: true)))
        case .failed(let failure): return .ended(launch, .ending(.failed(failure)))
        case .suspended(let suspension): return .ended(launch, .suspended(suspension))
        case .cancelled: return .ended(launch, .ending(.cancelled))
        }
    }

    private func outcome(_ log: StepLogWriter?, _ search: Search?) async -> StageOutcome {
        var attempt = Attempt(
            run: run, requester: requester, number: launch.attempt, token: launch.token,
            recovering: launch.recovering, looksOnly: launch.looksOnly, approved: launch.approved, commit: commit,
            emit: { [observe = runner.observe, id = step.id, number = launch.attempt, clock = runner.clock] message in
                switch message {
                case .line(let text, let stream): log?.write(text, stream, at: clock.now())
                case .bytes(let line, let stream): log?.write(line, stream, at: clock.now())
                case .progress, .finding: break
                }
                observe(.message(id, attempt: number, message))
            },
            looked: { search?.end() }, confirm: { [authority = launch.authority] in try await authority?.confirm() })
        attempt.shut = launch.shut
        attempt.looks = launch.looks
        if let remark = launch.remark { attempt.emit(.line(remark, .note)) }
        let (timeout, revocation) = (launch.timeout, launch.revocation)
        guard timeout != nil || revocation != nil else {
            return await execute(attempt, search, log)
        }
        let deadline = timeout.map { runner.clock.now().addingTimeInterval($0) }
        return await withTaskGroup(of: StageOutcome?.self) { group in
            group.addTask { [attempt] in await execute(attempt, search, log) }
            if let revocation {
                group.addTask {
                    await revocation.wait()
                    return .cancelled
                }
            }
            if let deadline {
                group.addTask { [clock = runner.clock] in
                    // Only a deadline that was reached counts.
                    do { try await clock.sleep(deadline) } catch { return .cancelled }
                    return nil
                }
            }
            guard let first = await group.next() else { return .cancelled }
            // Whether the time was up before anybody knew what an interrupted attempt had done.
            let foundNothing = first == nil && search?.isOver == false
            group.cancelAll()
            if let outcome = first, outcome != .cancelled { return outcome }
            let isLate = first == nil
            while let next = await group.next() {
                guard let outcome = next else { continue }
                switch outcome {
                case .succeeded, .found: return outcome
                case .suspended where foundNothing: return outcome
                case .failed, .suspended, .cancelled: break
                }
                if !isLate, outcome != .cancelled { return outcome }
            }
            if foundNothing { return .suspended(undecided(timeout ?? 0)) }
            return isLate ? .failed(tooLong(timeout ?? 0)) : .cancelled
        }
    }

    /// Has the work done. While that still looks what an interrupted attempt has done, it is left behind some time after it
    /// was told to stop: nothing is lost by it, and what hangs would hold up the process for ever.
    private func execute(_ attempt: Attempt, _ search: Search?, _ log: StepLogWriter?) async -> StageOutcome {
        guard let search else { return await executor.execute(step, input: launch.input, attempt: attempt) }
        let work = Task { await executor.execute(step, input: launch.input, attempt: attempt) }
        let stop = StopSignal()
        let outcome = await withTaskCancellationHandler {
            await work.value {
                await stop.wait()
                // Who has looked and works now is waited for.
                if search.isOver { return await StopSignal().wait() }
                // The time ends early only when the work has ended.
                try? await runner.clock.sleep(
                    runner.clock.now().addingTimeInterval(runner.settings.lookPatience))
            }
        } onCancel: {
            work.cancel()
            stop.set()
        }
        if let outcome { return outcome }
        search.leave()
        LookBack(executor: executor, runner: runner).tellOfLeaving(step, log)
        return .cancelled
    }

    private func tooLong(_ timeout: Double) -> StageFailure {
        StageFailure(
            .transient, StageFailure.timeoutCode, "the attempt took longer than \(timeout.formattedSeconds)")
    }

    private func undecided(_ timeout: Double) -> Suspension {
        Suspension(
            .uncertainEffect, code: "run/uncertain-effect",
            message: "'\(step.id)' was interrupted, and looking whether it took effect took longer than "
                + "\(timeout.formattedSeconds), so that it is not known")
    }

    /// Large outputs go to the object store before the event that names them is written.
    private func keep(_ output: Value, found: Bool = false) -> AttemptEnding {
        let inline = AttemptEnding.succeeded(
            output: output, object: nil, inputDigest: launch.inputDigest, found: found)
        // What gates find out is needed by everybody who reads the run.
        if case .gate = step.work { return inline }
        guard let objects = runner.objects, output.isLarge(above: runner.settings.inlineOutput) else { return inline }
        // Without the object store the event itself holds them, which is larger and just as good.
        guard let digest = try? objects.put(Data(JSONLine.bytes(of: output))) else { return inline }
        return .succeeded(output: output, object: digest, inputDigest: launch.inputDigest, found: found)
    }
}

extension Value {
    /// Whether its text has more bytes than this.
    fileprivate func isLarge(above limit: Int) -> Bool {
        var left = limit
        return weigh(&left)
    }

    private func weigh(_ left: inout Int) -> Bool {
        switch self {
        case .null, .boolean, .integer, .number: left -= 8
        case .string(let text): left -= text.utf8.count + 2
        case .list(let elements): for element in elements where element.weigh(&left) { return true }
        case .map(let members):
            for (key, element) in members {
                left -= key.utf8.count + 4
                if element.weigh(&left) { return true }
            }
        }
        return left < 0
    }
}

extension Double {
    /// `90 s`, or with a fraction where there is one.
    var formattedSeconds: String { self == rounded() ? "\(Int(self)) s" : "\(self) s" }
}
