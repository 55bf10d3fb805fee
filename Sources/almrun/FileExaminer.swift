import Engine
import Git
import Pipelines
import Stages
import Synchronization

/// Compares what the stages of a run have read with the commit that the run was made at.
///
/// What the commit has, and what was in no commit when the run was made, is looked up once, however many stages there are.
final class FileExaminer: Sendable {
    private struct Place: Hashable {
        var path: String
        var isDeep: Bool
        var isBeside: Bool
    }

    private struct Known {
        var top: WorkTreePlace?
        var folders: [Place: CommittedFolder] = [:]
        /// Those that are in no commit, and whether they are as they were when the run was made.
        var loose: (files: LooseFiles, areSame: Bool)?
    }

    private let state: RunState
    private let commit: CommitID
    private let workspace: Workspace
    private let generated: GeneratedFiles
    private let known = Mutex(Known())

    init(of state: RunState, at commit: CommitID, in workspace: Workspace) {
        self.state = state
        self.commit = commit
        self.workspace = workspace
        generated = state.plan.generatedFiles
    }

    /// Throws where files are not those of the commit, and not as they were when the run was made.
    func examine(_ read: ReadFiles) throws {
        try state.comparing { try compare(read) }
    }

    private func compare(_ read: ReadFiles) throws {
        guard let (folder, committed) = try known.withLock({ try find(read, &$0) }) else {
            throw failure([], read)
        }
        var others = committed.byteDifferences(of: folder)
        // What a command of the pipeline makes, as it says, is in no commit, and each gate tells people so.
        if let top = known.withLock(\.top) {
            others.removeAll { top.contains($0.path) && generated.contains(top.fromRoot($0.path)) }
        }
        guard !others.isEmpty else { return }
        let names = Dictionary(read.contents.keys.map { (committed.path(of: $0), $0) }) { first, _ in first }
        var loose: LooseFiles?
        if state.people.uncommitted > 0 { loose = try known.withLock { try looseThen(&$0) } }
        if let loose {
            others.removeAll { file in
                let bytes = names[file.path].flatMap { read.contents[$0] }
                return loose.holds(bytes, at: file.path)
                    || (committed.place(of: file.path).map { loose.holds(bytes, at: $0) } ?? false)
            }
        }
        // A link of the commit that led to nothing when the run was made leads to nothing now.
        others.removeAll { file in
            guard file.change == .deleted, committed.leadsNowhere(file.path) else { return false }
            return loose.map { $0.isSilent(about: committed.place(of: file.path) ?? "") }
                ?? (state.people.uncommitted == 0)
        }
        guard !others.isEmpty else { return }
        let repository = try GitRepository(at: workspace.root)
        others = try repository.differences(of: folder, from: committed).filter(others.contains)
        // A link that is in no commit either leads there.
        if let loose, var real = repository.followed(folder.path) {
            if read.isBeside { real = GitRepository.parent(of: real) }
            others.removeAll { file in
                guard let name = names[file.path] else { return false }
                let path = name.isEmpty ? real : real.isEmpty ? name : "\(real)/\(name)"
                if loose.holds(read.contents[name], at: path) { return true }
                guard !committed.has(file.path), let end = repository.followed(path) else { return false }
                return loose.holds(read.contents[name], at: end)
            }
        }
        if !others.isEmpty { throw failure(others.map(\.path), read) }
    }

    /// Nil when the root is not in the work tree.
    private func find(_ read: ReadFiles, _ known: inout Known) throws -> (ReadFolder, CommittedFolder)? {
        let place = Place(path: read.path, isDeep: read.isDeep, isBeside: read.isBeside)
        if known.folders[place] == nil {
            let repository = try GitRepository(at: workspace.root)
            known.top = known.top ?? WorkTreePlace(of: workspace, in: repository)
            guard let top = known.top else { return nil }
            known.folders[place] = try repository.folder(
                at: top.path(read.path), in: commit, isDeep: read.isDeep, isBeside: read.isBeside)
        }
        guard let top = known.top, let folder = known.folders[place] else { return nil }
        return (
            ReadFolder(path: top.path(read.path), contents: read.contents, overlooks: read.overlooks), folder
        )
    }

    /// What was in no commit when the run was made; nil where it is no longer as it was then.
    private func looseThen(_ known: inout Known) throws -> LooseFiles? {
        if let (files, areSame) = known.loose { return areSame ? files : nil }
        let repository = try GitRepository(at: workspace.root)
        let found = try LooseFiles(of: state.plan, in: workspace, repository, since: commit, format: state.madeFormat)
        let areSame = state.knows(found, of: try workspace.person().email)
        known.loose = (found, areSame)
        return areSame ? found : nil
    }

    private func failure(_ paths: [String], _ read: ReadFiles) -> StageFailure {
        // One digest is kept of all that differed, so that of each of these nobody knows whether it was changed.
        let doubtful = known.withLock { $0.loose.flatMap { $0.areSame ? nil : $0.files.comparedPaths } }
        let others = paths.filter { doubtful?.contains($0) == false }
        let refusal = workspace.refusal(
            of: state, commit.description, doubtful.map { $0 + others } ?? paths, isDoubtful: doubtful != nil,
            isForPackage: read.isForPackage)
        return StageFailure(
            .rejected, refusal.code, refusal.message,
            notes: refusal.notes + [
                state.plan.leavesOutCommitters
                    ? "what a stage of the run wrote is in no commit either: make it before the run, and commit it"
                    : "what a stage of the run wrote is in no commit either: name it under 'generates' of its `shell.run`"
            ])
    }
}

extension RunState {
    /// Compares something with the commit of the run; what git says then is about that, and not about where one stands.
    func comparing(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch let error as GitError where error.kind != .dubiousOwnership {
            throw GitError(
                error.kind,
                "run '\(run)' has to be compared with its commit \(commit?.prefix(12) ?? ""), and git says: "
                    + error.message,
                help: "resume it in a clone whose history has that commit, with its '.almrun', or start a new run")
        }
    }
}
