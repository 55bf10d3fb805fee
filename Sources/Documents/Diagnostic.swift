/// Something wrong (or worth saying) about a place in a file.
///
/// The code is `room/kebab-case`; the message is in lower case without a full stop and names the thing in quotes.
public struct Diagnostic: Sendable, Hashable, Error {
    public var code: String
    public var severity: Severity
    public var message: String
    public var location: Location?
    public var notes: [Note]
    public var fixIts: [FixIt]
    /// What the reader can do, such as "did you mean 'openapi.lint'?".
    public var help: String?

    public init(
        _ code: String, _ severity: Severity, _ message: String, at location: Location? = nil, notes: [Note] = [],
        fixIts: [FixIt] = [], help: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.location = location
        self.notes = notes
        self.fixIts = fixIts
        self.help = help
    }

    /// A diagnostic of severity `error`.
    public init(
        _ code: String, _ message: String, at location: Location? = nil, notes: [Note] = [], fixIts: [FixIt] = [],
        help: String? = nil
    ) {
        self.init(code, .error, message, at: location, notes: notes, fixIts: fixIts, help: help)
    }

    /// A further place or fact that explains a diagnostic.
    public struct Note: Sendable, Hashable {
        public var message: String
        public var location: Location?

        public init(_ message: String, at location: Location? = nil) {
            self.message = message
            self.location = location
        }
    }
}

extension Diagnostic: CustomStringConvertible {
    /// One line: place, severity, message and code.
    public var description: String {
        let place = location.map { "\($0.source.name):\($0.start): " } ?? ""
        return "\(place)\(severity.rawValue): \(message) [\(code)]"
    }
}
