import CLibGit2

extension GitRepository {
    /// Whether a commit is another one, or leads to it; false as well where that cannot be seen.
    public func leads(_ one: CommitID, to other: CommitID) throws(GitError) -> Bool {
        if one == other { return true }
        var (ancestor, commit) = (one.raw, other.raw)
        let code = git_graph_descendant_of(pointer, &commit, &ancestor)
        if code == GIT_ENOTFOUND.rawValue { return false }
        guard code >= 0 else { throw GitError.last("cannot look whether \(one) leads to \(other)", code: code) }
        return code == 1
    }

    /// Who wrote all the commits that lead to a commit, where it is known who wrote those that lead to some of them: only
    /// what came after one of these is read.
    ///
    /// - Parameter known: Everybody in the whole history of a commit.
    public func contributors(
        of commit: CommitID, knowing known: [CommitID: [String]]
    ) throws(GitError) -> Contributors {
        // Of a history that was cut off, nobody knows all.
        if !isShallow {
            for (base, people) in known.sorted(by: { $0.key.description < $1.key.description }) {
                guard hasCommit(base), try leads(base, to: commit) else { continue }
                var found = try contributors(of: commit, since: [base])
                found.people.formUnion(people)
                return found
            }
        }
        return try contributors(of: commit, since: [])
    }
}
