import Documents
import Pipelines

import struct Foundation.Date

extension Runner {
    /// What people say of effects, without what looking once more says too; refuses what that contradicts.
    ///
    /// Of what is left in doubt nobody may have looked, and nothing has begun since: a look before anything is written is as
    /// good as one when it is taken up.
    func unanswered(_ assumptions: [Assumption], in state: RunState) async throws -> [Assumption] {
        var left: [Assumption] = []
        for assumption in assumptions {
            guard let number = state.index[assumption.step], state.isLeftInDoubt(assumption.step),
                let isDone = try await wasDone(number, in: state)
            else {
                left.append(assumption)
                continue
            }
            guard assumption.isDone == isDone else {
                throw Refusal(
                    "run/not-in-doubt",
                    "it was looked what the attempt of '\(assumption.step)' did that was cut off: it "
                        + (isDone ? "took effect" : "did not take effect"),
                    notes: state.lookAgain(at: assumption.step).map { [$0] } ?? [])
            }
        }
        return left
    }

    /// Whether what was cut off was done, by a look at once or by a probe; nil where neither can tell.
    private func wasDone(_ number: Int, in state: RunState) async throws -> Bool? {
        let step = state.plan.steps[number]
        let look = LookBack(executor: makeExecutor(state), runner: self)
        guard let (input, attempt) = look.attempt(at: number, in: state) else { return nil }
        switch await look.look(at: step, input: input, attempt: attempt) {
        case .completed: return true
        case .notStarted: return false
        // What changes an environment has no probe, and needs a lease for more.
        case .unknown where step.locksEnvironment: return nil
        case .unknown: break
        }
        let probe = Task { await look.executor.execute(step, input: input, attempt: attempt) }
        let end = clock.now().addingTimeInterval(step.timeout ?? settings.cleanup)
        let outcome = await withTaskCancellationHandler {
            await probe.value { try? await clock.sleep(end) }
        } onCancel: {
            probe.cancel()
        }
        switch outcome {
        case .found?, .succeeded?: return true
        case .failed(let failure)? where failure.code == StageFailure.timeoutCode: return false
        case .failed?, .suspended?: return nil
        case .cancelled?:
            throw Refusal(
                "run/not-in-doubt",
                "looking what the attempt of '\(step.id)' did that was cut off was stopped, and nothing was changed")
        case nil:
            probe.cancel()
            return nil
        }
    }
}
