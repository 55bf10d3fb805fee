import Engine
import Git
import Pipelines

extension Workspace {
    /// What a new run of a plan is told of the repository: who asks, which commit, and who wrote what is released.
    func request(for plan: Plan) async throws -> RunRequest {
        let person = try person()
        let origin = try await ReleaseOrigin(of: plan, in: self)
        do throws(GitError) {
            return try request(by: person.email, origin)
        } catch {
            // What needs no commit can still run.
            guard error.kind == .notARepository || error.kind == .noCommit else { throw error }
            return RunRequest(requester: person.email, version: Version.current)
        }
    }

    /// Refuses to take up a run whose package is still to be made, when it would be made of other files than those of which
    /// the run knows who wrote them, and a gate wants to know.
    func checkFiles(of state: RunState) throws {
        let isAskedFor = state.plan.steps.contains { $0.leavesOutCommitters && state[$0.id]?.status.isSettled == false }
        guard isAskedFor, let commit = state.commit, state.plan.pipeline != RollbackPlan.pipeline,
            state.madePackages.isEmpty
        else { return }
        let repository = try GitRepository(at: root)
        let head = try repository.head().id.description
        let changed = try uncommitted(in: repository)
        guard head != commit || (changed > 0 && state.uncommitted == 0) else { return }
        let what =
            head == commit
            ? "\(changed) file\(changed == 1 ? " differs" : "s differ") from the commit that run '\(state.run)' was made at"
            : "run '\(state.run)' was made at commit \(commit.prefix(12)), and the repository is at \(head.prefix(12)) now"
        throw Refusal(
            "run/other-files", "\(what): its package is still to be made, and it does not know who wrote that",
            notes: [
                "a gate leaves out who wrote what is released",
                "start a new run, or bring the files back as they were (`git checkout \(commit.prefix(12))`) and resume",
            ])
    }

    /// How many files differ from the head commit, without those of the runs.
    private func uncommitted(in repository: borrowing GitRepository) throws(GitError) -> Int {
        guard repository.workTree != nil else { return 0 }
        return try repository.changes().count { !"/\($0.path)".contains("/.almrun/") }
    }

    private func request(by person: String, _ origin: ReleaseOrigin?) throws(GitError) -> RunRequest {
        let repository = try GitRepository(at: root)
        var request = RunRequest(
            requester: person, commit: try repository.head().id.description, version: Version.current)
        request.uncommitted = try uncommitted(in: repository)
        var bringers = origin?.bringers ?? []
        // Who brings changes into a release that nobody committed stands for them.
        if request.uncommitted > 0 { bringers.insert(person) }
        request.uncommittedBy = bringers.sorted()
        guard let origin else { return request }
        request.committersDoubt = origin.doubt
        var bases: [CommitID] = []
        for (commit, what) in origin.commits.sorted(by: { $0.key < $1.key }) {
            if let id = CommitID(hex: commit), repository.hasCommit(id) {
                bases.append(id)
            } else if request.committersDoubt == nil {
                request.committersDoubt =
                    "commit \(commit.prefix(12)), of which \(what) was made, is not in this repository"
            }
        }
        var found = try repository.contributors(since: request.committersDoubt == nil ? bases : [])
        request.committers = found.people.sorted()
        if origin.isAskedFor, request.committersDoubt == nil, found.isWhole {
            found = try repository.contributors(since: [])
            request.everybody = found.people.sorted()
        }
        if !found.isWhole {
            request.committers = []
            request.everybody = []
            request.committersDoubt = "the history was cut off when cloning (git fetch --unshallow)"
        }
        return request
    }
}
