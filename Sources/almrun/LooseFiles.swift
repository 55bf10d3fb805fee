import Documents
import Engine
import Foundation
import Git
import OrderedCollections
import Pipelines
import Solutions
import Stages

/// The files of which a commit does not say what is in them when a plan is run.
struct LooseFiles {
    /// All that differ, and those that the plan's stages read and that git ignores, by path from the top of the work tree;
    /// without those of the runs.
    let files: [ChangedFile]
    /// Those of which it matters what is in them: not what nobody added to git and no stage reads, such as reports, and not
    /// what no package holds, such as `.gitkeep`.
    let decisive: [ChangedFile]
    /// The decisive ones, and what the plan was made from: who asks for the run stands for them, also where a command makes
    /// files beside them; not what git ignores there.
    let released: [ChangedFile]
    /// The first few of these from the repository's root, without pipelines, environments, roles and templates.
    let firstOthers: [String]
    /// How many of them are kept by name at most.
    static let keptNames = 5
    /// Those of the decisive ones that have to stay as they are: where no gate leaves out committers, what stages read.
    let compared: [ChangedFile]
    /// The pipelines, environments, roles and templates among all that differ or are ignored, from the repository's root:
    /// those that the plan was made from, and others up to 20 together.
    let manifests: [String]
    /// SHA-256 over those that have to stay: their paths, and what is in them now; empty where there is no gate.
    let digest: String
    /// SHA-256 of what is in each of these files.
    private let digests: [String: String]

    /// - Parameters:
    ///   - commit: The one that is checked out.
    ///   - format: That of the rules by which the run was made.
    init(
        of plan: Plan, in workspace: Workspace, _ repository: borrowing GitRepository, since commit: CommitID,
        format: Int = RunEvent.format
    ) throws {
        guard let place = WorkTreePlace(of: workspace, in: repository) else {
            files = [ChangedFile(path: ".", change: .unreadable)]
            (decisive, released, compared) = (files, files, files)
            (manifests, firstOthers) = ([], [])
            (digest, digests) = ContentDigest.of(["."], below: workspace.root)
            return
        }
        let folders = ["pipelines", "environments", "templates"].map(place.path)
        // Only gates are worth the time that it takes to read all files.
        let isThorough = plan.hasGates
        let ignorable = try repository.differences(below: folders, from: commit, isThorough: isThorough)
        let readPaths = plan.readPaths(below: workspace.root, format: format)
        let ofStages = try repository.differences(
            below: readPaths.all.map(place.path).sorted(), from: commit, passingOver: place.path(".almrun"),
            isThorough: isThorough)
        var found: [String: ChangedFile] = [:]
        for file in ofStages { found[file.path] = file }
        // A manifest that git ignores is no part of a package.
        for file in ignorable where file.change != .untracked { found[file.path] = file }
        let uncommitted = try repository.uncommitted().filter { !"/\($0.path)".contains("/.almrun/") }
        for file in uncommitted { found[file.path] = file }
        files = found.values.sorted { $0.path < $1.path }
        manifests = Self.manifests(
            Set(files.map(\.path) + ignorable.map(\.path)).filter { path in
                path.hasSuffix(".yaml") && folders.contains { path.hasPrefix($0 + "/") }
            }.map(place.fromRoot), readBy: plan)
        let isRead = Set(ofStages.map(\.path))
        // What a command reads nobody knows, and it may make the package where no stage does.
        let needsUntracked =
            plan.packageMakers.isEmpty
            && (format < 5 || plan.steps.contains { $0.work == .stage(ShellRun.description.kind) })
        let packed = readPaths.packed.map { repository.followed(place.path($0)) ?? place.path($0) }
        let judged = readPaths.others.map { repository.followed(place.path($0)) ?? place.path($0) }
        let decisive = files.filter { file in
            guard file.change != .untracked || needsUntracked || isRead.contains(file.path) else { return false }
            guard format >= 5, !judged.contains(where: { RepositoryFiles.isPath(file.path, atOrBelow: $0) }) else {
                return true
            }
            return !packed.contains { folder in
                file.path.hasPrefix(folder + "/")
                    && SolutionFolder.overlooks(String(file.path.dropFirst(folder.count + 1)))
            }
        }
        let (those, sources) = (Set(decisive.map(\.path)), Set(plan.sources.map(\.file)))
        let generated = plan.generatedFiles
        func isMadeAnew(_ file: ChangedFile) -> Bool {
            place.contains(file.path) && generated.contains(place.fromRoot(file.path))
        }
        let shown = Set(uncommitted.map(\.path))
        released = files.filter { file in
            // What git ignores where a command makes files is what a run left, and is made anew; what was there before and is not
            // written then, each gate tells.
            (those.contains(file.path) || sources.contains(place.fromRoot(file.path)))
                && !(file.change == .untracked && isMadeAnew(file) && !shown.contains(file.path))
        }
        let names = released.map { place.contains($0.path) ? place.fromRoot($0.path) : $0.path }
        let others = names.filter { !KnownPeople.isManifest($0) }
        firstOthers = Array(
            (others.filter { !generated.contains($0) } + others.filter(generated.contains)).prefix(Self.keptNames))
        compared =
            plan.leavesOutCommitters
            ? decisive : decisive.filter { isRead.contains($0.path) && !isMadeAnew($0) }
        // A link that git does not have and that leads out of the work tree is read where it leads.
        let paths = isThorough ? compared.map(\.path) : []
        let leadingOut = Set(paths.filter { repository.followed($0) == nil })
        (digest, digests) =
            isThorough ? ContentDigest.of(paths, below: place.top, following: leadingOut) : ("", [:])
        self.decisive = decisive
    }

    /// Those that say who decides come first: of what nothing reads there may be any number.
    private static func manifests(_ paths: [String], readBy plan: Plan) -> [String] {
        let read = Set(plan.sources.map(\.file))
        let first = paths.filter(read.contains).sorted()
        return first + paths.filter { !read.contains($0) }.sorted().prefix(max(0, 20 - first.count))
    }

    /// Whether a file had these bytes, or was not there.
    func holds(_ bytes: [UInt8]?, at path: String) -> Bool {
        guard let bytes else { return compared.contains(ChangedFile(path: path, change: .deleted)) }
        return digests[path] == ContentDigest.of(bytes)
    }

    /// Whether nothing at a path or below it is among them.
    func isSilent(about path: String) -> Bool {
        !files.contains { RepositoryFiles.isPath($0.path, atOrBelow: path) }
    }

    /// Those that had to stay as they are, and were read as something else.
    ///
    /// - Parameter bytes: What was read at a path from the top: nothing for a file that is gone, nil where it was not read.
    func changes(_ bytes: (String) -> [UInt8]??) -> [ChangedFile] {
        compared.compactMap { file in
            guard file.change == .deleted || digests[file.path] != nil, let read = bytes(file.path),
                !holds(read, at: file.path)
            else { return nil }
            return ChangedFile(path: file.path, change: read == nil ? .deleted : .modified)
        }
    }

    /// Whether it is known of each of them what is in it.
    var areKnown: Bool { !compared.contains { $0.change == .unreadable } }

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
        let kinds = BuiltinStages.packers
        return steps.filter { step in
            if case .stage(let kind) = step.work { kinds.contains(kind) } else { false }
        }
    }

    /// The files and folders that stages read, as far as the plan says them: to make a package of them, and others.
    fileprivate func readPaths(
        below root: String, format: Int
    ) -> (packed: Set<String>, others: Set<String>, all: Set<String>) {
        var (packed, others): (Set<String>, Set<String>) = ([], [])
        let descriptions = Dictionary(uniqueKeysWithValues: BuiltinStages.descriptions.map { ($0.kind, $0) })
        for step in steps {
            // What else lies where a command runs is its own affair, such as tools that were fetched there.
            guard case .stage(let kind) = step.work, kind != ShellRun.description.kind,
                let description = descriptions[kind], case .map(let input) = step.input
            else { continue }
            for field in description.readPaths {
                guard let path = input[field.name]?.literal?.string, let path = RepositoryFiles.normalized(path) else {
                    continue
                }
                if description.makesPackage { packed.insert(path) } else { others.insert(path) }
            }
            // Earlier versions did not keep what was in those.
            guard format >= 5 else { continue }
            others.formUnion(
                BuiltinStages.companions(of: step, root: root).compactMap { RepositoryFiles.normalized($0) })
        }
        return (packed, others, packed.union(others))
    }
}

extension Step {
    /// Whether it is a stage that reads files of the repository by itself.
    var readsFiles: Bool {
        guard case .stage(let kind) = work, kind != ShellRun.description.kind else { return false }
        return BuiltinStages.descriptions.first { $0.kind == kind }?.readPaths.isEmpty == false
    }
}

extension StageDescription {
    fileprivate var readPaths: [Field] { inputs.filter { $0.type == .path && $0.isRead } }
}
