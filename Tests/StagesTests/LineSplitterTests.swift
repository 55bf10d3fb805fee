import Testing

@testable import Stages

@Suite("Output is cut into lines wherever the pieces end")
struct LineSplitterTests {
    @Test("any cutting of the bytes gives the same lines", arguments: 1...12)
    func pieces(size: Int) {
        let bytes = Array("one\r\n\ntwo three\nlast ä".utf8)
        var splitter = LineSplitter(limit: 100)
        var lines: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(bytes.count, start + size)].withUnsafeBytes {
                splitter.add($0) { lines.append($0.bytes) }
            }
        }
        splitter.finish { lines.append($0.bytes) }
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["one", "", "two three", "last ä"])
    }

    @Test("a long line is cut once and the next is whole")
    func long() {
        var splitter = LineSplitter(limit: 4)
        var lines: [[UInt8]] = []
        Array("123456789\nabcd\n".utf8).withUnsafeBytes { splitter.add($0) { lines.append($0.cut(to: 4)) } }
        splitter.finish { lines.append($0.cut(to: 4)) }
        #expect(
            lines.map { String(decoding: $0, as: UTF8.self) } == ["1234 ... (5 bytes of this line left out)", "abcd"])
    }

    @Test("a cut never leaves the beginning of a character", arguments: 1...9)
    func cutCharacter(limit: Int) throws {
        var splitter = LineSplitter(limit: limit)
        var lines: [[UInt8]] = []
        Array("aä€😀b\n".utf8).withUnsafeBytes { splitter.add($0) { lines.append($0.cut(to: limit)) } }
        let line = try #require(lines.first.flatMap { String(validating: $0, as: UTF8.self) })
        let whole = [0, 1, 3, 6, 10].last { $0 <= limit } ?? 0
        #expect(line.hasSuffix(" ... (\(11 - whole) bytes of this line left out)"), "\(line)")
    }

    @Test("bytes that are no text stay as they are")
    func noText() {
        var splitter = LineSplitter(limit: 4)
        var lines: [[UInt8]] = []
        let bytes: [UInt8] = [0x80, 0xFF, 0x0A, 0xC3, 0x0A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x0A]
        bytes.withUnsafeBytes { splitter.add($0) { lines.append($0.cut(to: 4)) } }
        #expect(
            lines == [
                [0x80, 0xFF], [0xC3], [0x80, 0x80, 0x80, 0x80] + Array(" ... (1 bytes of this line left out)".utf8),
            ])
    }
}
