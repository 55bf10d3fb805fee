import Testing

@testable import Stages

@Suite("Output is cut into lines wherever the pieces end")
struct LineSplitterTests {
    @Test("any cutting of the bytes gives the same lines", arguments: 1...12)
    func pieces(size: Int) {
        let bytes = Array("one\r\n\ntwo three\nlast ä".utf8)
        var splitter = LineSplitter(limit: 100)
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(bytes.count, start + size)].withUnsafeBytes { splitter.add($0) { lines.append($0) } }
        }
        splitter.finish { lines.append($0) }
        #expect(lines == ["one", "", "two three", "last ä"])
    }

    @Test("a long line is cut once and the next is whole")
    func long() {
        var splitter = LineSplitter(limit: 4)
        var lines: [String] = []
        Array("123456789\nabcd\n".utf8).withUnsafeBytes { splitter.add($0) { lines.append($0) } }
        splitter.finish { lines.append($0) }
        #expect(lines == ["1234 ... (5 bytes of this line left out)", "abcd"])
    }
}
