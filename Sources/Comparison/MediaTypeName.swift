/// A media type taken apart: `application/problem+json; charset=utf-8`.
struct MediaTypeName: Hashable {
    let type: String
    let subtype: String
    /// What stands after the last `+`, or nil.
    let suffix: String?
    let parameters: [String]

    init(_ text: String) {
        let parts = text.lowercased().split(separator: ";").map { part in
            part.filter { $0 != " " }
        }
        let halves = (parts.first ?? "").split(separator: "/", maxSplits: 1)
        type = halves.first.map(String.init) ?? ""
        let subtype = halves.count > 1 ? String(halves[1]) : ""
        self.subtype = subtype
        suffix = subtype.lastIndex(of: "+").map { String(subtype[subtype.index(after: $0)...]) }
        parameters = parts.dropFirst().map { String($0) }.sorted()
    }

    /// How the other name stands to this one: wider says less, narrower says more, different is unrelated.
    func relation(to other: MediaTypeName) -> TypeRelation {
        guard type == other.type else { return .different }
        if subtype == other.subtype {
            if parameters == other.parameters { return .same }
            if Set(parameters).isSubset(of: other.parameters) { return .narrower }
            return Set(other.parameters).isSubset(of: parameters) ? .wider : .same
        }
        if other.suffix == subtype { return .narrower }
        if suffix == other.subtype { return .wider }
        return .different
    }
}
