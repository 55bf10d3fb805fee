extension KnownPeople {
    /// The people that were learned of, and what is not known of them, in one line.
    public var text: String {
        var parts: [String] = []
        let runs = Dictionary(grouping: approvals, by: \.environment).sorted { $0.key < $1.key }
        for (environment, found) in runs {
            parts.append("approved for '\(environment)' in another run: \(Self.names(found.map(\.person)))")
        }
        if !unreadable.isEmpty { parts.append("\(Exclusion.names(unreadable)) cannot be read") }
        if !cleared.isEmpty { parts.append("\(Exclusion.names(cleared)) can be read, or was given up") }
        if !committers.isEmpty { parts.append("wrote what is released: \(Self.names(committers))") }
        if !uncommittedBy.isEmpty {
            parts.append("released changes that are in no commit: \(Self.names(uncommittedBy))")
        }
        if let committersDoubt { parts.append(committersDoubt) }
        if let lookedThrough { parts.append("only the newest \(lookedThrough) runs were looked through") }
        return parts.joined(separator: "; ")
    }

    private static func names(_ people: [String]) -> String {
        var seen: Set<String> = []
        let names = people.filter { seen.insert($0.lowercased()).inserted }
        return names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
