import Documents
import Testing

@Suite struct FixItTests {
    private let source = Source(name: "a", bytes: Array("one two three".utf8))

    private func fix(_ range: Range<Int>, _ text: String) -> FixIt {
        FixIt("f", at: Location(source: source, range: range), replacement: text)
    }

    private func apply(_ fixIts: FixIt...) -> String {
        String(decoding: FixIt.apply(fixIts, to: source), as: UTF8.self)
    }

    @Test func `applies edits wherever they stand`() {
        #expect(apply(fix(8..<13, "3"), fix(0..<3, "1")) == "1 two 3")
        #expect(apply(fix(3..<3, ","), fix(13..<13, "!")) == "one, two three!")
        #expect(apply() == "one two three")
    }

    @Test func `leaves out what overlaps or belongs to another file`() {
        #expect(apply(fix(0..<7, "x"), fix(4..<13, "y")) == "x three")
        #expect(apply(fix(0..<3, "x"), fix(0..<3, "x")) == "x two three")
        let other = Source(name: "b", bytes: [])
        #expect(apply(FixIt("f", at: Location(source: other, range: 0..<0), replacement: "z")) == "one two three")
    }

    @Test func `a range outside the file does no harm`() {
        #expect(apply(fix(5..<99, "")) == "one t")
    }
}
