import Documents
import Testing

@testable import Solutions

@Suite struct XMLFileTests {
    /// Odd but well-formed files come back from their tokens byte for byte.
    @Test(arguments: [
        "<a/>", "\u{FEFF}<?xml version=\"1.0\"?>\r\n<a x='1'\r\n\ty=\"2\" ></a >\r\n", "<a><![CDATA[<b>&amp;]]></a>",
        "<!-- one --><a><!-- two - three --><?go on?></a><!-- four -->", "<a>&lt;&#xA;&#10;&quot;&apos;&amp;</a>",
        "<a b=\"&#xA;&lt;'\" c='\"'/>", "<å:Ω xmlns:å=\"x\"><b-1._2/>text<c/>tail</å:Ω>", "  \n<a>\t</a>\n  ",
        "<a>]] ></a>", "<a>&#x1F600;😀</a>",
    ])
    func tokensLeaveNoGap(_ text: String) throws {
        let source = Source(name: "x.xml", bytes: Array(text.utf8))
        var tokenizer = XMLTokenizer(source)
        var at = text.hasPrefix("\u{FEFF}") ? 3 : 0
        while let token = try tokenizer.next() {
            #expect(token.range.lowerBound == at)
            at = token.range.upperBound
        }
        #expect(at == source.bytes.count)
        _ = try XMLFile(source)
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        var text: String
        var code: String
        var place: String
        var testDescription: String { text.count < 60 ? text : "\(text.prefix(20))... (\(text.count))" }
        init(_ text: String, _ code: String, _ place: String) {
            (self.text, self.code, self.place) = (text, code, place)
        }
    }

    @Test(arguments: [
        Broken("", "xml/empty", "1:1"), Broken("\u{FEFF}", "xml/empty", "1:1"), Broken("  \n ", "xml/empty", "2:2"),
        Broken("<a>", "xml/unclosed", "1:1"), Broken("<a>\r\n<b>\r\n</a>", "xml/end-tag", "3:1"),
        Broken("<a", "xml/unclosed", "1:1"), Broken("<a b", "xml/attribute", "1:4"),
        Broken("<a b=", "xml/attribute", "1:4"), Broken("<a b=\"x", "xml/unclosed", "1:4"),
        Broken("<a b=x/>", "xml/attribute", "1:4"), Broken("<a b=\"1\"c=\"2\"/>", "xml/tag", "1:9"),
        Broken("<a b='1' b='2'/>", "xml/duplicate-attribute", "1:10"), Broken("<a b=\"<\"/>", "xml/attribute", "1:7"),
        Broken("</a>", "xml/end-tag", "1:1"), Broken("<a/><b/>", "xml/second-root", "1:5"),
        Broken("<a/>text", "xml/text-outside", "1:5"), Broken("text<a/>", "xml/text-outside", "1:1"),
        Broken("<a>&nbsp;</a>", "xml/reference", "1:4"), Broken("<a>a & b</a>", "xml/reference", "1:6"),
        Broken("<a>&#0;</a>", "xml/reference", "1:4"), Broken("<a>&#xD800;</a>", "xml/reference", "1:4"),
        Broken("<a>&#xFFFFFFFFF;</a>", "xml/reference", "1:4"),
        Broken("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "xml/doctype", "1:1"),
        Broken("<a><!-- x", "xml/unclosed", "1:4"),
        Broken("<a><!-- x -- y --></a>", "xml/comment", "1:11"), Broken("<a><![CDATA[x</a>", "xml/unclosed", "1:4"),
        Broken("<a>]]></a>", "xml/stray-cdata-end", "1:4"), Broken("<a>\u{1}</a>", "xml/control-character", "1:4"),
        Broken("<a>1 < 2</a>", "xml/name", "1:7"), Broken("<1/>", "xml/name", "1:2"),
        Broken("\n<?xml version=\"1.0\"?><a/>", "xml/declaration", "2:1"), Broken("<?", "xml/unclosed", "1:1"),
        Broken("<a></a b>", "xml/tag", "1:4"), Broken("PK\u{3}\u{4}", "xml/control-character", "1:3"),
        Broken(String(repeating: "<a>", count: 100_000), "xml/too-deep", "1:1501"),
    ])
    func brokenFilesAreRefusedWithTheirPlace(_ broken: Broken) {
        let rejected = #expect(throws: Rejected.self) { try XMLFile(bytes: Array(broken.text.utf8), name: "x.xml") }
        #expect(rejected?.diagnostics.count == 1)
        #expect(rejected?.diagnostics.first?.code == broken.code)
        #expect(rejected?.diagnostics.first?.location.map { "\($0.start.line):\($0.start.column)" } == broken.place)
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        let bytes = Array("<a>\n".utf8) + [0x62, 0xFF] + Array("</a>".utf8)
        let rejected = #expect(throws: Rejected.self) { try XMLFile(bytes: bytes, name: "x.xml") }
        #expect(rejected?.diagnostics.first?.code == "xml/encoding")
        #expect(rejected?.diagnostics.first?.location?.start == Place(line: 2, column: 2))
    }

    /// Cutting a file anywhere gives an error and never a crash.
    @Test func everyTruncationIsRefused() throws {
        let text = "\u{FEFF}<?xml version=\"1.0\"?><a b='1'><!-- c --><![CDATA[d]]>&amp;<e/>å</a>"
        let bytes = Array(text.utf8)
        for length in 0..<bytes.count {
            #expect(throws: Rejected.self) { try XMLFile(bytes: Array(bytes.prefix(length)), name: "x.xml") }
        }
        _ = try XMLFile(bytes: bytes, name: "x.xml")
    }

    @Test func readsWhatElementsSay() throws {
        let text = "<a k=\"&lt;1&gt;\">\r\n  <b> x &amp; <![CDATA[<y>]]> </b>\r\n  <c/><b>2</b>\r\n</a>"
        let root = try XMLFile(bytes: Array(text.utf8), name: "x.xml").root
        #expect(root.name == "a")
        #expect(root.attribute("k") == "<1>")
        #expect(root.attribute("missing") == nil)
        #expect(root.children.map(\.name) == ["b", "c", "b"])
        #expect(root.text(of: "b") == "x & <y>")
        #expect(root.text(of: "c") == nil)
        #expect(root.child("c")?.isEmpty == true)
        #expect(root.child("c")?.isSelfClosing == true)
        #expect(root.descendants.count == 3)
        #expect(root.child("b")?.location.start == Place(line: 2, column: 3))
        #expect(Location(source: root.file.source, range: root.content).text.hasPrefix("\r\n  <b>"))
    }

    @Test func editsKeepEveryOtherByte() throws {
        let text = "\u{FEFF}<a>\r\n\t<Version >1.0</Version>\r\n  <b/><!-- ä --></a>\n"
        let file = try XMLFile(bytes: Array(text.utf8), name: "x.xml")
        var edits = ByteEdits()
        edits.replace(try #require(file.root.child("b")).range, with: "<b>1</b>")
        edits.replace(try #require(file.root.child("Version")).content, with: "2.0")
        edits.insert(Array("<!-- end -->".utf8), at: file.source.bytes.count)
        let expected = "\u{FEFF}<a>\r\n\t<Version >2.0</Version>\r\n  <b>1</b><!-- ä --></a>\n<!-- end -->"
        #expect(String(decoding: edits.applied(to: file.source.bytes), as: UTF8.self) == expected)
        #expect(ByteEdits().applied(to: file.source.bytes) == file.source.bytes)
    }

    /// Moving changes the spaces between tags only: not text, not CDATA, not a leaf of white space.
    @Test func movingLeavesTextAlone() throws {
        let text = "<a>\n  <b>one\n  two</b>\n  <c>\n  </c>\n\n  <d><![CDATA[\n  x]]></d>\n  <m>t<i/>\n  </m>\n</a>"
        let root = try XMLFile(bytes: Array(text.utf8), name: "x.xml").root
        let moved = String(decoding: XMLLayout.moved(root, by: 4), as: UTF8.self)
        let expected =
            "<a>\n      <b>one\n  two</b>\n      <c>\n  </c>\n\n      <d><![CDATA[\n  x]]></d>\n      <m>t<i/>\n  </m>\n    </a>"
        #expect(moved == expected)
        let back = try XMLFile(bytes: Array(moved.utf8), name: "y.xml").root
        #expect(String(decoding: XMLLayout.moved(back, by: -4), as: UTF8.self) == text)
    }

    @Test(arguments: [("a & b < c", "a &amp; b &lt; c"), ("x>\"y\"", "x&gt;\"y\"")])
    func escapesText(_ text: String, _ expected: String) {
        #expect(XMLText.escaped(text) == expected)
        #expect(XMLText.decoded(Array(XMLText.escapedAttribute(text).utf8)[...]) == text)
    }
}
