import Foundation
import Synchronization
import Testing

@testable import Git

@Suite("Tags survive a power failure")
struct SyncTests {
    private let tagger = Person(name: "Release", email: "release@example.com")
    private let date = Date(timeIntervalSince1970: 1_790_000_000)

    /// What was synced, in this order; paths after the name of a repository.
    private final class Record: Sendable {
        let paths = Mutex<[String]>([])

        var disk: GitDisk { GitDisk { path in self.paths.withLock { $0.append(path) } } }

        func take() -> [String] {
            paths.withLock { paths in
                defer { paths = [] }
                return paths
            }
        }
    }

    private func make(_ name: String, in repository: borrowing GitRepository) throws -> TagResult {
        try repository.createTag(named: name, on: "HEAD", message: "One", tagger: tagger, date: date)
    }

    /// What must be synced for a tag `connector/sales/v1.0.0`.
    private func expected(_ folder: String, _ tag: Git.Tag) -> [String] {
        let id = tag.id.hex
        return [
            "objects/\(id.prefix(2))/\(id.dropFirst(2))", "objects/\(id.prefix(2))", "objects",
            "refs/tags/connector/sales/v1.0.0", "refs/tags/connector/sales", "refs/tags/connector", "refs/tags", "refs",
        ].map { "\(folder)/\($0)" }
    }

    @Test("a new tag is synced with every folder above it, and one that is there already as well")
    func create() throws {
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        let record = Record()
        let repository = try GitRepository(at: scratch.path, disk: record.disk)
        let made = try make("connector/sales/v1.0.0", in: repository)
        #expect(record.take() == expected("\(scratch.path)/.git", made.tag))
        guard case .alreadyThere = try make("connector/sales/v1.0.0", in: repository) else {
            Issue.record("the tag was made again")
            return
        }
        #expect(record.take() == expected("\(scratch.path)/.git", made.tag))
        try repository.sync(made.tag)
        #expect(record.take() == expected("\(scratch.path)/.git", made.tag))
    }

    @Test("what git has packed is left to git")
    func packed() throws {
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        let record = Record()
        let repository = try GitRepository(at: scratch.path, disk: record.disk)
        let made = try make("v1.0.0", in: repository)
        try scratch.git("pack-refs", "--all")
        try scratch.git("repack", "-a", "-d", "-q")
        _ = record.take()
        #expect(try make("v1.0.0", in: repository) == .alreadyThere(made.tag, difference: nil))
        #expect(record.take() == [])
    }

    @Test("a disk that cannot sync makes it fail, and the next attempt syncs the tag that is there")
    func failure() throws {
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        let broken = GitDisk { path throws(GitError) in
            if path.hasSuffix("/refs/tags/connector") { throw GitError(.other, "cannot sync '\(path)'") }
        }
        #expect(throws: GitError.self) {
            _ = try make("connector/sales/v1.0.0", in: GitRepository(at: scratch.path, disk: broken))
        }
        let record = Record()
        let again = try make("connector/sales/v1.0.0", in: GitRepository(at: scratch.path, disk: record.disk))
        #expect(record.take() == expected("\(scratch.path)/.git", again.tag))
    }

    @Test("the remote is synced too", arguments: ["", "file://", "file://localhost"])
    func push(scheme: String) throws {
        let remote = try ScratchRepository(bare: true)
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        try scratch.git("remote", "add", "origin", scheme + remote.path)
        let record = Record()
        let repository = try GitRepository(at: scratch.path, disk: record.disk)
        _ = try make("connector/sales/v1.0.0", in: repository)
        for _ in 1...2 {
            _ = record.take()
            _ = try repository.push(tag: "connector/sales/v1.0.0")
            let name = "\(remote.path)/refs/tags/connector/sales/v1.0.0"
            let synced = record.take()
            #expect(synced.contains(name))
            #expect(synced.last == "\(remote.path)/refs")
        }
    }

    @Test(
        "the folder that a URL names",
        arguments: [
            ("/srv/a.git", "/srv/a.git"), ("../a b.git", "../a b.git"), ("file:///srv/a%20b.git", "/srv/a b.git"),
            ("file://localhost/srv/a.git", "/srv/a.git"),
        ])
    func path(url: String, folder: String) { #expect(GitRepository.path(of: url) == folder) }
}
