/// What was found out of other people after a run was made; it only adds to what the run knows.
public struct LearnedPeople: Sendable, Hashable, Codable {
    /// Who opened gates in other runs.
    public var approvals: [EarlierApproval]
    /// Other runs that cannot be read: who opened gates in them is not known.
    public var unreadable: [RunID]
    /// How many of the newest runs were looked through for approvals; nil when there were no more.
    public var lookedThrough: Int?
    /// E-mails of who wrote the commits that are released.
    public var committers: [String]
    /// Why it is not known any more since when commits are released.
    public var committersDoubt: String?
    /// The commits since which they are released.
    public var bases: [String]?
    /// E-mails of who brought changes that are in no commit into what is released.
    public var uncommittedBy: [String]

    public init(
        approvals: [EarlierApproval] = [], unreadable: [RunID] = [], lookedThrough: Int? = nil,
        committers: [String] = [], committersDoubt: String? = nil, bases: [String]? = nil, uncommittedBy: [String] = []
    ) {
        self.approvals = approvals
        self.unreadable = unreadable
        self.lookedThrough = lookedThrough
        self.committers = committers
        self.committersDoubt = committersDoubt
        self.bases = bases
        self.uncommittedBy = uncommittedBy
    }

    private enum Key: String, CodingKey {
        case approvals, unreadable, lookedThrough, committers, committersDoubt, bases, uncommittedBy
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            approvals: try container.decodeIfPresent([EarlierApproval].self, forKey: .approvals) ?? [],
            unreadable: try container.decodeIfPresent([RunID].self, forKey: .unreadable) ?? [],
            lookedThrough: try container.decodeIfPresent(Int.self, forKey: .lookedThrough),
            committers: try container.decodeIfPresent([String].self, forKey: .committers) ?? [],
            committersDoubt: try container.decodeIfPresent(String.self, forKey: .committersDoubt),
            bases: try container.decodeIfPresent([String].self, forKey: .bases),
            uncommittedBy: try container.decodeIfPresent([String].self, forKey: .uncommittedBy) ?? [])
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if !approvals.isEmpty { try container.encode(approvals, forKey: .approvals) }
        if !unreadable.isEmpty { try container.encode(unreadable, forKey: .unreadable) }
        try container.encodeIfPresent(lookedThrough, forKey: .lookedThrough)
        if !committers.isEmpty { try container.encode(committers, forKey: .committers) }
        try container.encodeIfPresent(committersDoubt, forKey: .committersDoubt)
        try container.encodeIfPresent(bases, forKey: .bases)
        if !uncommittedBy.isEmpty { try container.encode(uncommittedBy, forKey: .uncommittedBy) }
    }

    /// The people, and what is not known of them, in one line.
    public var text: String {
        var parts: [String] = []
        let runs = Dictionary(grouping: approvals, by: \.environment).sorted { $0.key < $1.key }
        for (environment, found) in runs {
            parts.append("approved for '\(environment)' in another run: \(Self.names(found.map(\.person)))")
        }
        if !unreadable.isEmpty { parts.append("\(Exclusion.names(unreadable)) cannot be read") }
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

/// Finds anew what a run has to know of other people; nil when none of its gates that are not open asks.
public typealias Learning = @Sendable (RunState) async throws -> LearnedPeople?
