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
    /// committers, as nobody knows who wrote what is in them.
    public var generatedFiles: GeneratedFiles {
        guard !leavesOutCommitters else { return GeneratedFiles() }
        return GeneratedFiles(
            steps: steps.compactMap { step in
                guard case .map(let input) = step.input, let listed = input["generates"]?.literal?.list else {
                    return nil
                }
                let paths = listed.compactMap { $0.string.flatMap(RepositoryFiles.normalized) }.filter { !$0.isEmpty }
                return paths.isEmpty ? nil : (step.id, paths)
            })
    }
}

extension RunState {
    /// Whether what stages read is compared with the commit of the run, and with what was in no commit when it was made; runs
    /// of earlier versions kept that only where a gate leaves out who wrote it.
    public var comparesFiles: Bool { plan.leavesOutCommitters || people.uncommittedDigest != nil }
}
