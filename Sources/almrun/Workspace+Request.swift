import Engine
import Git
import Pipelines

extension Workspace {
    /// What a new run of a plan is told of the repository: who asks, which commit, and who wrote what is released.
    func request(for plan: Plan) async throws -> RunRequest {
        let person = try person()
        let origin = try await ReleaseOrigin(of: plan, in: self)
        do {
            var request = try request(of: plan, by: person.email, origin)
            request.people.add(makers: try await makers(ofGiven: plan.givenPackages, to: plan))
            return request
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
        let loose = try LooseFiles(of: plan, in: self, repository, since: head)
        request.people.uncommitted = loose.released.count
        request.people.looseManifests = loose.manifests + loose.firstOthers
        // Where nobody can know what is in them, only committers are left out for that.
        let isCompared = plan.leavesOutCommitters || (plan.hasGates && loose.areKnown)
        request.people.uncommittedDigest = isCompared ? loose.digest : nil
        var bringers = origin?.bringers ?? []
        // Who brings changes into a release that nobody committed stands for them.
        if request.people.uncommitted > 0 { bringers.insert(person) }
        request.people.uncommittedBy = bringers.sorted()
        guard let origin else { return request }
        request.people.bases = origin.commits.keys.sorted()
        let writers = try origin.writers(of: head, in: repository)
        let all = writers.doubt == nil && writers.isWhole ? try origin.everybody(upTo: head, in: repository) : nil
        guard writers.isWhole, all?.isWhole ?? true else {
            request.people.committersDoubt = ReleaseOrigin.cutOff
            return request
        }
        request.people.committers = writers.people
        request.people.everybody = all?.people.sorted() ?? []
        request.people.committersDoubt = writers.doubt
        return request
    }
}
