/// Base64 between a `-----BEGIN X-----` and an `-----END X-----` line.
struct ArmoredText {
    let label: String
    let bytes: [UInt8]

    /// Reads text of one block; blank lines may come before and after it.
    init(_ text: String, what: String) throws(SignatureError) {
        let lines = Self.lines(text)
        guard let first = lines.first, let label = Self.label(first, "-----BEGIN ") else {
            throw SignatureError(
                "signature/format", "this is no well-formed \(what): it does not begin with a '-----BEGIN' line")
        }
        guard lines.count >= 2, let last = lines.last, Self.label(last, "-----END ") == label else {
            throw SignatureError(
                "signature/format",
                "this is no well-formed \(what): the '-----END \(label.printable)-----' line is missing")
        }
        guard let bytes = Base64.bytes(lines.dropFirst().dropLast().joined()) else {
            throw SignatureError("signature/format", "this is no well-formed \(what): it is not Base64")
        }
        self.label = label
        self.bytes = bytes
    }

    /// The label of the first line, when there is one.
    static func label(of text: String) -> String? { lines(text).first.flatMap { label($0, "-----BEGIN ") } }

    /// Writes a block; OpenSSH's lines have 70 characters, those of other PEM files 64.
    static func text(label: String, _ bytes: [UInt8], width: Int = 70) -> String {
        var text = "-----BEGIN \(label)-----\n"
        var rest = Base64.text(bytes)[...]
        while !rest.isEmpty {
            text += rest.prefix(width) + "\n"
            rest = rest.dropFirst(width)
        }
        return text + "-----END \(label)-----\n"
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)[...]
        while lines.first?.isEmpty == true { lines.removeFirst() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return Array(lines)
    }

    private static func label(_ line: String, _ beginning: String) -> String? {
        guard line.hasPrefix(beginning), line.hasSuffix("-----"), line.count > beginning.count + 5 else { return nil }
        return String(line.dropFirst(beginning.count).dropLast(5))
    }
}
