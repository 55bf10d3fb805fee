import Foundation
import Testing

@testable import Git

@Suite("Tags are pushed to remotes on this machine")
struct PushTests {
    private let tagger = Person(name: "Release", email: "release@example.com")
    private let date = Date(timeIntervalSince1970: 1_790_000_000)

    private func tagged(remote url: String) throws -> ScratchRepository {
        let scratch = try ScratchRepository()
        try scratch.write("one", to: "a.txt")
        try scratch.commit("First")
        try scratch.git("remote", "add", "origin", url)
        _ = try GitRepository(at: scratch.path)
            .createTag(named: "x/v1.0.0", on: "HEAD", message: "One", tagger: tagger, date: date)
        return scratch
    }

    @Test("a tag goes to the remote once", arguments: ["", "file://"])
    func push(scheme: String) throws {
        let remote = try ScratchRepository(bare: true)
        let scratch = try tagged(remote: scheme + remote.path)
        let repository = try GitRepository(at: scratch.path)
        #expect(try repository.remoteTagID(named: "x/v1.0.0") == nil)
        #expect(try repository.push(tag: "x/v1.0.0") == .pushed)
        #expect(try repository.push(tag: "x/v1.0.0") == .alreadyThere)
        #expect(try remote.git("rev-parse", "x/v1.0.0") == scratch.git("rev-parse", "x/v1.0.0"))
        #expect(try remote.git("show", "x/v1.0.0:a.txt") == "one")
    }

    @Test("a lock that a process left in the remote when it died stands in the way no more")
    func abandonedLock() throws {
        let remote = try ScratchRepository(bare: true)
        let scratch = try tagged(remote: remote.path)
        try remote.write("", to: "refs/tags/x/v1.0.0.lock")
        #expect(try GitRepository(at: scratch.path).push(tag: "x/v1.0.0", lockPatience: 0.2) == .pushed)
        #expect(try remote.git("rev-parse", "x/v1.0.0") == scratch.git("rev-parse", "x/v1.0.0"))
    }

    @Test("another tag of that name on the remote stays")
    func conflict() throws {
        let remote = try ScratchRepository(bare: true)
        let first = try tagged(remote: remote.path)
        _ = try GitRepository(at: first.path).push(tag: "x/v1.0.0")
        let second = try tagged(remote: remote.path)
        try second.write("two", to: "b.txt")
        try second.commit("Other")
        try second.git("tag", "-f", "-a", "x/v1.0.0", "-m", "Other")
        let error = #expect(throws: GitError.self) { _ = try GitRepository(at: second.path).push(tag: "x/v1.0.0") }
        #expect(error?.kind == .tagElsewhere)
        #expect(try remote.git("rev-parse", "x/v1.0.0") == first.git("rev-parse", "x/v1.0.0"))
    }

    @Test("what cannot be pushed is explained")
    func refusals() throws {
        let scratch = try tagged(remote: "https://example.com/repository.git")
        let repository = try GitRepository(at: scratch.path)
        let far = #expect(throws: GitError.self) { _ = try repository.push(tag: "x/v1.0.0") }
        #expect(far?.kind == .unsupportedRemote)
        let nowhere = #expect(throws: GitError.self) { _ = try repository.push(tag: "x/v1.0.0", to: "upstream") }
        #expect(nowhere?.kind == .noSuchRemote)
        let none = #expect(throws: GitError.self) { _ = try repository.push(tag: "x/v2.0.0") }
        #expect(none?.message == "there is no tag 'x/v2.0.0' to push")
        try scratch.git("remote", "add", "gone", scratch.path + "/gone.git")
        #expect(throws: GitError.self) { _ = try repository.push(tag: "x/v1.0.0", to: "gone") }
    }

    @Test(
        "a remote is on this machine, or not",
        arguments: [
            ("/srv/git/a.git", true), ("../a.git", true), ("file:///srv/a.git", true), ("git@example.com:a.git", false),
            ("https://example.com/a.git", false), ("ssh://example.com/a.git", false), ("./odd:name", true), ("", false),
        ])
    func local(url: String, expected: Bool) {
        #expect(GitRepository.isLocal(url) == expected)
    }
}
