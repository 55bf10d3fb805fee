import Engine
import TestSupport

@testable import RunStorage

extension ManyRuns {
    /// Writes them, many in a transaction.
    func write(to store: SQLiteRunStore) async throws {
        for first in stride(from: 0, to: count, by: 500) {
            let batches = try (first..<min(count, first + 500)).map(batch)
            try await store.write { db in
                for batch in batches { try SQLiteRunStore.write(batch, to: batch.summary.run, db) }
            }
        }
    }
}
