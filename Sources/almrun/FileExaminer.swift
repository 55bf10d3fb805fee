import Documents
import Engine
import Git
import Pipelines
import Stages
import Synchronization

/// Compares what the stages of a run have read with the commit that the run was made at.
///
/// What the commit has, and what was in no commit when the run was made, is looked up once, however many stages there are.
final class FileExaminer: FileExamination {
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
        var made: MadeFiles
    }

    private let state: RunState
    private let commit: CommitID
    private let workspace: Workspace
    private let known: Mutex<Known>

    init(of state: RunState, at commit: CommitID, in workspace: Workspace) {
        self.state = state
        self.commit = commit
        self.workspace = workspace
        known = Mutex(Known(made: MadeFiles(of: state)))
    }

    func learn(_ output: Value, of step: StepID) { known.withLock { $0.made.learn(output, of: step) } }

    /// Throws where files are not those of the commit, and not as they were when the run was made.
    func examine(_ read: ReadFiles) throws {
        try state.comparing { try compare(read) }
    }

    private func compare(_ read: ReadFiles) throws {
        guard let (folder, committed) = try known.withLock({ try find(read, &$0) }) else {
            throw failure([], read)
        }
        let names = Dictionary(read.contents.keys.map { (committed.path(of: $0), $0) }) { first, _ in first }
        var others = committed.byteDifferences(of: folder)
        // What a command of the run made is in no commit, and each gate tells people so.
        let (isMade, changed) = made(read, committed, names, others.map(\.path))
        others.removeAll { isMade.contains($0.path) }
        guard changed.isEmpty else { throw failure(changed, read, hasNoCopy: true) }
        var loose: LooseFiles?
        if state.people.uncommitted > 0 {
            loose = try known.withLock { try looseThen(&$0) }
            try checkLoose(loose, read, committed, names, isSame: others.isEmpty)
        }
        guard !others.isEmpty else { return }
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
        if !others.isEmpty { throw failure(others, read) }
    }

    /// The paths at which a command of the run has said what is there, whatever the commit has, and those that are not as it
    /// left them.
    private func made(
        _ read: ReadFiles, _ committed: CommittedFolder, _ names: [String: String], _ others: [String]
    ) -> (paths: Set<String>, changed: [ChangedFile]) {
        let (made, top) = known.withLock { ($0.made, $0.top) }
        guard let top, !made.isEmpty else { return ([], []) }
        var (paths, changed): (Set<String>, [ChangedFile]) = ([], [])
        let below = made.files.keys.map(top.path).filter { read.isIn($0, committed.path(of: "")) }
        for path in Set(others).union(names.keys).union(below).sorted() where top.contains(path) {
            let place = top.fromRoot(path)
            guard made.covers(place) else { continue }
            // What it did nothing to has to be that of the commit as well.
            if !committed.has(path) || !made.leaveAlone(place) { paths.insert(path) }
            let bytes = names[path].flatMap { read.contents[$0] }
            guard bytes.map({ ContentDigest.of($0) }) != made.files[place] else { continue }
            changed.append(ChangedFile(path: path, change: bytes == nil ? .deleted : .modified))
        }
        return (paths, changed)
    }

    /// What differed from the commit when the run was made has to be as it was then: the commit's own is another file.
    private func checkLoose(
        _ loose: LooseFiles?, _ read: ReadFiles, _ committed: CommittedFolder, _ names: [String: String],
        isSame: Bool
    ) throws {
        if let loose {
            let changed = loose.changes { path in
                if let name = names[path] { return .some(read.contents[name]) }
                return read.isIn(path, committed.path(of: "")) ? .some(nil) : nil
            }
            if !changed.isEmpty { throw failure(changed, read, hasNoCopy: true) }
        } else if isSame, let top = known.withLock(\.top), mayHaveRead(read, names.keys.map { top.fromRoot($0) }) {
            throw failure([], read)
        }
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

    /// Whether a file that was in no commit when the run was made, and is not as it was then, may be among those read.
    private func mayHaveRead(_ read: ReadFiles, _ paths: [String]) -> Bool {
        let people = state.people
        // Only the first few are kept by name.
        guard people.looseFiles.count < LooseFiles.keptNames else { return true }
        let folder = RepositoryFiles.normalized(read.path) ?? read.path
        return people.looseManifests.contains { name in
            paths.contains(name) || (read.isDeep && name.hasPrefix(folder + "/"))
        }
    }

    /// - Parameter hasNoCopy: Whether the files were in no commit as they were read before.
    private func failure(_ files: [ChangedFile], _ read: ReadFiles, hasNoCopy: Bool = false) -> StageFailure {
        let (made, top, found) = known.withLock { ($0.made, $0.top, $0.loose) }
        // One digest is kept of all that differed, so that of each of these nobody knows whether it was changed.
        let doubtful = found.flatMap { $0.areSame ? nil : $0.files.compared }
        let others = files.filter { file in doubtful?.contains { $0.path == file.path } == false }
        let makers = Set(files.compactMap { file in top.flatMap { made.maker(of: $0.fromRoot(file.path)) } })
        let refusal = workspace.refusal(
            of: state, commit.description, doubtful.map { $0 + others } ?? files, isDoubtful: doubtful != nil,
            hasNoCopy: hasNoCopy, isForPackage: read.isForPackage, isForNewRun: !makers.isEmpty)
        let names = makers.map { "'\($0)'" }.sorted().joined(separator: ", ")
        let written: String
        if makers.isEmpty {
            written =
                state.plan.leavesOutCommitters
                ? "what a stage of the run wrote is in no commit either: make it before the run, and commit it"
                : "what a stage of the run wrote is in no commit either: name it under 'generates' of its `shell.run`"
        } else if hasNoCopy {
            written = "what \(names) made is taken as it was made: it was changed after that"
        } else {
            written = "\(names) left alone what was there, or missing, before, and that is not as the commit has it"
        }
        return StageFailure(.rejected, refusal.code, refusal.message, notes: refusal.notes + [written])
    }
}

extension ReadFiles {
    /// Whether a path from the top is that of a file that would have been read, were it there.
    fileprivate func isIn(_ path: String, _ folder: String) -> Bool {
        guard contents[""] == nil, folder.isEmpty || path.hasPrefix(folder + "/") else { return false }
        let name = folder.isEmpty ? path : String(path.dropFirst(folder.count + 1))
        return (isDeep || !name.contains("/")) && !overlooks(name)
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
                help: error.kind.isAboutHistory
                    ? "resume it in a clone whose history has that commit, with its '.almrun', or start a new run"
                    : error.help
                        ?? "`git fsck` says whether git's files are whole; where they lack that commit, resume it in a clone "
                        + "that has it")
        }
    }
}

extension GitError.Kind {
    /// Whether the repository, or a commit of it, is missing; a file of git's that cannot be read is not helped by a clone.
    fileprivate var isAboutHistory: Bool {
        switch self {
        case .notARepository, .unsupportedFormat, .noWorkTree, .partialClone, .shallowClone, .noCommit, .noSuchRevision:
            true
        case .dubiousOwnership, .noSuchPath, .notAFile, .invalidName, .tagElsewhere, .noIdentity, .dirty, .noSuchRemote,
            .unsupportedRemote, .remoteRefused, .other:
            false
        }
    }
}
