import Engine
import GRDB

import struct Foundation.Data

extension SQLiteRunStore {
    /// The ids that the events of a number have; none for one that no event can have.
    private static func ids(of number: Int64) -> Range<Int64> {
        (0...Int64(Int32.max)).contains(number) ? number << 32..<(number + 1) << 32 : 0..<0
    }

    /// What stands under a number and under a run's name.
    func unreadable(_ number: Int64, _ run: RunID?) async throws(RunStoreError) -> UnreadableContents {
        try await read { db in
            var found = UnreadableContents()
            let ids = Self.ids(of: number)
            let cursor = try Row.fetchCursor(
                db, sql: "SELECT line FROM event WHERE id >= ? AND id < ? ORDER BY id",
                arguments: [ids.lowerBound, ids.upperBound])
            while let row = try cursor.next() {
                found.lines.append(try row.withUnsafeData(atIndex: 0) { data in data.map { Array($0) } ?? [] })
            }
            if let run {
                found.results =
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM result WHERE run = ?", arguments: [run.rawValue])
                    ?? 0
            }
            if let first = found.lines.first, case .created(let creation)? = try? LedgerLine(bytes: first).event.kind,
                let run, creation.run != run
            {
                found.other = creation.run
                return found
            }
            // The row of another run that names the end of these events: its number was changed.
            let digests = Set(found.lines.map { ObjectStore.digest(of: Data($0)) })
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM run WHERE number <> ?", arguments: [number])
            for voucher in rows.map(IndexVoucher.init) {
                if let head = voucher.head, digests.contains(head) { found.other = RunID(voucher.name ?? "?") }
            }
            return found
        }
    }

    /// Removes what stands under a number, and takes the run's locks away with a higher number.
    func removeUnreadable(
        _ number: Int64, _ run: RunID?, events: Int, _ locks: [Lock]
    ) async throws(RunStoreError) {
        try await write { db in
            let ids = Self.ids(of: number)
            let range: StatementArguments = [ids.lowerBound, ids.upperBound]
            let count = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM event WHERE id >= ? AND id < ?", arguments: range)
            guard count == events else {
                throw RunStoreError.unavailable("events were written under number \(number) meanwhile: look again")
            }
            for lock in locks {
                try db.execute(
                    sql: """
                        UPDATE lock SET held = 0, run = '', step = '', fence = fence + 1
                        WHERE name = ? AND run = ? AND fence = ? AND held = 1
                        """, arguments: [lock.name, lock.run.rawValue, lock.fence])
                guard db.changesCount == 1 else { throw RunStoreError.lockLost(lock.name) }
            }
            try db.execute(sql: "DELETE FROM run WHERE number = ?", arguments: [number])
            try db.execute(sql: "DELETE FROM event WHERE id >= ? AND id < ?", arguments: range)
            if let run { try db.execute(sql: "DELETE FROM result WHERE run = ?", arguments: [run.rawValue]) }
        }
    }
}
