/// What is known of the people who made what a run releases, and of who approved it before, so that its gates can leave
/// them out; a run is made with it, and what is learned later adds to it.
///
/// Here alone it is written into events and read from them.
public struct KnownPeople: Sendable, Hashable {
    /// Who opened gates for the package in other runs.
    public var approvals: [EarlierApproval]
    /// Other runs that cannot be read: who opened gates in them is not known.
    public var unreadable: [RunID]
    /// Runs that may have been unreadable and stand in nobody's way: they were read, or somebody gave them up.
    public var cleared: [RunID]
    /// How many of the newest runs were looked through for approvals; nil when there were no more.
    public var lookedThrough: Int?
    /// E-mails of who wrote the commits that are released.
    public var committers: [String]
    /// Why everybody in the history counts as one who wrote what is released; nil when it is known since when.
    public var committersDoubt: String?
    /// The commits since which what is written is released; nil where no gate leaves out committers.
    public var bases: [String]?
    /// E-mails of who brought changes that are in no commit into what is released.
    public var uncommittedBy: [String]
    /// E-mails of all who ever committed, for what is brought to an environment for the first time.
    public var everybody: [String]
    /// How many files differed from the commit when the run was made, or the package that it brings back.
    public var uncommitted: Int
    /// SHA-256 of those files as they were, with their paths; where no gate leaves out committers, of those alone that stages
    /// read. Nil where there is no gate.
    public var uncommittedDigest: String?
    /// The pipelines, environments, roles and templates among those files: those that the plan was made from, and others up
    /// to 20 together; behind them the first few other files.
    public var looseManifests: [String]

    public init(
        approvals: [EarlierApproval] = [], unreadable: [RunID] = [], lookedThrough: Int? = nil,
        committers: [String] = [], committersDoubt: String? = nil, bases: [String]? = nil,
        uncommittedBy: [String] = [], everybody: [String] = [], uncommitted: Int = 0,
        uncommittedDigest: String? = nil, looseManifests: [String] = [], cleared: [RunID] = []
    ) {
        self.approvals = approvals
        self.unreadable = unreadable
        self.lookedThrough = lookedThrough
        self.committers = committers
        self.committersDoubt = committersDoubt
        self.bases = bases
        self.uncommittedBy = uncommittedBy
        self.everybody = everybody
        self.uncommitted = uncommitted
        self.uncommittedDigest = uncommittedDigest
        self.looseManifests = looseManifests
        self.cleared = cleared
    }

    /// Who brought changes that are in no commit; runs of an earlier version put them down to who asked for them.
    public func bringers(requester: String) -> [String] { uncommittedBy.isEmpty ? [requester] : uncommittedBy }
}

// MARK: - In events

extension KnownPeople: Codable {
    /// In the order of an event that says what was learned.
    enum Key: String, CodingKey, CaseIterable {
        case approvals, unreadable, lookedThrough, committers, committersDoubt, bases, uncommittedBy
        case everybody, uncommitted, uncommittedDigest, looseManifests, cleared
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func list<Element: Decodable>(_ key: Key) throws -> [Element] {
            try container.decodeIfPresent([Element].self, forKey: key) ?? []
        }
        self.init(
            approvals: try list(.approvals), unreadable: try list(.unreadable),
            lookedThrough: try container.decodeIfPresent(Int.self, forKey: .lookedThrough),
            committers: try list(.committers),
            committersDoubt: try container.decodeIfPresent(String.self, forKey: .committersDoubt),
            bases: try container.decodeIfPresent([String].self, forKey: .bases),
            uncommittedBy: try list(.uncommittedBy), everybody: try list(.everybody),
            uncommitted: try container.decodeIfPresent(Int.self, forKey: .uncommitted) ?? 0,
            uncommittedDigest: try container.decodeIfPresent(String.self, forKey: .uncommittedDigest),
            looseManifests: try list(.looseManifests), cleared: try list(.cleared))
    }

    public func encode(to encoder: any Encoder) throws { try encode(Key.allCases, to: encoder) }

    /// Writes these parts in this order, as members beside others; what says nothing is left out.
    func encode(_ keys: [Key], to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        func add(_ list: [some Encodable], _ key: Key) throws {
            if !list.isEmpty { try container.encode(list, forKey: key) }
        }
        for key in keys {
            switch key {
            case .approvals: try add(approvals, key)
            case .unreadable: try add(unreadable, key)
            case .lookedThrough: try container.encodeIfPresent(lookedThrough, forKey: key)
            case .committers: try add(committers, key)
            case .committersDoubt: try container.encodeIfPresent(committersDoubt, forKey: key)
            case .bases: try container.encodeIfPresent(bases, forKey: key)
            case .uncommittedBy: try add(uncommittedBy, key)
            case .everybody: try add(everybody, key)
            case .uncommitted: if uncommitted > 0 { try container.encode(uncommitted, forKey: key) }
            case .uncommittedDigest: try container.encodeIfPresent(uncommittedDigest, forKey: key)
            case .looseManifests: try add(looseManifests, key)
            case .cleared: try add(cleared, key)
            }
        }
    }
}

// MARK: - Learning

/// Finds anew what a run has to know of other people; nil when none of its gates that are not open asks.
public typealias Learning = @Sendable (RunState) async throws -> KnownPeople?

extension KnownPeople {
    /// What of all that was found is not known here; nil when everything is.
    ///
    /// - Parameters:
    ///   - packages: Those that approvals must be of to be news.
    ///   - own: The run that knows this, of which nothing is news.
    func news(in found: KnownPeople, about packages: Set<String>, own: RunID) -> KnownPeople? {
        var news = KnownPeople()
        for one in found.approvals where one.run != own && packages.contains(one.package) {
            let isKnown = (approvals + news.approvals).contains {
                $0.environment == one.environment && $0.package == one.package
                    && $0.person.lowercased() == one.person.lowercased()
            }
            if !isKnown { news.approvals.append(one) }
        }
        news.unreadable = found.unreadable.filter { !unreadable.contains($0) && $0 != own }
        news.cleared = unreadable.filter { found.cleared.contains($0) && !found.unreadable.contains($0) }
        news.committers = Self.unknown(found.committers, to: committers)
        news.uncommittedBy = Self.unknown(found.uncommittedBy, to: uncommittedBy)
        if committersDoubt == nil { news.committersDoubt = found.committersDoubt }
        if lookedThrough == nil { news.lookedThrough = found.lookedThrough }
        guard news != KnownPeople() else { return nil }
        news.bases = found.bases
        return news
    }

    /// Adds what was learned; nobody is ever taken out again, only runs of which it is no longer asked who approved there.
    public mutating func learn(_ people: KnownPeople) {
        for one in people.approvals where !approvals.contains(one) { approvals.append(one) }
        for one in people.unreadable where !unreadable.contains(one) { unreadable.append(one) }
        unreadable.removeAll { people.cleared.contains($0) }
        committers += Self.unknown(people.committers, to: committers)
        uncommittedBy += Self.unknown(people.uncommittedBy, to: uncommittedBy)
        committersDoubt = committersDoubt ?? people.committersDoubt
        lookedThrough = lookedThrough ?? people.lookedThrough
        bases = people.bases ?? bases
    }

    private static func unknown(_ people: [String], to known: [String]) -> [String] {
        let known = Set(known.map { $0.lowercased() })
        return people.filter { !known.contains($0.lowercased()) }
    }
}
