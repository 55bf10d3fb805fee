import Engine
import Environments
import Pipelines

/// The runs that would bring the package here.
extension ReadinessFacts {
    /// The newest open run that takes this package here, with the gate.
    func openGate(where isMeant: (Step.Work, StepID) -> Bool) -> (RunState, Step)? {
        for run in open {
            for step in run.plan.steps where step.environment == environment.name && isMeant(step.work, step.id) {
                let package = run.binding(of: step).package
                if package == nil || package == self.package.digest { return (run, step) }
            }
        }
        return nil
    }

    /// The newest run that would bring the package here, and came to its end without; nil for one that cannot be taken up.
    var ended: RunState? { trail.ended(before: environment.name).flatMap { faults[$0.run] == nil ? $0 : nil } }

    /// A gate of that run.
    func endedGate(where isMeant: (Step.Work, StepID) -> Bool) -> (RunState, Step)? {
        guard !isRollback, let run = ended else { return nil }
        return run.plan.steps.first { $0.environment == environment.name && isMeant($0.work, $0.id) }.map { (run, $0) }
    }
}

extension RunState {
    /// Whether it ended by a signal to its process: what people decided in it stands.
    var isInterrupted: Bool { status == .cancelled && cancelRequest?.isInterruption == true }
}
