import Engine
import Git
import Pipelines
import Stages

extension Workspace {
    /// Refuses to take up a run whose package is still to be made, when it would be made of other files than those of which
    /// the run knows who wrote them, and a gate wants to know.
    func checkFiles(of state: RunState, resumedBy person: String) throws {
        guard isBoundToFiles(state), let commit = state.commit else { return }
        try state.comparing {
            try checkFiles(of: state, resumedBy: person, madeAt: commit) { repository, head in
                try LooseFiles(of: state.plan, in: self, repository, since: head, format: state.madeFormat)
            }
        }
    }

    private func checkFiles(
        of state: RunState, resumedBy person: String, madeAt commit: String,
        look: (borrowing GitRepository, CommitID) throws -> LooseFiles
    ) throws {
        let repository = try GitRepository(at: root)
        let head = try repository.head().id
        guard head.description == commit else {
            var paths: [String] = []
            if let made = CommitID(hex: commit), repository.hasCommit(made) {
                paths = try repository.paths(changedFrom: made, to: head)
            }
            let names = paths.isEmpty ? "" : " (\(LooseFiles.names(paths)))"
            throw refusal(
                of: state, commit,
                "run '\(state.run)' was made at commit \(commit.prefix(12)), and the repository is at "
                    + "\(head.description.prefix(12)) now\(names)",
                way: "start a new run, or go back to the commit (`git checkout \(commit.prefix(12))`) and resume")
        }
        let loose = try look(repository, head)
        guard !state.knows(loose, of: person) else { return }
        var refusal = refusal(
            of: state, commit, loose.decisive, isDoubtful: state.people.uncommitted > 0)
        if state.hasRunCommands {
            refusal.notes.insert(
                "what a stage of the run wrote is in no commit either: make it before the run, and commit it", at: 1)
        }
        throw refusal
    }

    /// The run as it is for somebody who has looked whether it would be taken up with the files as they are; the work tree is
    /// read only where a gate leaves out who wrote them.
    func facingFiles(_ state: RunState) -> RunState {
        guard !state.status.isFinished, state.otherFiles == nil, isBoundToFiles(state), let commit = state.commit,
            state.waits.contains(where: { if case .gate = $0.0.work { true } else { false } })
        else { return state }
        do {
            try checkFiles(of: state, resumedBy: try person().email, madeAt: commit) { repository, head in
                try compared.files(of: state.plan, at: head, format: state.madeFormat) {
                    try LooseFiles(
                        of: state.plan, in: self, GitRepository(at: root), since: head, format: state.madeFormat)
                }
            }
        } catch let refusal as Refusal where refusal.code == "run/other-files" {
            return state.facing(refusal)
        } catch {
            // What cannot be read `almrun resume` says by itself.
        }
        return state
    }

    /// Whether the run would be refused once a file has changed that its package is made of.
    func isBoundToFiles(_ state: RunState) -> Bool {
        state.plan.leavesOutCommitters && !state.plan.isRollback && state.commit != nil
            && state.isToReadFiles
    }

    /// Whether mending a file is of no use to a run that has failed.
    func takesUpNoChangedFiles(_ state: RunState) -> Bool {
        if isBoundToFiles(state) { return true }
        guard state.comparesFiles, state.commit != nil else { return false }
        return zip(state.plan.steps, state.steps).contains { step, known in
            (known.status == .failed || known.status == .rejected) && step.readsFiles
        }
    }

    /// Refuses to make a package of other files than those of the run, or to say something of them: each byte that was read
    /// has to be in the commit of the run, or to be what was in no commit when the run was made. Nil where no gate follows.
    func examination(of state: RunState) -> (any FileExamination)? {
        guard state.comparesFiles, let commit = state.commit.flatMap({ CommitID(hex: $0) }) else {
            return nil
        }
        return FileExaminer(of: state, at: commit, in: self)
    }

    /// - Parameters:
    ///   - isDoubtful: Whether others than what changed may be among the files: they differed before, and it is not kept of
    ///     each by itself how.
    ///   - hasNoCopy: Whether no commit has the files as they were.
    ///   - isForPackage: Whether a package would be made of the files, and not only something be said of them.
    ///   - isForNewRun: Whether the run could do nothing with the files of the commit either.
    func refusal(
        of state: RunState, _ commit: String, _ files: [ChangedFile], isDoubtful: Bool = false,
        hasNoCopy: Bool = false, isForPackage: Bool = true, isForNewRun: Bool = false
    ) -> Refusal {
        let count = files.count
        let names = LooseFiles.names(files.map(\.path))
        if isDoubtful, count > 0 {
            return refusal(
                of: state, commit,
                "what differs from the commit that run '\(state.run)' was made at is not what differed then: now "
                    + names + (count == 1 ? "" : " (which of them changed is not kept)"),
                isForPackage: isForPackage, way: Self.wayBack)
        }
        return refusal(
            of: state, commit,
            count == 0
                ? "what differed from the commit that run '\(state.run)' was made at is no longer as it was then"
                : "\(count) file\(count == 1 ? " differs" : "s differ") from the commit that run '\(state.run)' was made "
                    + "at, and not as then: \(names)", isForPackage: isForPackage,
            way: count == 0 || hasNoCopy ? Self.wayBack : wayBack(files, to: commit, isForNewRun: isForNewRun))
    }

    private static let wayBack =
        "start a new run, or bring back what was changed since and resume: git has no copy of what was in no commit"

    /// What brings files back that differ from a commit; from the top, as one may stand in any folder.
    private func wayBack(_ files: [ChangedFile], to commit: String, isForNewRun: Bool) -> String {
        var acts: [String] = []
        let committed = files.filter { $0.change != .added && $0.change != .untracked }.map(\.path)
        let added = files.filter { $0.change == .added || $0.change == .untracked }.map(\.path)
        if !committed.isEmpty {
            let shown = committed.prefix(10).map { path in
                shellWord(path.contains(where: "*?[\\".contains) ? ":(top,literal)\(path)" : ":/\(path)")
            }
            acts.append(
                "`git checkout \(commit.prefix(12)) -- \(shown.joined(separator: " "))`"
                    + (committed.count > 10 ? " and \(committed.count - 10) more" : ""))
        }
        if !added.isEmpty { acts.append("remove \(LooseFiles.names(added))") }
        return
            (isForNewRun
            ? "bring the files back and start a new run: "
            : "start a new run, or bring the files back as they were and resume: ") + acts.joined(separator: ", ")
    }

    private func refusal(
        of state: RunState, _ commit: String, _ what: String, isForPackage: Bool = true, way: String
    ) -> Refusal {
        let why = isForPackage ? "its package is still to be made" : "what is found in them would be no evidence"
        let leavesOut = state.plan.leavesOutCommitters
        return Refusal(
            "run/other-files", leavesOut ? "\(what): \(why), and it does not know who wrote that" : "\(what): \(why)",
            notes: [
                leavesOut
                    ? "a gate leaves out who wrote what is released"
                    : "the gates of the run are about the files that it was made with", way,
            ])
    }
}

extension RunState {
    /// Whether a command of the run has been at work, which may have written anything.
    fileprivate var hasRunCommands: Bool {
        plan.steps.contains { step in
            guard case .stage(let kind) = step.work, kind == ShellRun.description.kind else { return false }
            return self[step.id].map { $0.works > 0 } ?? false
        }
    }

    /// Whether a stage that makes a package has not ended well; where there is none, whether a gate still asks.
    fileprivate var isToReadFiles: Bool {
        let makers = plan.packageMakers
        guard !makers.isEmpty else {
            return plan.steps.contains { $0.leavesOutCommitters && self[$0.id]?.status.isSettled == false }
        }
        return makers.contains { maker in
            guard let status = self[maker.id]?.status else { return true }
            return !status.isGood && status != .skipped
        }
    }

    /// Whether these are the files that no commit had when the run was made, or none are and none were.
    func knows(_ loose: LooseFiles, of person: String) -> Bool {
        guard loose.areKnown else { return false }
        if let digest = people.uncommittedDigest { return loose.digest == digest }
        guard !loose.decisive.isEmpty else { return true }
        // A run of an earlier version knows only how many there were, and whom they are put down to.
        let bringers = people.bringers(requester: requester)
        return people.uncommitted > 0 && bringers.contains { $0.lowercased() == person.lowercased() }
    }
}
