/// How bad a change is for those who already use the API.
public enum Level: String, Sendable, Codable, CaseIterable, Comparable {
    case info, warning, breaking

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .breaking: 2
        }
    }

    public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
}
