/// Reads the encoding of RFC 4251 section 5, in which SSH writes keys, signatures and messages; checks every length.
struct WireReader {
    private var rest: ArraySlice<UInt8>
    /// What is read, for messages: "public key", "signature".
    private let what: String

    init(_ bytes: some Sequence<UInt8>, _ what: String) {
        rest = Array(bytes)[...]
        self.what = what
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// What was not read yet.
    var remainder: [UInt8] { Array(rest) }

    mutating func byte() throws(SignatureError) -> UInt8 {
        guard let byte = rest.popFirst() else { throw broken("it ends too early") }
        return byte
    }

    mutating func number() throws(SignatureError) -> UInt32 {
        guard rest.count >= 4 else { throw broken("it ends too early") }
        let number = rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        rest = rest.dropFirst(4)
        return number
    }

    /// Bytes with their length before them.
    mutating func bytes() throws(SignatureError) -> [UInt8] {
        let count = try number()
        guard count <= rest.count else { throw broken("a length in it is beyond its end") }
        let bytes = Array(rest.prefix(Int(count)))
        rest = rest.dropFirst(Int(count))
        return bytes
    }

    /// UTF-8 text with its length before it.
    mutating func text() throws(SignatureError) -> String {
        guard let text = String(validating: try bytes(), as: UTF8.self) else { throw broken("a name in it is no text") }
        return text
    }

    /// A positive number in the one form it has, as `width` bytes.
    mutating func positive(width: Int) throws(SignatureError) -> [UInt8] {
        let written = try bytes()
        guard let first = written.first, first < 0x80 else { throw broken("a number in it is not positive") }
        if first == 0, (written.count > 1 ? written[1] : 0) < 0x80 { throw broken("a number in it has extra zeros") }
        let digits = first == 0 ? written.dropFirst() : written[...]
        guard digits.count <= width else { throw broken("a number in it is too large") }
        return Array(repeating: 0, count: width - digits.count) + digits
    }

    /// Exactly these bytes come next.
    mutating func expect(_ bytes: [UInt8]) throws(SignatureError) {
        guard rest.starts(with: bytes) else { throw broken("it does not begin as one") }
        rest = rest.dropFirst(bytes.count)
    }

    /// Nothing comes after.
    func end() throws(SignatureError) {
        guard rest.isEmpty else { throw broken("\(rest.count) bytes are left over after its end") }
    }

    func broken(_ why: String) -> SignatureError {
        SignatureError("signature/format", "this is no well-formed \(what): \(why)")
    }
}
