import Engine

/// What was brought into environments and no ledger here tells of.
extension StoreExamination {
    /// Operations that count in an environment now: `almrun runs prune` leaves the runs of these where they are.
    func operations(of store: SQLiteRunStore, _ audits: [RunAudit]) async throws -> [Diagnosis] {
        var unknown = packages?.operations ?? [:]
        for one in audits.flatMap(\.deployments) { unknown[one.token] = nil }
        // A run that was cut off, or cannot be read, names what it began.
        for audit in audits where !unknown.isEmpty {
            for token in try await store.digests(Set(unknown.keys), namedBy: audit.number) { unknown[token] = nil }
        }
        return try ownerless(unknown)
    }

    /// - Parameter operations: What each did, by its token.
    func ownerless(_ operations: [String: String]) throws -> [Diagnosis] {
        guard !operations.isEmpty else { return [] }
        let removals = try RemovalRecord(folder: folder).removals()
        var removed: [String] = []
        var unknown: [String] = []
        var areNamed = true
        for (token, deed) in operations.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            let text = "operation \(token.prefix(12)) \(deed)"
            if let removal = removals.last(where: { $0.tells(of: token) }) {
                removed.append("\(text): of \(Self.words(removal))")
            } else if let removal = removals.last(where: { $0.mayTell(ofWhat: deed) }) {
                unknown.append("\(text): may be of \(Self.words(removal))")
            } else {
                unknown.append(text)
                areNamed = false
            }
        }
        return Self.removed(removed) + Self.unknown(unknown, removals, areNamed: areNamed)
    }

    /// Those of runs that somebody removed because they could not be read.
    private static func removed(_ operations: [String]) -> [Diagnosis] {
        guard !operations.isEmpty else { return [] }
        return [
            Diagnosis(
                "environments", .note, "\(count(operations)) of a run that was removed",
                details: operations + ["nothing here says who asked for it and who approved it"])
        ]
    }

    /// - Parameter areNamed: Whether each says of which removed run it may be.
    private static func unknown(
        _ operations: [String], _ removals: [RemovalRecord.Removal], areNamed: Bool
    ) -> [Diagnosis] {
        guard !operations.isEmpty else { return [] }
        let isMeant = operations.count == 1 ? "it" : "them"
        let mayBe = removals.isEmpty ? "" : ", or a run did that was removed"
        return [
            Diagnosis(
                "environments", .note, "\(count(operations)) of a run that no ledger here knows",
                details: operations + (areNamed ? [] : removals.map { "may be of \(words($0))" }) + [
                    "another repository brought \(isMeant)\(mayBe), or the store was removed or replaced while a run "
                        + "worked, or since: nothing here says who asked for it and who approved it"
                ])
        ]
    }

    private static func count(_ operations: [String]) -> String {
        operations.count == 1 ? "1 operation is" : "\(operations.count) operations are"
    }

    private static func words(_ removal: RemovalRecord.Removal) -> String {
        "run \(removal.runs.map { "'\($0)'" }.joined(separator: ", ")), \(removal.text)"
    }
}
