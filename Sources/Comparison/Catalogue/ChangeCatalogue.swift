/// Every kind of change that a comparison can report.
public enum ChangeCatalogue {
    /// All kinds, by id.
    public static let all: [ChangeKind] = kinds.values.sorted { $0.id < $1.id }

    /// The kind with the id.
    public static func kind(_ id: String) -> ChangeKind? { kinds[id] }

    private static let kinds: [String: ChangeKind] = {
        var kinds: [String: ChangeKind] = [:]
        for rows in [schemaRows, lifecycleRows, wholeRows, connectorRows, ownRows] {
            for kind in rows.flatMap(\.kinds) where kinds[kind.id] == nil { kinds[kind.id] = kind }
        }
        return kinds
    }()
}
