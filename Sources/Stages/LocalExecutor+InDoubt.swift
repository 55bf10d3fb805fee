import Documents
import Engine
import Pipelines

/// What is done where nobody has seen whether an effect that happens once has happened.
extension LocalExecutor {
    /// The outcome of an attempt that failed before its stage could be asked.
    ///
    /// One that was to look first whether an interrupted attempt took effect leaves that open.
    static func unasked(_ failure: StageFailure, _ step: Step, _ attempt: Attempt) -> StageOutcome {
        guard attempt.recovering, step.effect == .once else { return .failed(failure) }
        return .uncertain(couldNotLook(at: step, because: failure))
    }

    /// Does the work; where it failed in a way that leaves open whether it took effect, that is looked for at once.
    static func work<S: Stage>(_ stage: S, _ input: S.Input, _ context: StageContext) async throws -> StageOutcome {
        let failure: StageFailure
        do {
            return .succeeded(try ValueEncoder().encode(try await stage.run(input, in: context)))
        } catch let error as StageFailure where context.step.effect == .once && S.leavesEffectOpen(error) {
            failure = error
        }
        try Task.checkCancellation()
        context.log("\(failure.message): looking whether it took effect")
        switch try await look(stage, input, context) {
        case .completed(let output):
            context.log("it did")
            return .succeeded(try ValueEncoder().encode(output))
        case .notStarted:
            context.log("it did not")
            return .failed(failure)
        case .unknown(let reason): return .uncertain("\(failure.message): \(reason)")
        }
    }

    /// Looks whether an interrupted attempt took effect; looking in vain, whatever came in the way, is not knowing.
    static func look<S: Stage>(
        _ stage: S, _ input: S.Input, _ context: StageContext
    ) async throws -> Recovery<S.Output> {
        do {
            return try await stage.recover(input, in: context)
        } catch {
            if Task.isCancelled || error is CancellationError { throw CancellationError() }
            return .unknown(couldNotLook(at: context.step, because: Self.failure(error)))
        }
    }

    private static func couldNotLook(at step: Step, because failure: StageFailure) -> String {
        let notes = failure.notes.map { "; \($0)" }.joined()
        return "'\(step.id)' was interrupted, and it could not be looked whether it took effect: "
            + "\(failure.message) [\(failure.code)]\(notes)"
    }
}

extension StageOutcome {
    /// Whether the effect happened is not known.
    static func uncertain(_ reason: String) -> StageOutcome {
        .suspended(Suspension(.uncertainEffect, code: "run/uncertain-effect", message: reason))
    }
}

extension Plan {
    /// Whether a step that runs before the end of the run uses an output of another one.
    func usesOutput(_ name: String, of step: StepID) -> Bool {
        steps.contains { user in
            !user.isFinally
                && user.needs.contains {
                    $0.step == step && [.output(name), .condition(name)].contains($0.reason)
                }
        }
    }
}
