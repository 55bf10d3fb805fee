/// What a reader makes of a source: the tape, the pool of texts that do not stand in the file, and the problems.
struct Reading {
    let source: Source
    let syntax: Document.Syntax
    /// Empty when no document could be made.
    var tape: [Slot]
    /// Texts of pooled scalars, each after its length in four bytes.
    var pool: [UInt8]
    var diagnostics: [Diagnostic]

    var hasErrors: Bool { tape.isEmpty || diagnostics.contains { $0.severity == .error } }

    /// Reads bytes as the syntax that is named, that the file's ending says, or that the first byte suggests.
    init(bytes: [UInt8], file: String, syntax: Document.Syntax?, limits: Document.Limits) {
        let source = Source(name: file, bytes: bytes)
        let syntax = syntax ?? Self.syntax(of: file, bytes: bytes)
        if bytes.count > limits.size {
            let diagnostic = Diagnostic(
                "document/too-large",
                "'\(file)' has \(byteCount(bytes.count)), more than the \(byteCount(limits.size)) that are read",
                at: Location(source: source, range: 0..<0))
            self.init(source: source, syntax: syntax, tape: [], pool: [], diagnostics: [diagnostic])
        } else if EncodingCheck.isBinary(bytes) {
            let diagnostic = Diagnostic(
                "document/binary", "'\(file)' is no text file: it is full of control characters",
                at: Location(source: source, range: 0..<0))
            self.init(source: source, syntax: syntax, tape: [], pool: [], diagnostics: [diagnostic])
        } else {
            switch syntax {
            case .json: self = JSONReader.read(source, limits: limits)
            case .yaml: self = YAMLReader.read(source, limits: limits)
            }
        }
    }

    init(source: Source, syntax: Document.Syntax, tape: [Slot], pool: [UInt8], diagnostics: [Diagnostic]) {
        self.source = source
        self.syntax = syntax
        self.tape = tape
        self.pool = pool
        self.diagnostics = diagnostics
    }

    private static func syntax(of file: String, bytes: [UInt8]) -> Document.Syntax {
        let name = file.lowercased()
        if name.hasSuffix(".json") { return .json }
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return .yaml }
        let text = bytes.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D || $0 >= 0x80 }
        return text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") ? .json : .yaml
    }
}

/// A number of bytes as people say it.
func byteCount(_ count: Int) -> String {
    if count < 10_000 { return count == 1 ? "1 byte" : "\(count) bytes" }
    let kibibytes = Double(count) / 1024
    if kibibytes < 1000 { return "\(Int(kibibytes.rounded())) KiB" }
    let tenths = Int((kibibytes / 102.4).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) MiB" : "\(tenths / 10).\(tenths % 10) MiB"
}
