import Documents
import Engine
import OrderedCollections
import Pipelines

/// The files that commands of a run have made, as they were when each had ended well.
struct MadeFiles {
    private let generated: GeneratedFiles
    private let isTaken: Bool
    private var byStep: [(step: StepID, files: [String: String])] = []
    /// SHA-256 of each, by path from the root.
    private(set) var files: [String: String] = [:]
    /// Those that were there before a command and that it left as they were.
    private var untouched: Set<String> = []

    var isEmpty: Bool { byStep.isEmpty }

    init(of state: RunState) {
        generated = state.plan.generatedFiles
        // Nobody would know who wrote what is in them.
        isTaken = !state.plan.leavesOutCommitters
        for (step, known) in zip(state.plan.steps, state.steps) where known.status.isGood {
            if let output = known.output { learn(output, of: step.id) }
        }
    }

    mutating func learn(_ output: Value, of step: StepID) {
        guard isTaken, let made = output["generated"]?.map else { return }
        byStep.removeAll { $0.step == step }
        byStep.append((step, Dictionary(made.elements.map { ($0.key, $0.value.string ?? "") }) { $1 }))
        untouched.subtract(made.keys)
        untouched.formUnion((output["untouched"]?.list ?? []).compactMap(\.string))
        files = [:]
        for (step, made) in byStep {
            // Who makes a folder anew makes all of it.
            for path in files.keys where paths(of: step).contains(where: { RepositoryFiles.isPath(path, atOrBelow: $0) }) { files[path] = nil }
            files.merge(made) { $1 }
        }
    }

    /// Whether what is at a path from the root was made, or left out, by a command that has ended well.
    ///
    /// - Parameter isCommitted: Whether the commit has a file there: one that the command left alone is that of the commit, or
    ///   of whoever edited it.
    func covers(_ path: String, isCommitted: Bool) -> Bool {
        guard files[path] != nil || maker(of: path) != nil else { return false }
        return !isCommitted || !untouched.contains(path)
    }

    /// The command that made what is at a path from the root, the last one first.
    func maker(of path: String) -> StepID? {
        byStep.last { step, made in made[path] != nil || paths(of: step).contains { RepositoryFiles.isPath(path, atOrBelow: $0) } }?.step
    }

    private func paths(of step: StepID) -> [String] { generated.steps.first { $0.step == step }?.paths ?? [] }
}
