import Documents
import Engine
import Git
import OrderedCollections
import Pipelines
import Stages

/// What commands of earlier runs have left where commands of a plan make files: nobody has to be told of that again.
struct LeftFiles {
    /// SHA-256 of what they wrote, by path from the root; nil for what they took away.
    private var digests: [String: Set<String?>] = [:]

    /// Nothing is known of any.
    init() {}

    /// - Parameter earlier: Runs of the same pipeline; those at commits that are not released by this one do not count.
    init(
        of plan: Plan, _ earlier: [RunState], in repository: borrowing GitRepository, at commit: CommitID
    ) throws(GitError) {
        let generated = plan.generatedFiles
        for state in earlier {
            guard let made = state.commit.flatMap({ CommitID(hex: $0) }), repository.hasCommit(made),
                try repository.leads(made, to: commit)
            else { continue }
            // What came of an edit is no less in no commit than the edit.
            guard state.people.uncommitted == 0 || state.people.looseManifests.allSatisfy(generated.contains) else {
                continue
            }
            for (step, _) in generated.steps { add(state[step]?.output) }
        }
    }

    /// Not what a command found there and let be.
    private mutating func add(_ output: Value?) {
        let untouched = Set((output?["untouched"]?.list ?? []).compactMap(\.string))
        for (path, digest) in output?["generated"]?.map ?? [:] where !untouched.contains(path) {
            if let digest = digest.string { digests[path, default: []].insert(digest) }
        }
        for path in (output?["removed"]?.list ?? []).compactMap(\.string) { digests[path, default: []].insert(nil) }
    }

    /// Whether one of them wrote a file with this digest at a path from the root, or took the file away.
    func has(_ digest: String?, at path: String) -> Bool { digests[path]?.contains(digest) == true }
}

extension Workspace {
    /// How many runs are read for what their commands have left.
    private static let mostEarlier = 10

    /// The newest runs of the pipeline of a plan, where it says that commands of it make files.
    func earlierMakers(for plan: Plan) async throws -> [RunState] {
        guard !plan.generatedFiles.steps.isEmpty, let store = try existingStore() else { return [] }
        var found: [RunState] = []
        for run in try await store.runs(matching: RunFilter(pipeline: plan.pipeline, limit: Self.mostEarlier)) {
            // What a damaged one left is told as anybody's.
            guard let state = try await RunState.loadUndamaged(run.run, from: store, objects: objects, { _, _ in })
            else { continue }
            found.append(state)
        }
        return found
    }
}
