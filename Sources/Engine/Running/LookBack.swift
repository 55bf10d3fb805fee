import Documents
import Pipelines

import struct Foundation.Date

/// Looks what an attempt that was stopped, or cut off, has done; a look that hangs keeps no process from ending.
struct LookBack: Sendable {
    let executor: any StageExecutor
    let runner: Runner

    /// What was found; a look that takes too long has found nothing, which is said.
    func look(at step: Step, input: Value, attempt: Attempt, log: StepLogWriter? = nil) async -> Recovery<Value> {
        // What stops the attempt does not stop the look.
        let look = Task { [executor] in await executor.lookBack(at: step, input: input, attempt: attempt) }
        let end = runner.clock.now().addingTimeInterval(runner.settings.lookPatience)
        let found = await look.value {
            // Who is not told to stop sleeps until then.
            try? await runner.clock.sleep(end)
        }
        if let found { return found }
        look.cancel()
        return .unknown(tellOfLeaving(step, log))
    }

    /// What looks at a step of a run that was cut off, and with what; nil where its inputs are not known any more.
    func attempt(at number: Int, in state: RunState) -> (input: Value, attempt: Attempt)? {
        let (step, known) = (state.plan.steps[number], state.steps[number])
        guard case .stage = step.work, let input = try? state.resolve(state.input(of: step)) else { return nil }
        var attempt = Attempt(
            run: state.run, requester: state.requester, number: known.attempts + 1,
            token: known.token ?? state.token(of: step, input: input), recovering: true, looksOnly: true,
            approved: state.preview(for: step.id), commit: state.commit)
        attempt.looks = known.looks
        return (input, attempt)
    }

    /// Says that nobody knows what the look would have found.
    @discardableResult
    func tellOfLeaving(_ step: Step, _ log: StepLogWriter?) -> String {
        let text =
            "looking whether it took effect took longer than \(runner.settings.lookPatience.formattedSeconds), so that it "
            + "is not known"
        log?.write(text, .note, at: runner.clock.now())
        runner.observe(.remark("'\(step.id)' was cut off: \(text)"))
        return text
    }
}

extension Task where Failure == Never {
    /// What the task brings, unless something else is over before that: then it is left behind, as no thread that is
    /// blocked can be cancelled.
    func value(before end: @escaping @Sendable () async -> Void) async -> Success? {
        let (first, continuation) = AsyncStream.makeStream(of: Success?.self)
        Task<Void, Never> { continuation.yield(await value) }
        let limit = Task<Void, Never> {
            await end()
            continuation.yield(nil)
        }
        defer { limit.cancel() }
        // A task of its own: the cancellation of this one would end the waiting at once.
        return await Task<Success?, Never> {
            for await one in first { return one }
            return nil
        }.value
    }
}
