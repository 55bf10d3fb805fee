import Documents
import Testing

@Suite struct SourceTests {
    @Test func `counts lines and columns from one`() {
        let source = Source(name: "a", bytes: Array("ab\ncd\r\ne\rf\n".utf8))
        #expect(source.lineCount == 5)
        #expect(source.place(at: 0) == Place(line: 1, column: 1))
        #expect(source.place(at: 2) == Place(line: 1, column: 3))
        #expect(source.place(at: 3) == Place(line: 2, column: 1))
        #expect(source.place(at: 7) == Place(line: 3, column: 1))
        #expect(source.place(at: 9) == Place(line: 4, column: 1))
        #expect(source.place(at: 11) == Place(line: 5, column: 1))
        #expect((1...6).map { source.line($0) } == ["ab", "cd", "e", "f", "", ""])
        #expect(source.place(at: -5) == Place(line: 1, column: 1) && source.place(at: 99) == Place(line: 5, column: 1))
    }

    @Test func `columns are code points for people and UTF-16 units for editors`() {
        let source = Source(name: "a", bytes: Array("é中😀x".utf8))
        #expect(source.place(at: 9) == Place(line: 1, column: 4))
        #expect(source.utf16Place(at: 9) == Place(line: 1, column: 5))
        #expect(source.offset(ofUTF16: Place(line: 1, column: 5)) == 9)
        #expect(source.offset(ofUTF16: Place(line: 1, column: 99)) == 10)
        #expect(source.offset(ofUTF16: Place(line: 7, column: 1)) == 10)
    }

    @Test func `an empty file has one line`() {
        let source = Source(name: "a", bytes: [])
        #expect(source.lineCount == 1 && source.line(1).isEmpty && source.place(at: 0) == Place(line: 1, column: 1))
    }

    @Test func `sources are compared by identity`() {
        let source = Source(name: "a", bytes: [])
        #expect(source == source && source != Source(name: "a", bytes: []))
        #expect(Set([source, source]).count == 1)
    }

    @Test func `every place of a line leads back to its offset`() {
        let text = "a😀é\r\n\r中\n\nend"
        let source = Source(name: "a", bytes: Array(text.utf8))
        var offset = 0
        for character in text.unicodeScalars {
            if character != "\n" && character != "\r" {
                #expect(source.offset(ofUTF16: source.utf16Place(at: offset)) == offset)
            }
            offset += String(character).utf8.count
        }
    }
}
