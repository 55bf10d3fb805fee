public import Pipelines

/// Files and folders that commands make while a run works, by step; paths from the root, without links followed.
public struct GeneratedFiles: Sendable {
    public var steps: [(step: StepID, paths: [String])] = []

    /// Whether a command makes what is at a path from the root.
    public func contains(_ path: String) -> Bool {
        steps.contains { $0.paths.contains { RepositoryFiles.isPath(path, atOrBelow: $0) } }
    }
}
