import Documents
import OrderedCollections
public import Pipelines

extension Plan {
    /// Whether a gate stands before anything, apart from one that only finds out what would be done.
    public var hasGates: Bool {
        steps.contains { step in
            guard case .gate(let gate) = step.work else { return false }
            return gate != .preview
        }
    }

    /// The files that commands make while the run works, as the pipeline says with `generates`. None where a gate leaves out
    /// committers, as nobody knows who wrote what is in them, and none of a command that is certain to be skipped.
    public var generatedFiles: GeneratedFiles {
        guard !leavesOutCommitters else { return GeneratedFiles() }
        return GeneratedFiles(
            steps: steps.compactMap { step in
                guard case .map(let input) = step.input, let listed = input["generates"],
                    step.condition?.neverHolds != true
                else { return nil }
                // A reference stays as it is written: no path is called like that, and people are told of it all the same.
                let elements = if case .list(let elements) = listed { elements } else { [listed] }
                let paths = elements.flatMap { element in
                    element.literal.map { $0.list ?? [$0] } ?? [element.value]
                }.compactMap { $0.string.flatMap(RepositoryFiles.normalized) }.filter { !$0.isEmpty }
                return paths.isEmpty ? nil : (step.id, paths)
            })
    }
}

extension Plan {
    /// Whether a stage that may read files by itself comes after a step, whatever is between; not one of `finally`.
    ///
    /// What a command reads is compared with nothing, and what takes effect once takes packages.
    public func mayReadFiles(after step: StepID) -> Bool {
        var later: Set<StepID> = [step]
        return steps.contains { other in
            guard !other.isFinally, other.needs.contains(where: { later.contains($0.step) }) else { return false }
            later.insert(other.id)
            guard case .stage = other.work, other.effect != .once, case .map(let input) = other.input else {
                return false
            }
            return input["command"] == nil
        }
    }
}

extension RunState {
    /// Whether what stages read is compared with the commit of the run, and with what was in no commit when it was made; runs
    /// of earlier versions kept that only where a gate leaves out who wrote it.
    public var comparesFiles: Bool { plan.leavesOutCommitters || people.uncommittedDigest != nil }
}
