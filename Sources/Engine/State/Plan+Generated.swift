import Documents
import OrderedCollections
public import Pipelines

extension Plan {
    /// The files and folders that commands make while the run works, by step, as the pipeline says with `generates`: from the
    /// root, without links followed. None where a gate leaves out committers, as nobody knows who wrote what is in them.
    public var generated: [(step: StepID, paths: [String])] {
        guard !leavesOutCommitters else { return [] }
        return steps.compactMap { step in
            guard case .map(let input) = step.input, let listed = input["generates"]?.literal?.list else { return nil }
            let paths = listed.compactMap { $0.string.flatMap(RepositoryFiles.normalized) }.filter { !$0.isEmpty }
            return paths.isEmpty ? nil : (step.id, paths)
        }
    }

    /// Whether a command makes what is at a path from the root.
    public func generates(_ path: String) -> Bool {
        generated.contains { $0.paths.contains { path == $0 || path.hasPrefix($0 + "/") } }
    }
}
