/// How much a diagnostic or finding matters.
public enum Severity: String, Sendable, Hashable, Codable, Comparable, CaseIterable {
    case hint
    case information
    case warning
    case error

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .hint: 0
        case .information: 1
        case .warning: 2
        case .error: 3
        }
    }
}
