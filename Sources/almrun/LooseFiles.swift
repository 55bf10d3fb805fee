import Documents
import Engine
import Foundation
import Git
import OrderedCollections
import Pipelines
import Stages

/// The files of which no commit says what is in them when a plan is run.
struct LooseFiles {
    /// By path, from the top of the work tree.
    let files: [ChangedFile]
    /// The pipelines, environments, roles and templates among all that is in no commit, from the repository's root; at
    /// most 20.
    let manifests: [String]
    private let top: String

    /// Those that differ from the head commit, and those that the plan's stages read and that are in no commit because
    /// git ignores them; without those of the runs.
    init(of plan: Plan, in workspace: Workspace, _ repository: borrowing GitRepository) throws {
        let root = workspace.root
        // The work tree may be said to be elsewhere: then git compares other files than those that are read.
        guard let tree = repository.workTree, root == tree || root.hasPrefix(tree + "/") else {
            top = root
            files = [ChangedFile(path: ".", change: .unreadable)]
            manifests = []
            return
        }
        top = tree
        let prefix = root == tree ? "" : String(root.dropFirst(tree.count + 1))
        let inputs = Set(plan.readPaths.map { prefix.isEmpty ? $0 : $0.isEmpty ? prefix : "\(prefix)/\($0)" }).sorted()
        let folders = ["pipelines", "environments", "templates"].map { prefix.isEmpty ? $0 : "\(prefix)/\($0)" }
        let found = try repository.uncommitted(below: inputs + folders)
        manifests = Array(
            found.map(\.path).filter { path in
                path.hasSuffix(".yaml") && folders.contains { path.hasPrefix($0 + "/") }
            }.map { prefix.isEmpty ? $0 : String($0.dropFirst(prefix.count + 1)) }.prefix(20))
        files = found.filter { file in
            // A manifest that git ignores is no part of a package.
            if file.change == .ignored, !inputs.contains(where: { $0.isEmpty || "\(file.path)/".hasPrefix($0 + "/") }) {
                return false
            }
            guard "/\(file.path)".contains("/.almrun/") else { return true }
            return inputs.contains { !$0.isEmpty && $0 != prefix && file.path.hasPrefix($0 + "/") }
        }
    }

    /// SHA-256 over their paths and what is in them now.
    var digest: String { ContentDigest.of(files.map(\.path), below: top) }

    /// Whether it is known of each of them what is in it.
    var areKnown: Bool { !files.contains { $0.change == .unreadable } }

    /// The first few of some paths, for people.
    static func names(_ paths: [String]) -> String {
        let shown = paths.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        return paths.count > 3 ? "\(shown) and \(paths.count - 3) more" : shown
    }
}

extension Workspace {
    /// The manifests that are in no commit when a plan is run.
    func looseManifests(of plan: Plan) throws -> [String] {
        try LooseFiles(of: plan, in: self, try GitRepository(at: root)).manifests
    }
}

extension Plan {
    /// The files and folders that stages read, as far as the plan says them.
    fileprivate var readPaths: Set<String> {
        var paths: Set<String> = []
        let descriptions = Dictionary(uniqueKeysWithValues: BuiltinStages.descriptions.map { ($0.kind, $0) })
        for step in steps {
            // What else lies where a command runs is its own affair, such as tools that were fetched there.
            guard case .stage(let kind) = step.work, kind != ShellRun.description.kind,
                let description = descriptions[kind], case .map(let input) = step.input
            else { continue }
            for field in description.inputs where field.type == .path && field.isRead {
                guard let path = input[field.name]?.literal?.string else { continue }
                if let path = RepositoryFiles.normalized(path) { paths.insert(path) }
            }
        }
        return paths
    }
}
