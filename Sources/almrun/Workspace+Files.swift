import Engine
import Git
import Pipelines
import Stages

extension Workspace {
    /// Refuses to take up a run whose package is still to be made, when it would be made of other files than those of which
    /// the run knows who wrote them, and a gate wants to know.
    func checkFiles(of state: RunState, resumedBy person: String) throws {
        guard state.plan.leavesOutCommitters, state.plan.pipeline != RollbackPlan.pipeline, let commit = state.commit,
            state.isToReadFiles
        else { return }
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
                    + "\(head.description.prefix(12)) now\(names)")
        }
        let loose = try LooseFiles(of: state.plan, in: self, repository)
        guard !state.knows(loose, of: person) else { return }
        let count = loose.files.count
        guard count > 0 else {
            throw refusal(
                of: state, commit,
                "what differed from the commit that run '\(state.run)' was made at is no longer as it was then")
        }
        throw refusal(
            of: state, commit,
            "\(count) file\(count == 1 ? " differs" : "s differ") from the commit that run '\(state.run)' was made at, and "
                + "not as then: \(LooseFiles.names(loose.files.map(\.path)))")
    }

    private func refusal(of state: RunState, _ commit: String, _ what: String) -> Refusal {
        Refusal(
            "run/other-files", "\(what): its package is still to be made, and it does not know who wrote that",
            notes: [
                "a gate leaves out who wrote what is released",
                "start a new run, or bring the files back as they were (`git checkout \(commit.prefix(12))`) and resume",
            ])
    }
}

extension RunState {
    /// Whether a stage that makes a package has not ended well; where there is none, whether a gate still asks.
    fileprivate var isToReadFiles: Bool {
        let kinds = Set(BuiltinStages.descriptions.filter(\.makesPackage).map(\.kind))
        let makers = plan.steps.filter { step in
            if case .stage(let kind) = step.work { kinds.contains(kind) } else { false }
        }
        guard !makers.isEmpty else {
            return plan.steps.contains { $0.leavesOutCommitters && self[$0.id]?.status.isSettled == false }
        }
        return makers.contains { maker in
            guard let status = self[maker.id]?.status else { return true }
            return !status.isGood && status != .skipped
        }
    }

    /// Whether these are the files that no commit had when the run was made, or none are and none were.
    fileprivate func knows(_ loose: LooseFiles, of person: String) -> Bool {
        guard loose.areKnown else { return false }
        if let uncommittedDigest { return loose.digest == uncommittedDigest }
        guard !loose.files.isEmpty else { return true }
        // A run of an earlier version knows only how many there were, and whom they are put down to.
        let bringers = uncommittedBy.isEmpty ? [requester] : uncommittedBy
        return uncommitted > 0 && bringers.contains { $0.lowercased() == person.lowercased() }
    }
}

extension StageDescription {
    /// Whether a new package comes of it.
    fileprivate var makesPackage: Bool {
        outputs.contains { $0.type == .package } && !inputs.contains { $0.type == .package }
    }
}
