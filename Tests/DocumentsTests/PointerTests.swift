import Documents
import Testing

@Suite struct PointerTests {
    @Test(arguments: [
        ("", []), ("/", [""]), ("/a", ["a"]), ("/a/b", ["a", "b"]), ("/paths/~1a~0b/get", ["paths", "/a~b", "get"]),
        ("/~01", ["~1"]), ("/~2", ["~2"]), ("/~", ["~"]), ("//", ["", ""]), ("/a/", ["a", ""]),
        ("#/definitions/My%20Type", ["definitions", "My Type"]), ("#", []), ("#/a%2Fb", ["a/b"]), ("/a%2Fb", ["a%2Fb"]),
        ("#/%zz", ["%zz"]), ("a/b", ["a", "b"]),
    ])
    func `reads pointers and references`(text: String, parts: [String]) {
        #expect(Pointer(text).parts == parts)
        #expect(Pointer(Pointer(text).description).parts == parts)
    }

    @Test func `grows and shrinks`() {
        let pointer = Pointer().appending("a/b").appending(3)
        #expect(
            pointer.description == "/a~1b/3" && pointer.parent.description == "/a~1b" && Pointer().parent == Pointer())
        #expect(Pointer("/a") < Pointer("/a/b") && Pointer("/a/b") < Pointer("/b"))
    }
}
