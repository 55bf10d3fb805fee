/// Which part of a version has to grow; `none` is for findings that stop a release without asking for a version.
public enum Bump: String, Sendable, Codable, CaseIterable, Comparable {
    case none, patch, minor, major

    private var rank: Int {
        switch self {
        case .none: 0
        case .patch: 1
        case .minor: 2
        case .major: 3
        }
    }

    public static func < (left: Bump, right: Bump) -> Bool { left.rank < right.rank }
}
