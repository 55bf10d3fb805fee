import Foundation
import Testing

@testable import Git

@Suite("What a commit says of files")
struct DifferencesTests {
    private func repository() throws -> (ScratchRepository, CommitID) {
        let scratch = try ScratchRepository()
        try scratch.write("one\ntwo\n", to: "kept/a.txt")
        try scratch.write("three", to: "kept/deep/b.txt")
        try scratch.write("", to: "kept/.keep")
        try scratch.git("add", ".")
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/link", withDestinationPath: "kept")
        try FileManager.default.createSymbolicLink(
            atPath: "\(scratch.path)/kept/up", withDestinationPath: "../link/deep")
        return (scratch, try #require(CommitID(hex: "\(try scratch.commit("First"))")))
    }

    private static let contents = ["a.txt": Array("one\ntwo\n".utf8), "deep/b.txt": Array("three".utf8)]

    private func folder(_ path: String, _ change: (inout [String: [UInt8]]) -> Void = { _ in }) -> ReadFolder {
        var contents = Self.contents
        change(&contents)
        return ReadFolder(path: path, contents: contents) { $0 == ".keep" || $0 == "up" }
    }

    @Test(
        "what was read is compared with the commit, whatever is on the disk",
        arguments: ["kept", "link", "link/../link"])
    func read(_ path: String) throws {
        let (scratch, commit) = try repository()
        try FileManager.default.removeItem(atPath: "\(scratch.path)/kept")
        let repository = try GitRepository(at: scratch.path)
        #expect(try repository.differences(of: folder(path), from: repository.folder(at: path, in: commit)).isEmpty)
        let changed = folder(path) {
            $0["a.txt"] = Array("one\ntwO\n".utf8)
            $0["deep/b.txt"] = nil
            $0["new"] = []
        }
        #expect(
            try repository.differences(of: changed, from: repository.folder(at: path, in: commit)) == [
                ChangedFile(path: "kept/a.txt", change: .modified),
                ChangedFile(path: "kept/deep/b.txt", change: .deleted), ChangedFile(path: "kept/new", change: .added),
            ])
    }

    @Test(
        "a path that the commit does not have, or that leads out of it",
        arguments: ["nowhere", "kept/a.txt/x", "../kept", "out"])
    func nowhere(_ path: String) throws {
        let (scratch, _) = try repository()
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/out", withDestinationPath: "/tmp")
        let commit = try #require(CommitID(hex: "\(try scratch.commit("Out"))"))
        let repository = try GitRepository(at: scratch.path)
        #expect(try !repository.differences(of: folder(path), from: repository.folder(at: path, in: commit)).isEmpty)
    }

    @Test("the work tree is compared where links lead, and links with what they hold")
    func links() throws {
        let (scratch, commit) = try repository()
        let repository = try GitRepository(at: scratch.path)
        #expect(try repository.differences(below: ["link"], from: commit).isEmpty)
        try scratch.write("THREE", to: "kept/deep/b.txt")
        #expect(
            try repository.differences(below: ["kept/up"], from: commit) == [
                ChangedFile(path: "kept/deep/b.txt", change: .modified)
            ])
        try FileManager.default.removeItem(atPath: "\(scratch.path)/link")
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/link", withDestinationPath: "link")
        #expect(repository.followed("link") == nil)
        #expect(
            try repository.differences(below: ["link"], from: commit) == [
                ChangedFile(path: "link", change: .modified)
            ])
        try FileManager.default.removeItem(atPath: "\(scratch.path)/link")
        let other = try ScratchRepository()
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/link", withDestinationPath: other.path)
        #expect(
            try repository.differences(below: ["link"], from: commit) == [
                ChangedFile(path: "link", change: .unreadable)
            ])
    }

    @Test("a file that git lfs keeps elsewhere is known by the digest in its pointer")
    func largeFiles() throws {
        let scratch = try ScratchRepository()
        let bytes = Array(repeating: UInt8(7), count: 4000)
        let digest = "8dfd6f842e412e78da6d7a484710b7094b500ec3288ee298fd0f5c66ae0d2980"
        try scratch.write(
            "version https://git-lfs.github.com/spec/v1\noid sha256:\(digest)\nsize 4000\n", to: "a/icon.png")
        let commit = try #require(CommitID(hex: "\(try scratch.commit("First"))"))
        let repository = try GitRepository(at: scratch.path)
        let folder = try repository.folder(at: "a", in: commit)
        let same = ReadFolder(path: "a", contents: ["icon.png": bytes])
        #expect(try repository.differences(of: same, from: folder).isEmpty)
        #expect(!folder.byteDifferences(of: same).isEmpty)
        try Data(bytes).write(to: URL(filePath: "\(scratch.path)/a/icon.png"))
        #expect(try repository.differences(below: ["a"], from: commit).isEmpty)
        let other = ReadFolder(path: "a", contents: ["icon.png": bytes + [7]])
        #expect(try repository.differences(of: other, from: folder).map(\.change) == [.modified])
    }

    @Test("line endings that git changes are those of the commit, and others are not", arguments: ["true", "false"])
    func lineEndings(_ setting: String) throws {
        let (scratch, commit) = try repository()
        try scratch.git("config", "core.autocrlf", setting)
        let windows = folder("kept") { $0["a.txt"] = Array("one\r\ntwo\r\n".utf8) }
        let repository = try GitRepository(at: scratch.path)
        let found = try repository.differences(of: windows, from: repository.folder(at: "kept", in: commit))
        #expect(found.isEmpty == (setting == "true"))
    }

    /// What stands in an `$Id$` of the work tree, and whether it is in the commit; the attribute may stand in no commit.
    @Test("only the name of the blob may stand where git writes it", arguments: ["", "text eol=crlf"])
    func ident(_ more: String) throws {
        let (scratch, _) = try repository()
        try scratch.write("a $Id$\nb\n", to: "kept/a.txt")
        let commit = try #require(CommitID(hex: "\(try scratch.commit("Second"))"))
        try FileManager.default.createDirectory(
            atPath: "\(scratch.path)/.git/info", withIntermediateDirectories: true)
        try Data("* ident \(more)\n".utf8).write(to: URL(filePath: "\(scratch.path)/.git/info/attributes"))
        try scratch.git("rm", "-q", "--cached", "kept/a.txt")
        try scratch.git("checkout", "-q", "HEAD", "--", "kept/a.txt")
        let written = try String(contentsOfFile: "\(scratch.path)/kept/a.txt", encoding: .utf8)
        #expect(written.hasPrefix("a $Id: ") && written.contains("\r\n") == !more.isEmpty)
        let repository = try GitRepository(at: scratch.path)
        let committed = try repository.folder(at: "kept", in: commit)
        for (text, isSame) in [
            (written, true), ("a $Id$\nb\n", true), ("a $Id: alert(1) $\nb\n", false), ("a $Id: \nb\n", false),
            ("a $Id alert(1) $\nb\n", false), ("a $Idx$\nb\n", false), ("a $Id$\r\nb\r\n", !more.isEmpty),
            (written.replacing("b", with: "c"), false),
        ] {
            let read = folder("kept") { $0["a.txt"] = Array(text.utf8) }
            #expect(try repository.differences(of: read, from: committed).isEmpty == isSame, "\(text)")
        }
    }

    @Test("a whole folder, one level of it, or one file is compared without asking the repository again")
    func holds() throws {
        let (scratch, commit) = try repository()
        let repository = try GitRepository(at: scratch.path)
        let folder = try repository.folder(at: "link", in: commit)
        #expect(folder.byteDifferences(of: self.folder("link")).isEmpty)
        #expect(folder.byteDifferences(of: self.folder("link") { $0["a.txt"] = Array("one\n".utf8) }).count == 1)
        #expect(folder.byteDifferences(of: self.folder("link") { $0["a.txt"] = nil }).count == 1)
        #expect(folder.byteDifferences(of: self.folder("link") { $0["c.txt"] = [] }).count == 1)
        let flat = try repository.folder(at: "kept", in: commit, isDeep: false)
        #expect(flat.files.keys.sorted() == ["kept/.keep", "kept/a.txt", "kept/up"])
        for path in ["kept/deep/b.txt", "link/up/b.txt"] {
            let file = try repository.folder(at: path, in: commit)
            let same = ReadFolder(path: path, contents: ["": Array("three".utf8)])
            #expect(file.byteDifferences(of: same).isEmpty)
            let other = ReadFolder(path: path, contents: ["": Array("four".utf8)])
            #expect(file.byteDifferences(of: other).map(\.change) == [.modified])
            #expect(
                try repository.differences(of: other, from: file) == [
                    ChangedFile(path: "kept/deep/b.txt", change: .modified)
                ])
        }
        for path in ["nowhere", "../out"] {
            let none = try repository.folder(at: path, in: commit)
            #expect(none.byteDifferences(of: ReadFolder(path: path, contents: ["": []])).count == 1)
        }
    }
}
