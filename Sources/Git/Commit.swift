import CLibGit2
public import FoundationEssentials

/// One commit, as plain values.
public struct Commit: Sendable, Hashable {
    public var id: CommitID
    public var parents: [CommitID]
    public var author: Person
    public var committer: Person
    /// When it was committed.
    public var date: Date
    /// The first paragraph of the message on one line.
    public var summary: String
}

extension Commit {
    init(_ handle: borrowing Handle) {
        let pointer = handle.pointer
        id = git_commit_id(pointer).map { CommitID($0.pointee) } ?? CommitID(git_oid())
        parents = (0..<git_commit_parentcount(pointer)).compactMap {
            git_commit_parent_id(pointer, $0).map { CommitID($0.pointee) }
        }
        author = Person(git_commit_author(pointer))
        committer = Person(git_commit_committer(pointer))
        date = Date(timeIntervalSince1970: Double(git_commit_time(pointer)))
        summary = git_commit_summary(pointer).map { String(cString: $0) } ?? ""
    }
}
