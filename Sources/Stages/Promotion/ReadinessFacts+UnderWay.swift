public import Engine
import Environments
import Pipelines

public import struct Foundation.Date

/// The runs that were begun as a new one would be, and have not come to what they release.
extension ReadinessFacts {
    /// The run of a pipeline that is carried on in the place of a new one, which would do no more; nil where there is none, where it
    /// comes here no more, and where nobody is left who may approve in it.
    func runUnderWay(_ pipeline: String) -> RunState? {
        (underWay[pipeline] ?? []).lazy.map { $0.facing(present[$0.run] ?? [:]) }.first { run in
            !isInVain(run)
                && !gates(of: run).contains { run.impasse(before: $0)?.command == run.plan.startCommand }
        }
    }

    /// Whether it is one of those.
    func isUnderWay(_ run: RunState) -> Bool {
        underWay[run.plan.pipeline]?.contains { $0.run == run.run } == true
    }

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
    /// Whether it goes to an environment with a package that is not known yet, and nobody has said no to anything or called it off.
    public func bringsUnknown(to name: String, now: Date) -> Bool {
        guard !isCleaningUp, cancelRequest == nil, !plan.steps.contains(where: { refusal(at: $0.id) != nil }),
            !waits.contains(where: { settlement(of: $0.0, now: now)?.opens == false })
        else { return false }
        return plan.steps.contains { step in
            step.environment == name && step.locksEnvironment && self[step.id]?.status.isSettled == false
                && (binding(of: step).package ?? package(of: step)) == nil
        }
    }
}
