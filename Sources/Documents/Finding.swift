/// A lint or comparison finding, or a diagnostic, flattened for reports and events.
public struct Finding: Sendable, Hashable, Codable {
    public var code: String
    public var severity: Severity
    public var message: String
    public var file: String?
    /// Counted from 1.
    public var line: Int?
    /// In UTF-16 units, counted from 1; the same for `endColumn`, which is just after the last character.
    public var column: Int?
    public var endLine: Int?
    public var endColumn: Int?
    /// The path in the document (RFC 6901).
    public var pointer: String?
    /// Says which finding this is across runs: made of code, pointer and message, so that it survives moves of lines.
    public var fingerprint: String
    /// The rule's page or a hint.
    public var help: String?

    /// A finding at a location.
    public init(
        code: String, severity: Severity, message: String, location: Location? = nil, pointer: String? = nil,
        help: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.pointer = pointer
        self.help = help
        fingerprint = Finding.fingerprint(of: [code, pointer ?? "", message])
        if let location {
            let start = location.utf16Start
            let end = location.utf16End
            file = location.source.name
            line = start.line
            column = start.column
            endLine = end.line
            endColumn = end.column
        }
    }

    /// A diagnostic as a finding.
    public init(_ diagnostic: Diagnostic, pointer: String? = nil) {
        self.init(
            code: diagnostic.code, severity: diagnostic.severity, message: diagnostic.message,
            location: diagnostic.location, pointer: pointer,
            help: diagnostic.help ?? diagnostic.fixIts.first?.message)
    }

    /// FNV-1a over the parts, 64 bits, in hexadecimal.
    private static func fingerprint(of parts: [String]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in parts {
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
