import Documents
import FoundationEssentials
import TestSupport
import Testing

@Suite struct DocumentTests {
    @Test(arguments: [
        ("a.json", "a: 1", true), ("a.JSON", "{}", false), ("a.yaml", "{a: 1}", false), ("a.yml", "a: 1", false),
        ("a", " \n{\"a\": 1}", false), ("a", "a: 1", false), ("a", "{a: 1}", true), ("a", "[]", false),
    ])
    func `the ending or the first byte says the syntax`(file: String, text: String, isRefused: Bool) {
        #expect(Document.read(text: text, file: file).diagnostics.isEmpty != isRefused)
    }

    @Test func `nodes and pointers lead to each other`() throws {
        let text = "paths:\n  /a/b:\n    get: [x, { k~1: [] }, *q ]\n  '': 1\nq: &q 1".replacing("*q", with: "z")
        let document = try Document(text: text, file: "a.yaml")
        var count = 0
        func visit(_ node: Node, _ pointer: Pointer) {
            count += 1
            #expect(document.pointer(to: node) == pointer)
            #expect(document.node(at: pointer) == node)
            #expect(Pointer(pointer.description) == pointer)
            for member in node.members {
                visit(member.value, pointer.appending(member.key))
                #expect(document.pointer(to: member.keyNode) == pointer.appending(member.key))
            }
            for (index, element) in node.elements.enumerated() { visit(element, pointer.appending(index)) }
        }
        visit(document.root, Pointer())
        #expect(count == 10)
        #expect(document.node(at: "/paths/~1a~1b/get/1/k~01")?.kind == .array)
        #expect(document.node(at: "/paths/~1a~1b/get/01") == nil && document.node(at: "/paths/nothing/at/all") == nil)
    }

    @Test func `duplicate keys leave a document that has the first`() throws {
        let (document, diagnostics) = Document.read(text: #"{"a": 1, "a": 2}"#, file: "a.json")
        #expect(document?.root["a"]?.integer == 1 && document?.root.count == 2 && document?.root.value == ["a": 1])
        #expect(diagnostics.first?.notes.first?.location?.range == 1..<4)
    }

    @Test func `a wrong type gives nil, never a guess`() throws {
        let root = try Document(
            text: #"{"s": "1", "n": 1.0, "b": true, "z": null, "i": 9223372036854775808}"#, file: "a.json"
        ).root
        #expect(
            root["s"]?.integer == nil && root["s"]?.number == nil && root["s"]?.boolean == nil && root["s"]?.count == 0)
        #expect(root["n"]?.integer == nil && root["n"]?.number == 1 && root["n"]?.string == nil)
        #expect(root["i"]?.integer == nil && root["i"]?.number == 9_223_372_036_854_775_808)
        #expect(root["b"]?.scalarText == "true" && root["z"]?.scalarText == "null" && root.scalarText == nil)
        #expect(root["b"]?["x"] == nil && root["b"]?[0] == nil && root[0] == nil)
    }

    @Test func `a file that is missing is refused with a suggestion`() throws {
        let folder = try TemporaryFolder()
        try folder.write("a: 1", to: "release.yaml")
        let error = #expect(throws: Rejected.self) {
            try Document(path: folder.path("relaese.yaml"), file: "relaese.yaml")
        }
        let diagnostic = try #require(error?.diagnostics.first)
        #expect(diagnostic.code == "document/missing" && diagnostic.help == "did you mean 'release.yaml'?")
        #expect(
            DiagnosticRenderer(color: false).render(diagnostic).hasPrefix(
                "relaese.yaml: error: there is no file 'relaese.yaml'"))
        #expect(try Document(path: folder.path("release.yaml")).root["a"]?.integer == 1)
        #expect(Document.read(path: folder.path("release.yaml/x")).diagnostics.first?.code == "document/missing")
        #expect(Document.read(path: "").diagnostics.first?.code == "document/missing")
        #expect(Document.read(path: "a\0b").diagnostics.first?.code == "document/missing")
    }

    @Test func `folders, devices and pipes are refused`() throws {
        let folder = try TemporaryFolder()
        #expect(Document.read(path: folder.path).diagnostics.first?.code == "document/directory")
        #expect(Document.read(path: "/dev/zero").diagnostics.first?.code == "document/not-a-file")
        #expect(systemPipe(folder.path("pipe.json")) == 0)
        #expect(Document.read(path: folder.path("pipe.json")).diagnostics.first?.code == "document/not-a-file")
    }

    @Test func `a file that is no text gets one message`() throws {
        var random = SeededRandom(seed: 7)
        let noise = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) }
        for bytes in [[0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 60), noise] {
            for file in ["a.yaml", "a.json"] {
                let (document, diagnostics) = Document.read(bytes: bytes, file: file)
                #expect(document == nil && diagnostics.map(\.code) == ["document/binary"])
            }
        }
        let utf16 = Array("a: 1\nb: 2\nc: a longer text, so that there are many zero bytes".utf16).flatMap {
            [UInt8($0 & 0xFF), UInt8($0 >> 8)]
        }
        #expect(Document.read(bytes: utf16, file: "a.yaml").diagnostics.first?.code == "document/encoding")
    }

    @Test func `a loop of links is refused with the system's words`() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: folder.path("a.json"), withDestinationPath: "a.json")
        #expect(Document.read(path: folder.path("a.json")).diagnostics.first?.code == "document/unreadable")
    }

    @Test func `a file without permission is refused`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("{}", to: "a.json")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        // The superuser may read everything; then there is a document.
        let (document, diagnostics) = Document.read(path: path)
        #expect(document != nil || diagnostics.first?.code == "document/unreadable")
    }

    @Test func `a large file is refused by its size, before it is read`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "large.json")
        // A file of 200 MB that takes no room on the disk.
        #expect(systemTruncate(path, 200_000_000) == 0)
        let (document, diagnostics) = Document.read(path: path, file: "large.json")
        #expect(document == nil && diagnostics.first?.code == "document/too-large")
        #expect(diagnostics.first?.message == "'large.json' has 190.7 MiB, more than the 64 MiB that are read")
        let small = Document.read(text: "[1, 2, 3]", file: "a.json")
        #expect(small.document != nil)
        #expect(
            Document.read(bytes: Array("[1, 2, 3]".utf8), file: "a.json", limits: .init(size: 8)).diagnostics.first?
                .code == "document/too-large")
    }
}
