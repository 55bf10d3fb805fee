import Engine
import Git
import Pipelines

extension Workspace {
    /// What a new run of a plan is told of the repository: who asks, which commit, and who wrote what is released.
    func request(for plan: Plan) async throws -> RunRequest {
        let person = try person()
        let origin = try await ReleaseOrigin(of: plan, in: self)
        do {
            return try request(of: plan, by: person.email, origin)
        } catch let error as GitError {
            // What needs no commit can still run.
            guard error.kind == .notARepository || error.kind == .noCommit else { throw error }
            return RunRequest(requester: person.email, version: Version.current)
        }
    }

    private func request(of plan: Plan, by person: String, _ origin: ReleaseOrigin?) throws -> RunRequest {
        let repository = try GitRepository(at: root)
        let head = try repository.head().id
        var request = RunRequest(requester: person, commit: head.description, version: Version.current)
        let loose = try LooseFiles(of: plan, in: self, repository)
        request.uncommitted = loose.files.count
        request.looseManifests = loose.manifests
        request.uncommittedDigest = plan.leavesOutCommitters ? loose.digest : nil
        var bringers = origin?.bringers ?? []
        // Who brings changes into a release that nobody committed stands for them.
        if request.uncommitted > 0 { bringers.insert(person) }
        request.uncommittedBy = bringers.sorted()
        guard let origin else { return request }
        request.bases = origin.commits.keys.sorted()
        let writers = try origin.writers(of: head, in: repository)
        let all = writers.doubt == nil && writers.isWhole ? try repository.contributors(since: []) : nil
        guard writers.isWhole, all?.isWhole ?? true else {
            request.committersDoubt = ReleaseOrigin.cutOff
            return request
        }
        request.committers = writers.people
        request.everybody = all?.people.sorted() ?? []
        request.committersDoubt = writers.doubt
        return request
    }
}
