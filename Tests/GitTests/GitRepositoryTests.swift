import Foundation
import Testing

@testable import Git

@Suite("A git repository is read")
struct GitRepositoryTests {
    @Test("the head commit tells its id, author and committer")
    func head() throws {
        let scratch = try ScratchRepository()
        try scratch.write("one", to: "a.txt")
        let id = try scratch.commit("First\n\nMore.", as: "eve@example.com")
        let head = try GitRepository(at: scratch.path).head()
        #expect(head.id.hex == id)
        #expect(head.author == Person(name: "eve", email: "eve@example.com"))
        #expect(head.committer == Person(name: "Ada Tester", email: "ada@example.com"))
        #expect(head.summary == "First")
        #expect(head.parents.isEmpty)
        #expect(abs(head.date.timeIntervalSinceNow) < 60)
    }

    @Test("a repository opens from a folder inside it")
    func inside() throws {
        let scratch = try ScratchRepository()
        try scratch.write("one", to: "deep/er/a.txt")
        try scratch.commit("First")
        let repository = try GitRepository(at: scratch.path + "/deep/er")
        let workTree = repository.workTree ?? ""
        #expect(
            URL(fileURLWithPath: workTree).lastPathComponent == URL(fileURLWithPath: scratch.path).lastPathComponent)
    }

    @Test("a folder outside any repository is said to be that")
    func outside() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("almrun-none-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let error = #expect(throws: GitError.self) { _ = try GitRepository(at: folder) }
        #expect(error?.kind == .notARepository)
        #expect(error?.message == "'\(folder)' is not in a git repository")
    }

    @Test("a missing folder is an error, not a repository")
    func missing() {
        #expect(throws: GitError.self) { _ = try GitRepository(at: "/nowhere/at/all") }
    }

    @Test("a repository without commits says so")
    func unborn() throws {
        let scratch = try ScratchRepository()
        let error = #expect(throws: GitError.self) { _ = try GitRepository(at: scratch.path).head() }
        #expect(error?.kind == .noCommit)
    }

    @Test("changed files are named with what happened; ignored ones are not")
    func changes() throws {
        let scratch = try ScratchRepository()
        for name in ["kept.txt", "edited.txt", "gone.txt", "staged.txt"] { try scratch.write(name, to: name) }
        try scratch.write("*.log\n.almrun/\n", to: ".gitignore")
        try scratch.commit("First")
        #expect(try GitRepository(at: scratch.path).changes().isEmpty)
        try scratch.write("edited!", to: "edited.txt")
        try scratch.write("staged!", to: "staged.txt")
        try scratch.write("new", to: "folder/new.txt")
        try scratch.write("added", to: "added.txt")
        try scratch.write("noise", to: "noise.log")
        try scratch.write("state", to: ".almrun/runs.sqlite")
        try scratch.git("add", "staged.txt", "added.txt")
        try scratch.git("rm", "--quiet", "gone.txt")
        let changes = try GitRepository(at: scratch.path).changes()
        #expect(
            changes == [
                ChangedFile(path: "added.txt", change: .added), ChangedFile(path: "edited.txt", change: .modified),
                ChangedFile(path: "folder/new.txt", change: .untracked),
                ChangedFile(path: "gone.txt", change: .deleted),
                ChangedFile(path: "staged.txt", change: .modified),
            ])
        #expect(changes[2].description == "folder/new.txt (untracked)")
    }

    @Test("what git is told to overlook or to ignore is in no commit all the same")
    func uncommitted() throws {
        let scratch = try ScratchRepository()
        for name in ["a/edited.txt", "a/same.txt", "b/gone.txt", "sparse.txt"] { try scratch.write(name, to: name) }
        try scratch.write("*.log\n", to: ".gitignore")
        let first = try scratch.commit("First")
        try scratch.git("update-index", "--assume-unchanged", "a/edited.txt", "a/same.txt", "b/gone.txt")
        try scratch.git("update-index", "--skip-worktree", "sparse.txt")
        try scratch.write("edited!", to: "a/edited.txt")
        for name in ["b/gone.txt", "sparse.txt"] {
            try FileManager.default.removeItem(atPath: "\(scratch.path)/\(name)")
        }
        try scratch.write("noise", to: "a/deep/noise.log")
        try scratch.write("noise", to: "b/noise.log")
        let repository = try GitRepository(at: scratch.path)
        #expect(try repository.changes().contains { $0.path.hasPrefix("a/") } == false)
        let commit = try #require(CommitID(hex: "\(first)"))
        let found = try repository.uncommitted()
        #expect(
            found == [
                ChangedFile(path: "a/edited.txt", change: .modified), ChangedFile(path: "b/gone.txt", change: .deleted),
            ])
        #expect(
            try repository.differences(below: ["a"], from: commit) == [
                ChangedFile(path: "a/deep/noise.log", change: .untracked),
                ChangedFile(path: "a/edited.txt", change: .modified),
            ])
        #expect(
            try repository.differences(below: ["sparse.txt", "nowhere"], from: commit) == [
                ChangedFile(path: "sparse.txt", change: .deleted)
            ])
        #expect(try repository.differences(below: [""], from: commit).count == 5)
        try scratch.write("new", to: "c.txt")
        let second = try scratch.commit("Second")
        let ids = [first, second].compactMap { CommitID(hex: "\($0)") }
        #expect(try ids.count == 2 && repository.paths(changedFrom: ids[0], to: ids[1]).contains("c.txt"))
    }

    @Test("a bare repository has no work tree to look at")
    func bare() throws {
        let scratch = try ScratchRepository(bare: true)
        let error = #expect(throws: GitError.self) { _ = try GitRepository(at: scratch.path).changes() }
        #expect(error?.kind == .noWorkTree)
    }

    @Test("a file of an earlier revision is read byte for byte")
    func blob() throws {
        let scratch = try ScratchRepository()
        try scratch.write("one\r\n\u{0}two", to: "folder/a.txt")
        let first = try scratch.commit("First")
        try scratch.write("changed", to: "folder/a.txt")
        try scratch.write("", to: "empty")
        try scratch.commit("Second")
        let repository = try GitRepository(at: scratch.path)
        #expect(try repository.blob(at: "folder/a.txt", revision: first) == Array("one\r\n\u{0}two".utf8))
        #expect(try repository.blob(at: "folder/a.txt", revision: "HEAD") == Array("changed".utf8))
        #expect(try repository.blob(at: "folder/a.txt", revision: "HEAD~1") == Array("one\r\n\u{0}two".utf8))
        #expect(try repository.blob(at: "empty", revision: "main").isEmpty)
    }

    @Test(
        "what cannot be read is named",
        arguments: [
            ("folder/b.txt", "HEAD", GitError.Kind.noSuchPath, "'folder/b.txt' does not exist in revision 'HEAD'"),
            ("folder", "HEAD", .notAFile, "'folder' is not a file in revision 'HEAD'"),
            ("link", "HEAD", .notAFile, "'link' is a symbolic link in revision 'HEAD'"),
            ("folder/a.txt", "v9", .noSuchRevision, "the revision 'v9' does not exist"),
            ("folder/a.txt", "HEAD~40", .noSuchRevision, "the revision 'HEAD~40' does not exist"),
        ])
    func unreadable(path: String, revision: String, kind: GitError.Kind, message: String) throws {
        let scratch = try ScratchRepository()
        try scratch.write("one", to: "folder/a.txt")
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: "folder/a.txt")
        try scratch.commit("First")
        let error = #expect(throws: GitError.self) {
            _ = try GitRepository(at: scratch.path).blob(at: path, revision: revision)
        }
        #expect(error?.kind == kind)
        #expect(error?.message == message)
    }

    @Test("who wrote what came after a base is told; with several bases, after any of them")
    func contributors() throws {
        let scratch = try ScratchRepository()
        let first = try scratch.commit("First", as: "one@example.com")
        let second = try scratch.commit("Second", as: "two@example.com")
        try scratch.git("checkout", "--quiet", "-b", "side")
        try scratch.commit("Side", as: "side@example.com")
        try scratch.git("checkout", "--quiet", "main")
        let third = try scratch.commit("Third", as: "three@example.com")
        try scratch.git("merge", "--quiet", "--no-edit", "side")
        // Whatever is called a release changes nothing.
        try scratch.git("tag", "v1", "HEAD~1")
        let repository = try GitRepository(at: scratch.path)
        func people(_ bases: String...) throws -> [String] {
            let found = try repository.contributors(since: bases.compactMap { CommitID(hex: $0) })
            #expect(found.isWhole)
            return found.people.sorted().map { String($0.prefix { $0 != "@" }) }
        }
        #expect(try people() == ["ada", "one", "side", "three", "two"])
        #expect(try people(second) == ["ada", "side", "three"])
        #expect(try people(third) == ["ada", "side"])
        #expect(try people(third, first) == ["ada", "side", "three", "two"])
        #expect(try people(scratch.git("rev-parse", "HEAD")) == [])
        let known = [first, String(repeating: "1", count: 40)].compactMap { CommitID(hex: $0) }
        let isThere = known.map { repository.hasCommit($0) }
        #expect(isThere == [true, false])
    }

    @Test("the environment's author comes before the configured one")
    func identity() throws {
        let scratch = try ScratchRepository()
        let repository = try GitRepository(at: scratch.path)
        #expect(try repository.identity(environment: [:]) == Person(name: "Ada Tester", email: "ada@example.com"))
        #expect(
            try repository.identity(environment: ["GIT_AUTHOR_EMAIL": "bot@example.com"])
                == Person(name: "Ada Tester", email: "bot@example.com"))
        #expect(
            try repository.identity(environment: ["GIT_AUTHOR_EMAIL": "bot@example.com", "GIT_AUTHOR_NAME": "Bot"])
                == Person(name: "Bot", email: "bot@example.com"))
    }

    @Test("a SHA-256 repository is refused in words")
    func sha256() throws {
        let scratch = try ScratchRepository()
        try FileManager.default.removeItem(atPath: scratch.path + "/.git")
        try scratch.git("init", "--quiet", "--object-format=sha256")
        let error = #expect(throws: GitError.self) { _ = try GitRepository(at: scratch.path) }
        #expect(error?.kind == .unsupportedFormat)
        #expect(error?.message.contains("SHA-256") == true)
    }

    @Test(
        "a repository of another user is called dubious ownership",
        .enabled(if: getuid() == 0, "needs root to change an owner"))
    func otherOwner() throws {
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        for name in ["", "/.git"] { chown(scratch.path + name, 65534, 65534) }
        let error = #expect(throws: GitError.self) { _ = try GitRepository(at: scratch.path) }
        #expect(error?.kind == .dubiousOwnership)
        #expect(error?.message.contains("another user") == true)
        #expect(error?.help == "git config --global --add safe.directory '\(scratch.path)'")
    }

    @Test("a blob that a partial clone left out is explained")
    func partialClone() throws {
        let scratch = try ScratchRepository()
        try scratch.git("config", "uploadpack.allowFilter", "true")
        try scratch.write("old", to: "a.txt")
        try scratch.commit("First")
        try scratch.write("new", to: "a.txt")
        try scratch.commit("Second")
        let clone = try ScratchRepository()
        try clone.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", "file://\(scratch.path)", "copy")
        let repository = try GitRepository(at: clone.path + "/copy")
        let isPartial = repository.isPartialClone
        #expect(isPartial)
        let error = #expect(throws: GitError.self) { _ = try repository.blob(at: "a.txt", revision: "HEAD~1") }
        #expect(error?.kind == .partialClone)
    }

    @Test("a shallow clone says how to get the rest")
    func shallowClone() throws {
        let scratch = try ScratchRepository()
        for number in 1...3 { try scratch.commit("\(number)") }
        let clone = try ScratchRepository()
        try clone.git("clone", "--quiet", "--depth=1", "file://\(scratch.path)", "copy")
        let repository = try GitRepository(at: clone.path + "/copy")
        let isShallow = repository.isShallow
        #expect(isShallow)
        #expect(try repository.head().summary == "3")
        let error = #expect(throws: GitError.self) { _ = try repository.commit("HEAD~2") }
        #expect(error?.kind == .shallowClone)
        // Who wrote the rest nobody can tell here.
        #expect(try repository.contributors(since: []).isWhole == false)
    }

    @Test("a linked work tree opens")
    func linkedWorkTree() throws {
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        let other = try ScratchRepository()
        try scratch.git("worktree", "add", "--quiet", other.path + "/tree")
        #expect(try GitRepository(at: other.path + "/tree").head().summary == "First")
    }
}
