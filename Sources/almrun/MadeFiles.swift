import Documents
import Engine
import OrderedCollections
import Pipelines

import struct Foundation.Date

/// The files that commands of a run have made, as they were when each had ended well.
struct MadeFiles {
    /// What one command said when it ended.
    private struct Making {
        var step: StepID
        /// SHA-256 of each file, by path from the root.
        var files: [String: String]
        /// Those of them that the command did not write.
        var untouched: Set<String>
        /// Files that it took away; nil where an earlier version did not look.
        var removed: Set<String>?
    }

    private let generated: GeneratedFiles
    private let isTaken: Bool
    private var makings: [Making] = []
    /// SHA-256 of each, by path from the root.
    private(set) var files: [String: String] = [:]
    /// Those that were there before the first command that names them, and that none has written.
    private var untouched: Set<String> = []
    private var removed: Set<String> = []

    var isEmpty: Bool { makings.isEmpty }

    init(of state: RunState) {
        generated = state.plan.generatedFiles
        // Nobody would know who wrote what is in them.
        isTaken = !state.plan.leavesOutCommitters
        // As they were learnt when the run went on without a pause.
        let ended = zip(state.plan.steps, state.steps).filter { $1.status.isGood }.sorted {
            ($0.1.ended ?? .distantPast) < ($1.1.ended ?? .distantPast)
        }
        for (step, known) in ended {
            if let output = known.output { learn(output, of: step.id) }
        }
    }

    mutating func learn(_ output: Value, of step: StepID) {
        guard isTaken, let made = output["generated"]?.map else { return }
        makings.removeAll { $0.step == step }
        makings.append(
            Making(
                step: step, files: Dictionary(made.elements.map { ($0.key, $0.value.string ?? "") }) { $1 },
                untouched: Self.paths(output["untouched"]) ?? [], removed: Self.paths(output["removed"])))
        (files, untouched, removed) = ([:], [], [])
        for making in makings { add(making) }
    }

    private mutating func add(_ making: Making) {
        let paths = paths(of: making.step)
        // Who makes a folder anew makes all of it.
        let before = files
        for path in before.keys where Self.isPath(path, in: paths) { files[path] = nil }
        files.merge(making.files) { $1 }
        for (path, digest) in before where Self.isPath(path, in: paths) {
            let isOther = making.untouched.contains(path) && making.files[path] != digest
            let isGone = making.files[path] == nil && making.removed?.contains(path) == false
            // Somebody else has changed it, or taken it away, since the command before.
            if isOther || isGone { files[path] = digest }
        }
        // What another command made before is no less made because this one left it alone.
        let left = making.untouched.filter { before[$0] != making.files[$0] || untouched.contains($0) }
        untouched.subtract(making.files.keys)
        untouched.formUnion(left)
        removed.formUnion(making.removed ?? [])
        removed.subtract(making.files.keys)
    }

    /// Whether what is at a path from the root was made, or left out, by a command that has ended well.
    func covers(_ path: String) -> Bool { files[path] != nil || maker(of: path) != nil }

    /// Whether the commands did nothing at a path that ``covers(_:)`` holds for: a file of the commit that was there, or was
    /// missing, before they began has to be that of the commit.
    func leaveAlone(_ path: String) -> Bool {
        guard files[path] == nil else { return untouched.contains(path) }
        guard !removed.contains(path) else { return false }
        return !makings.contains { making in
            making.removed == nil && Self.isPath(path, in: paths(of: making.step)) || hasMadeAll(around: path, making)
        }
    }

    /// Whether a command has written each file of a folder that it generates, as one does that begins with an empty folder.
    private func hasMadeAll(around path: String, _ making: Making) -> Bool {
        paths(of: making.step).contains { folder in
            guard RepositoryFiles.isPath(path, atOrBelow: folder) else { return false }
            let there = making.files.keys.filter { RepositoryFiles.isPath($0, atOrBelow: folder) }
            return !there.isEmpty && making.untouched.isDisjoint(with: there)
        }
    }

    /// The command that made what is at a path from the root, the last one first.
    func maker(of path: String) -> StepID? {
        makings.last { $0.files[path] != nil || Self.isPath(path, in: paths(of: $0.step)) }?.step
    }

    private func paths(of step: StepID) -> [String] { generated.steps.first { $0.step == step }?.paths ?? [] }

    private static func isPath(_ path: String, in folders: [String]) -> Bool {
        folders.contains { RepositoryFiles.isPath(path, atOrBelow: $0) }
    }

    private static func paths(_ value: Value?) -> Set<String>? { value?.list.map { Set($0.compactMap(\.string)) } }
}
