import Documents

/// What a ruleset can say about a rule's severity.
enum SeveritySetting {
    case off
    case on(Severity)

    static let names = ["error", "warn", "info", "hint", "off"]

    /// `error`, `warn`, `info`, `hint`, `off`, or Spectral's numbers 0 to 3 and -1.
    init?(_ node: Node) {
        switch node.scalarText {
        case _ where node.kind == .boolean: return nil
        case "error", "0": self = .on(.error)
        case "warn", "1": self = .on(.warning)
        case "info", "2": self = .on(.information)
        case "hint", "3": self = .on(.hint)
        case "off", "-1": self = .off
        default: return nil
        }
    }

    /// The name that was probably meant.
    static func suggestion(for word: String) -> String? {
        switch word.lowercased() {
        case "warning": "warn"
        case "information", "note": "info"
        case "none", "disabled": "off"
        default: Documents.suggestion(for: word, among: names)
        }
    }

    var severity: Severity? {
        if case .on(let severity) = self { severity } else { nil }
    }
}
