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
        return ownerless(unknown)
    }

    /// - Parameter operations: What each did, by its token.
    func ownerless(_ operations: [String: String]) -> [Diagnosis] {
        guard !operations.isEmpty else { return [] }
        let isOne = operations.count == 1
        return [
            Diagnosis(
                "environments", .note,
                "\(isOne ? "1 operation is" : "\(operations.count) operations are") of a run that no ledger here knows",
                details: operations.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map {
                    "operation \($0.key.prefix(12)) \($0.value)"
                } + [
                    "another repository brought \(isOne ? "it" : "them"), or the store was removed or replaced while a run "
                        + "worked, or since: nothing here says who asked for it and who approved it"
                ])
        ]
    }
}
