/// A kind of document that a rule can be limited to.
public enum DocumentFormat: String, Sendable, Hashable, CaseIterable {
    case oas2
    case oas3
    case oas30 = "oas3_0"
    case oas31 = "oas3_1"
    /// A format that is not linted here; no document has it.
    case other

    /// The formats that rulesets can name with effect.
    public static let known: [DocumentFormat] = [.oas2, .oas3, .oas30, .oas31]

    /// The format of a name in a ruleset; `oas3.0` and `oas3_0` mean the same.
    public init?(named name: String) {
        switch name {
        case "oas3.0": self = .oas30
        case "oas3.1": self = .oas31
        case "other": return nil
        default: self.init(rawValue: name)
        }
    }
}
