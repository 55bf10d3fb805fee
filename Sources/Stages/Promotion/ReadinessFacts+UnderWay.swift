public import Engine
import Environments
import Pipelines

/// The runs that were begun as a new one would be, and have not come to what they release.
extension ReadinessFacts {
    /// The run of a pipeline that is carried on in the place of a new one, which would do no more; nil where there is none, or it
    /// comes here no more.
    func runUnderWay(_ pipeline: String) -> RunState? {
        guard let run = underWay[pipeline], faults[run.run] == nil, !isEnding(run), !isStuck(run) else { return nil }
        return run.facing(present[run.run] ?? [:])
    }

    /// Whether it is one of those.
    func isUnderWay(_ run: RunState) -> Bool { underWay[run.plan.pipeline]?.run == run.run }

    /// That such a run is the way on; one line.
    var notesUnderWay: [String] {
        guard let run = wayOn, isUnderWay(run) else { return [] }
        return [
            "run \(run.run), of the same files and inputs, is under way and has not made a package yet: it goes on in the place "
                + "of a new one"
        ]
    }
}

extension RunState {
    /// Whether it goes to an environment with a package that is not known yet.
    public func bringsUnknown(to name: String) -> Bool {
        plan.steps.contains { step in
            step.environment == name && step.locksEnvironment && self[step.id]?.status.isSettled == false
                && (binding(of: step).package ?? package(of: step)) == nil
        }
    }
}
