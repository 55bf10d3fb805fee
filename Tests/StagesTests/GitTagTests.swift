import Documents
import Engine
import Foundation
import Git
import Testing

@testable import Stages

@Suite("git.tag", .waits)
struct GitTagTests {
    private func repository() throws -> StageScratch {
        let scratch = try StageScratch()
        try scratch.git("init", "--quiet", "--initial-branch=main")
        try scratch.git("config", "user.name", "Ada Tester")
        try scratch.git("config", "user.email", "ada@example.com")
        try scratch.write("one", to: "a.txt")
        try scratch.git("add", "--all")
        try scratch.git("commit", "--quiet", "-m", "First")
        return scratch
    }

    private func input(_ name: String = "x/v1.0.0", message: String = "Release 1.0.0", push: String? = nil)
        -> GitTag.Input
    {
        .init(name: name, message: message, push: push)
    }

    @Test("a tag is made once, and the same again is success")
    func once() async throws {
        let scratch = try repository()
        let first = try await GitTag().run(input(), in: try scratch.context())
        #expect(first.created)
        #expect(!first.pushed)
        #expect(first.commit == (try scratch.git("rev-parse", "HEAD")))
        #expect(first.id == (try scratch.git("rev-parse", "x/v1.0.0")))
        let second = try await GitTag().run(input(message: "Other words"), in: try scratch.context())
        #expect(!second.created)
        #expect(second.id == first.id)
        #expect(scratch.lines().last?.hasSuffix("already; the tag carries another message") == true)
    }

    @Test("another commit is a no that names both")
    func elsewhere() async throws {
        let scratch = try repository()
        let first = try await GitTag().run(input(), in: try scratch.context())
        try scratch.git("commit", "--quiet", "--allow-empty", "-m", "Second")
        let failure = await failure { try await GitTag().run(input(), in: try scratch.context()) }
        #expect(failure?.kind == .rejected)
        #expect(failure?.code == "git/tag-elsewhere")
        #expect(failure?.message.contains(String(first.commit.prefix(10))) == true)
    }

    @Test("a dirty work tree is refused with the files named; almrun's own folder does not count")
    func dirty() async throws {
        let scratch = try repository()
        try scratch.write("state", to: ".almrun/runs.sqlite")
        try scratch.write("two", to: "a.txt")
        try scratch.write("new", to: "folder/b.txt")
        let failure = await failure { try await GitTag().run(input(), in: try scratch.context()) }
        #expect(failure?.code == "git/dirty")
        #expect(failure?.kind == .broken)
        #expect(
            failure?.message
                == "the work tree has changes that are not committed: a.txt (modified), folder/b.txt (untracked)")
        #expect(try scratch.git("tag").isEmpty)
        try scratch.git("checkout", "--quiet", "a.txt")
        try FileManager.default.removeItem(atPath: scratch.root + "/folder")
        #expect(try await GitTag().run(input(), in: try scratch.context()).created)
    }

    @Test("a bad name is refused before anything else")
    func badName() async throws {
        let scratch = try repository()
        let failure = await failure { try await GitTag().run(input("a..b"), in: try scratch.context()) }
        #expect(failure?.code == "git/invalid-name")
        #expect(failure?.message == "the tag name 'a..b' has '..'")
    }

    @Test("outside a repository, and in one without commits, it says so")
    func noRepository() async throws {
        let scratch = try StageScratch()
        let outside = await failure { try await GitTag().run(input(), in: try scratch.context()) }
        #expect(outside?.code == "git/not-a-repository")
        try scratch.git("init", "--quiet")
        let unborn = await failure { try await GitTag().run(input(), in: try scratch.context()) }
        #expect(unborn?.kind == .broken)
    }

    @Test("with push the remote has it too, and recovery finishes a push that was interrupted")
    func push() async throws {
        let scratch = try repository()
        try scratch.git("init", "--quiet", "--bare", ".almrun/remote.git")
        try scratch.git("remote", "add", "origin", scratch.root + "/.almrun/remote.git")
        #expect(try await GitTag().recover(input(push: "origin"), in: try scratch.context()).isNotStarted)
        _ = try await GitTag().run(input(), in: try scratch.context())
        let recovered = try await GitTag().recover(input(push: "origin"), in: try scratch.context())
        guard case .completed(let output) = recovered else {
            Issue.record("not completed: \(recovered)")
            return
        }
        #expect(output.pushed)
        #expect(try scratch.git("ls-remote", "origin").contains("refs/tags/x/v1.0.0"))
    }

    @Test("the git command pushes to remotes elsewhere, once, and never replaces a tag there")
    func commandPush() async throws {
        let scratch = try repository()
        try scratch.git("init", "--quiet", "--bare", ".almrun/remote.git")
        try scratch.git("remote", "add", "origin", scratch.root + "/.almrun/remote.git")
        let context = try scratch.context()
        _ = try await GitTag().run(input(), in: context)
        let tag = try #require(try GitRepository(at: scratch.root).tag(named: "x/v1.0.0"))
        let push = GitCommandPush(root: scratch.root, remote: "origin", tag: tag)
        #expect(try await push.push() == .pushed)
        #expect(try await push.push() == .alreadyThere)
        var other = push
        other.tag.id = tag.commit
        let foreign = other
        let failure = await failure { try await foreign.push() }
        #expect(failure?.kind == .rejected)
        #expect(failure?.code == "git/tag-elsewhere")
    }

    @Test("a remote that cannot be reached is tried again later; other failures are not")
    func unreachable() async throws {
        let scratch = try repository()
        // Port 1 of this machine: nobody listens there.
        try scratch.git("remote", "add", "origin", "http://127.0.0.1:1/repository.git")
        let failure = await failure { try await GitTag().run(input(push: "origin"), in: try scratch.context()) }
        #expect(failure?.kind == .transient, "\(failure?.notes ?? [])")
        #expect(failure?.message == "cannot read the tags of the remote 'origin'")
        #expect(GitCommandPush.kind(of: ["! refs/tags/x [remote rejected] (hook declined)"]) == .rejected)
        #expect(GitCommandPush.kind(of: ["fatal: Authentication failed"]) == .broken)
        #expect(GitCommandPush.kind(of: ["fatal: Could not resolve host: example.com"]) == .transient)
    }

    @Test("a lock that a killed process left does not stand in the way of the next attempt")
    func abandonedLock() async throws {
        let scratch = try repository()
        try scratch.write("", to: ".git/refs/tags/x/v1.0.0.lock")
        let refused = await failure { try await GitTag().run(input(), in: try scratch.context()) }
        #expect(refused?.message.contains("v1.0.0.lock") == true)
        #expect(try await GitTag().recover(input(), in: try scratch.context()).isNotStarted)
        #expect(try await GitTag().run(input(), in: try scratch.context()).created)
        #expect(try scratch.git("tag") == "x/v1.0.0")
    }

    @Test("looking for changes writes nothing into the repository")
    func looksOnly() async throws {
        let scratch = try repository()
        // A lock that anything which writes the index would stumble over.
        try scratch.write("", to: ".git/index.lock")
        #expect(try await GitTag().run(input(), in: try scratch.context()).created)
        #expect(FileManager.default.fileExists(atPath: scratch.root + "/.git/index.lock"))
    }

    @Test("recovery knows our tag though the work tree has moved on, and leaves a foreign one alone")
    func recovery() async throws {
        let scratch = try repository()
        _ = try await GitTag().run(input(), in: try scratch.context())
        try scratch.git("commit", "--quiet", "--allow-empty", "-m", "Second")
        #expect(try await !GitTag().recover(input(), in: try scratch.context()).isNotStarted)
        #expect(try await GitTag().recover(input(message: "Other"), in: try scratch.context()).isNotStarted)
    }
}

extension Recovery {
    var isNotStarted: Bool { if case .notStarted = self { true } else { false } }
}
