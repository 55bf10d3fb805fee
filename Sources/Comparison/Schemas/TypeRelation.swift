/// How the values of one type stand to those of another.
enum TypeRelation {
    case same, wider, narrower, different

    /// Compares sets of types; nil stands for any.
    static func of(_ base: [String]?, _ revision: [String]?) -> TypeRelation {
        switch (base, revision) {
        case (nil, nil): return .same
        case (_, nil): return .wider
        case (nil, _): return .narrower
        case (let base?, let revision?):
            let grows = covers(revision, base)
            let shrinks = covers(base, revision)
            if grows { return shrinks ? .same : .wider }
            return shrinks ? .narrower : .different
        }
    }

    /// Compares formats of the same type; nil stands for any.
    static func ofFormats(_ base: String?, _ revision: String?) -> TypeRelation {
        if base == revision { return .same }
        guard let base else { return .narrower }
        guard let revision else { return .wider }
        if inside[base]?.contains(revision) == true { return .wider }
        if inside[revision]?.contains(base) == true { return .narrower }
        return .different
    }

    /// What both relations together come to.
    func joined(_ other: TypeRelation) -> TypeRelation {
        switch (self, other) {
        case (_, .same): self
        case (.same, _): other
        case (.wider, .wider): .wider
        case (.narrower, .narrower): .narrower
        default: .different
        }
    }

    private static func covers(_ outer: [String], _ inner: [String]) -> Bool {
        inner.allSatisfy { outer.contains($0) || ($0 == "integer" && outer.contains("number")) }
    }

    /// The formats that hold every value of a format.
    private static let inside: [String: Set<String>] = [
        "float": ["double"], "int32": ["int64", "bigint"], "int64": ["bigint"], "date": ["date-time"],
        "time": ["date-time"],
    ]
}
