import Documents
import Engine
import Foundation
import Git
import OrderedCollections
import Pipelines
import Stages

/// The files of which a commit does not say what is in them when a plan is run.
struct LooseFiles {
    /// All that differ, and those that the plan's stages read and that git ignores, by path from the top of the work tree;
    /// without those of the runs.
    let files: [ChangedFile]
    /// Those of which it matters what is in them: where a stage makes a package, not what nobody added to git and no stage
    /// reads, such as reports.
    let decisive: [ChangedFile]
    /// The pipelines, environments, roles and templates among all that differ or are ignored, from the repository's root;
    /// at most 20.
    let manifests: [String]
    /// SHA-256 over the decisive ones: their paths, and what is in them now; empty where no gate leaves out committers.
    let digest: String

    /// - Parameters:
    ///   - commit: The one that is checked out.
    ///   - read: What a stage has read: it counts in place of what is on the disk by now.
    init(
        of plan: Plan, in workspace: Workspace, _ repository: borrowing GitRepository, since commit: CommitID,
        reading read: ReadFiles? = nil
    ) throws {
        guard let place = WorkTreePlace(of: workspace, in: repository) else {
            files = [ChangedFile(path: ".", change: .unreadable)]
            decisive = files
            manifests = []
            digest = ContentDigest.of(["."], below: workspace.root)
            return
        }
        var folder: ReadFolder?
        if let read {
            let path = place.path(read.folder)
            folder = ReadFolder(
                path: repository.followed(path) ?? path, contents: read.contents, overlooks: read.overlooks)
        }
        let folders = ["pipelines", "environments", "templates"].map(place.path)
        // Only a gate that leaves out committers is worth the time that it takes to read all files.
        let isThorough = plan.leavesOutCommitters
        let ignorable = try repository.differences(below: folders, from: commit, isThorough: isThorough)
        let ofStages = try repository.differences(
            below: plan.readPaths.map(place.path).sorted(), from: commit, passingOver: place.path(".almrun"),
            isThorough: isThorough, reading: folder)
        var found: [String: ChangedFile] = [:]
        for file in ofStages { found[file.path] = file }
        // A manifest that git ignores is no part of a package.
        for file in ignorable where file.change != .untracked { found[file.path] = file }
        for file in try repository.uncommitted() where !"/\(file.path)".contains("/.almrun/") {
            found[file.path] = file
        }
        files = found.values.sorted { $0.path < $1.path }
        manifests = Array(
            Set(files.map(\.path) + ignorable.map(\.path)).sorted().filter { path in
                path.hasSuffix(".yaml") && folders.contains { path.hasPrefix($0 + "/") }
            }.map(place.fromRoot).prefix(20))
        let isRead = Set(ofStages.map(\.path))
        let makesPackage = !plan.packageMakers.isEmpty
        decisive = files.filter { !makesPackage || $0.change != .untracked || isRead.contains($0.path) }
        var contents: [String: [UInt8]?] = [:]
        if let folder {
            let prefix = folder.path.isEmpty ? "" : folder.path + "/"
            for file in decisive where file.path.hasPrefix(prefix) && !file.path.hasSuffix("/") {
                let name = String(file.path.dropFirst(prefix.count))
                if !folder.overlooks(name) { contents[file.path] = .some(folder.contents[name]) }
            }
        }
        digest = isThorough ? ContentDigest.of(decisive.map(\.path), below: place.top, read: contents) : ""
    }

    /// Whether it is known of each of them what is in it.
    var areKnown: Bool { !decisive.contains { $0.change == .unreadable } }

    /// The first few of some paths, for people.
    static func names(_ paths: [String]) -> String {
        let shown = paths.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        return paths.count > 3 ? "\(shown) and \(paths.count - 3) more" : shown
    }
}

extension Workspace {
    /// The manifests that are in no commit when a plan is run.
    func looseManifests(of plan: Plan) throws -> [String] {
        let repository = try GitRepository(at: root)
        return try LooseFiles(of: plan, in: self, repository, since: try repository.head().id).manifests
    }
}

extension Plan {
    /// The stages that make a package of files.
    var packageMakers: [Step] {
        let kinds = Set(BuiltinStages.descriptions.filter(\.makesPackage).map(\.kind))
        return steps.filter { step in
            if case .stage(let kind) = step.work { kinds.contains(kind) } else { false }
        }
    }

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

extension StageDescription {
    /// Whether a new package comes of it.
    fileprivate var makesPackage: Bool {
        outputs.contains { $0.type == .package } && !inputs.contains { $0.type == .package }
    }
}
