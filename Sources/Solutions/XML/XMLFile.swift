public import Documents

/// An XML file that is read in place: its bytes, and where every element stands in them.
///
/// Nothing is decoded until somebody asks, and nothing is ever written from the tree: changes are edits at ranges of
/// the bytes, so a file keeps its byte order mark, line ends, quotes and spacing.
public final class XMLFile: Sendable {
    struct Record: Sendable {
        var start: XMLToken
        /// From the start tag to the end tag.
        var range: Range<Int>
        var children: [Int] = []
        /// Text and CDATA sections directly in the element.
        var texts: [XMLToken] = []
    }

    /// The deepest nesting that is read.
    public static let depthLimit = 500

    /// The file.
    public let source: Source
    let records: [Record]

    /// Reads a file; what is not well formed, not UTF-8 or nested too deep is refused with its place.
    public init(_ source: Source) throws(Rejected) {
        self.source = source
        do throws(Diagnostic) {
            records = try Self.records(of: source)
        } catch {
            throw Rejected(error)
        }
    }

    /// Reads bytes that people know under a name.
    public convenience init(bytes: [UInt8], name: String) throws(Rejected) {
        try self.init(Source(name: name, bytes: bytes))
    }

    /// The outermost element.
    public var root: XMLElement { XMLElement(file: self, index: 0) }

    private static func records(of source: Source) throws(Diagnostic) -> [Record] {
        if let bad = firstInvalidByte(in: source.bytes) {
            throw Diagnostic(
                "xml/encoding", "the file is not UTF-8", at: Location(source: source, range: bad..<bad + 1))
        }
        var records: [Record] = []
        var open: [Int] = []
        var tokenizer = XMLTokenizer(source)
        while let token = try tokenizer.next() {
            switch token.kind {
            case .declaration, .instruction, .comment: break
            case .text, .cdata:
                if let last = open.last {
                    records[last].texts.append(token)
                } else if token.kind == .cdata || !source.bytes[token.range].allSatisfy(XMLTokenizer.Character.isSpace)
                {
                    throw problem("xml/text-outside", "text stands outside the outermost element", token, source)
                }
            case .start, .empty:
                guard open.isEmpty == records.isEmpty else {
                    throw problem("xml/second-root", "a second outermost element begins here", token, source)
                }
                guard open.count < depthLimit else {
                    throw problem("xml/too-deep", "elements are nested deeper than \(depthLimit)", token, source)
                }
                if let parent = open.last { records[parent].children.append(records.count) }
                if token.kind == .start { open.append(records.count) }
                records.append(Record(start: token, range: token.range))
            case .end:
                guard let last = open.popLast() else {
                    throw problem("xml/end-tag", "an element ends here that was never begun", token, source)
                }
                let began = records[last].start
                guard source.bytes[began.name].elementsEqual(source.bytes[token.name]) else {
                    var diagnostic = problem(
                        "xml/end-tag", "'\(name(token, source))' ends here, but '\(name(began, source))' is open",
                        token, source)
                    diagnostic.notes = [.init("it begins here", at: Location(source: source, range: began.range))]
                    throw diagnostic
                }
                records[last].range = began.range.lowerBound..<token.range.upperBound
            }
        }
        if let last = open.last {
            let began = records[last].start
            throw problem("xml/unclosed", "'\(name(began, source))' is never closed", began, source)
        }
        guard !records.isEmpty else {
            throw Diagnostic(
                "xml/empty", "the file holds no element",
                at: Location(source: source, range: source.bytes.count..<source.bytes.count))
        }
        return records
    }

    private static func firstInvalidByte(in bytes: [UInt8]) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var valid = 0
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { valid += UTF8.width(scalar) }
        return min(valid, bytes.count - 1)
    }

    private static func name(_ token: XMLToken, _ source: Source) -> String {
        String(decoding: source.bytes[token.name], as: UTF8.self)
    }

    private static func problem(_ code: String, _ message: String, _ token: XMLToken, _ source: Source) -> Diagnostic {
        Diagnostic(code, message, at: Location(source: source, range: token.range))
    }
}
