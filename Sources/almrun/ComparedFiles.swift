import Engine
import Git
import OrderedCollections
import Pipelines
import Synchronization

/// What is in no commit, as far as plans care, looked up once in a command that shows many runs.
final class ComparedFiles: Sendable {
    private struct Key: Hashable {
        var commit: CommitID
        var plan: Plan
        var format: Int
    }

    private let found = Mutex<[Key: LooseFiles]>([:])

    /// What was found for a commit and a plan, whatever the run was given as inputs.
    func files(of plan: Plan, at commit: CommitID, format: Int, _ look: () throws -> LooseFiles) rethrows -> LooseFiles
    {
        var key = Key(commit: commit, plan: plan, format: format)
        key.plan.inputs = [:]
        if let files = found.withLock({ $0[key] }) { return files }
        let files = try look()
        found.withLock { $0[key] = files }
        return files
    }
}
