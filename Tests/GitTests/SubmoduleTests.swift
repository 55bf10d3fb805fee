import Foundation
import Testing

@testable import Git

/// Submodules whose names and paths libgit2 reads otherwise than git.
@Suite struct SubmoduleTests {
    private let other: ScratchRepository
    private let scratch: ScratchRepository

    init() throws {
        other = try ScratchRepository()
        try other.write("one\n", to: "f")
        try other.commit("one")
        scratch = try ScratchRepository()
        try scratch.write("a\n", to: "a.txt")
        try scratch.commit("first")
    }

    private func add(_ path: String, named name: String) throws {
        try scratch.git(
            "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", "--name", name, other.path, path)
        try scratch.commit("a submodule")
    }

    @Test(arguments: [
        ("new\nline", "plain"), (" lead", "plain"), ("plain", " lead"), ("sub", "sub"), ("trail ", "sub"),
        ("a\tb", "a\tb"),
    ])
    func aCleanOneIsNoDifference(_ path: String, _ name: String) throws {
        try add(path, named: name)
        let clean = try GitRepository(at: scratch.path)
        #expect(try scratch.git("status", "--porcelain") == "")
        #expect(try clean.changes() == [])
        #expect(try clean.uncommitted() == [])
        // What else differs is still seen.
        try scratch.write("b\n", to: "a.txt")
        try scratch.write("c\n", to: "c.txt")
        #expect(
            try clean.changes() == [
                ChangedFile(path: "a.txt", change: .modified), ChangedFile(path: "c.txt", change: .untracked),
            ])
        // And so is what is in the submodule.
        try scratch.write("two\n", to: "\(path)/f")
        let changed = try clean.changes()
        #expect(changed.contains(ChangedFile(path: path, change: .modified)), "\(changed)")
    }

    @Test(arguments: ["new\nline", " lead", "sub"]) func anotherCommitOfOneIsADifference(_ path: String) throws {
        try add(path, named: "plain")
        try scratch.git(
            "-C", path, "-c", "user.name=a", "-c", "user.email=a@x.example", "commit", "--quiet", "--allow-empty", "-m",
            "x")
        #expect(try GitRepository(at: scratch.path).changes().map(\.path) == [path])
        try scratch.git("add", "--all")
        #expect(try GitRepository(at: scratch.path).changes().map(\.path) == [path])
    }

    @Test(arguments: ["new\nline", " lead", "sub"]) func oneThatIsNotCheckedOutIsNoDifference(_ path: String) throws {
        try add(path, named: "plain")
        try scratch.git("submodule", "deinit", "--quiet", "--force", "--all")
        #expect(try GitRepository(at: scratch.path).changes() == [])
    }
}
