import Engine
import GRDB

import struct Foundation.Date

/// Reading of rows that another program may have changed: what almrun never writes is refused and not taken for granted.
extension Row {
    /// What stands in a column.
    func read<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: String
    ) throws(RunStoreError) -> Value {
        let value: Value
        do { value = try decode(Value.self, forColumn: column) } catch { throw stranger(column) }
        // Bytes that can be read as a text are not that text: nothing that looks for it finds the row.
        if value is String, case .blob = (self[column] as DatabaseValue).storage { throw stranger(column) }
        return value
    }

    /// A number that counts something: events, steps, runs.
    func readCount(_ column: String) throws(RunStoreError) -> Int {
        let count: Int = try read(column)
        guard (0...Int(Int32.max)).contains(count) else { throw stranger(column) }
        return count
    }

    /// A fencing number.
    func readFence() throws(RunStoreError) -> Int {
        let fence: Int = try read("fence")
        guard (0...Lock.lastFence).contains(fence) else { throw stranger("fence") }
        return fence
    }

    /// Whether something is so.
    func readFlag(_ column: String) throws(RunStoreError) -> Bool {
        let flag: Int = try read(column)
        guard (0...1).contains(flag) else { throw stranger(column) }
        return flag == 1
    }

    /// A time, in milliseconds since the beginning of 1970, before the year 10000.
    func readDate(_ column: String) throws(RunStoreError) -> Date {
        let time: Int64 = try read(column)
        guard (0...Date.lastMilliseconds).contains(time) else { throw stranger(column) }
        return Date(milliseconds: time)
    }

    private func stranger(_ column: String) -> RunStoreError {
        let name: DatabaseValue = hasColumn("name") ? self["name"] : .null
        let found: DatabaseValue = self[column]
        return .damaged(
            "the row \(name) of runs.sqlite has \(found) for '\(column)', which almrun never writes: `almrun doctor` looks "
                + "what can be mended")
    }
}
