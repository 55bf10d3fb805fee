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
        var request = RunRequest(
            requester: person, commit: try repository.head().id.description, version: Version.current)
        let loose = try LooseFiles(of: plan, in: self, repository)
        request.uncommitted = loose.files.count
        request.looseManifests = loose.manifests
        request.uncommittedDigest = plan.leavesOutCommitters ? loose.digest : nil
        var bringers = origin?.bringers ?? []
        // Who brings changes into a release that nobody committed stands for them.
        if request.uncommitted > 0 { bringers.insert(person) }
        request.uncommittedBy = bringers.sorted()
        guard let origin else { return request }
        request.committersDoubt = origin.doubt
        request.bases = origin.commits.keys.sorted()
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
        if request.committersDoubt == nil, found.isWhole {
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
