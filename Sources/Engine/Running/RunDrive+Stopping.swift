import Documents
import Pipelines

import struct Foundation.Date

extension RunDrive {
    /// Looks what was cut off before the run is cancelled, where that is seen at once: it is in doubt only where nobody can tell.
    mutating func lookBeforeCancelling() async throws {
        guard state.cancelRequest != nil else { return }
        for (number, step) in zip(state.steps.indices, state.plan.steps) where step.effect == .once && !step.isFinally {
            let known = state.steps[number]
            let look = LookBack(executor: executor, runner: runner)
            guard known.status == .pending, known.isInDoubt,
                let (input, attempt) = look.attempt(at: number, in: state)
            else { continue }
            let kinds: [RunEvent.Kind]
            switch await look.look(at: step, input: input, attempt: attempt) {
            case .completed(let output):
                let number = attempt.number
                kinds = [
                    .started(step.id, attempt: number, token: attempt.token, fence: nil, recovering: true),
                    .ended(
                        step.id, attempt: number,
                        .succeeded(output: output, object: nil, inputDigest: nil, found: true)),
                ]
            case .notStarted: kinds = state.stopped(step.id)
            case .unknown: continue
            }
            try await write { drive in
                guard drive.state.steps[number].status == .pending else { return }
                try drive.stage(kinds)
            }
        }
    }
}

extension RunState {
    /// What is written of a step that was stopped, or cut off, before it had done anything; with the group that was taken
    /// away, it is put off and not cancelled.
    func stopped(_ step: StepID, under group: Lock? = nil, at now: Date = Date()) -> [RunEvent.Kind] {
        var end = RunEvent.Kind.cancelled(step)
        if let group {
            let loss = groupLoss?.text ?? "\(group.name) was taken away"
            end = .suspended(
                step,
                Suspension(
                    .until(now), code: "run/group-taken", message: "\(loss); nothing had been changed by then"))
        }
        guard self[step]?.isInDoubt == true else { return [end] }
        // An end that tells that nothing was done takes the doubt away that an attempt before had left.
        let failure = StageFailure(
            .transient, StageFailure.nothingDoneCode, "what was cut off had changed nothing")
        return [.ended(step, attempt: 0, .failed(failure)), end]
    }
}

extension StageFailure {
    /// The code of what was cut off before it had done anything.
    public static let nothingDoneCode = "run/nothing-done"
}
