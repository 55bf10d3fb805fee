import Documents
import Engine
import Foundation
import GRDB

/// The runs that a repair of a damaged store could not save, kept in `lost.jsonl` beside the store.
///
/// Each stays one that cannot be read until somebody gives it up, or the index has it again.
struct LostRuns: Sendable {
    let path: String

    init(folder: String) { path = "\(folder)/lost.jsonl" }

    /// What a repair could not save.
    struct Loss: Sendable {
        /// Those whose names something beside the store knows.
        var runs: [String]
        /// Where the damaged file is.
        var place: String
        /// How many events of how many runs were saved.
        var events: Int
        var saved: Int
    }

    /// Those that nobody has given up, in the order of the repairs.
    func all() throws(RunStoreError) -> [UnreadableRun] {
        var found: [UnreadableRun] = []
        for (place, value) in try records().enumerated() {
            if let name = value?["givenUp"]?.string {
                found.removeAll { $0.name == name }
            } else if let time = value?["time"]?.string, let date = try? Date(time, strategy: .iso8601),
                case .list(let names)? = value?["lost"], let file = value?["file"]?.string
            {
                for name in names.compactMap(\.string) + [Self.unknown(date)]
                where !found.contains(where: { $0.name == name }) {
                    found.append(Self.lost(name, date, file))
                }
            } else {
                // Which runs it named nobody knows.
                let name = "line \(place + 1) of lost.jsonl"
                found.append(
                    UnreadableRun(
                        run: nil, name: name, created: nil,
                        reason: "\(name) cannot be read, and named runs that were lost: \(Self.advice(name))"))
            }
        }
        return found
    }

    /// Its lines; nil for one that is no JSON.
    private func records() throws(RunStoreError) -> [Value?] {
        var status = stat()
        // A store that was never repaired has no such file.
        guard lstat(path, &status) == 0 else { return [] }
        do {
            return try RegularFile.contents(of: path).split(separator: 0x0A).map { try? Value(json: Array($0)) }
        } catch {
            throw .unavailable("cannot read '\(path)', which names runs that were lost: \(error)")
        }
    }

    /// The names that were ever lost, those too that somebody gave up: no later repair loses them anew.
    func names() throws(RunStoreError) -> Set<String> {
        Set(try all().map(\.name)).union(try givenUp())
    }

    /// The names that somebody gave up.
    func givenUp() throws(RunStoreError) -> Set<String> {
        Set(try records().compactMap { $0?["givenUp"]?.string })
    }

    /// What stands for the runs whose names nothing knows.
    static func unknown(_ time: Date) -> String { "unknown-\(time.ISO8601Format().filter(\.isNumber))" }

    private static func lost(_ name: String, _ time: Date, _ file: String) -> UnreadableRun {
        let what = "with the damaged store of \(time.ISO8601Format()), which is '\(file)'"
        guard name != unknown(time) else {
            return UnreadableRun(
                run: nil, name: name, created: time,
                reason: "runs whose names nothing knows may have been lost \(what): \(advice(name))")
        }
        return UnreadableRun(
            run: RunID(name), name: name, created: created(name) ?? time,
            reason: "run '\(name)' is not in the store and may have been lost \(what): \(advice(name))")
    }

    private static func advice(_ name: String) -> String {
        "put runs.sqlite back from a copy, or give it up with `\(RunID(name).removal)`"
    }

    /// The time in the name of a run.
    private static func created(_ name: String) -> Date? {
        let parts = name.split(separator: "-").suffix(3)
        guard parts.count == 3, let day = parts.first, let clock = parts.dropFirst().first else { return nil }
        func pair(_ text: Substring, _ place: Int) -> Substring { text.dropFirst(place).prefix(2) }
        let text =
            "\(day.prefix(4))-\(pair(day, 4))-\(pair(day, 6))T\(pair(clock, 0)):\(pair(clock, 2)):\(pair(clock, 4))Z"
        return try? Date(text, strategy: .iso8601)
    }

    /// Fails for a run that was lost: that there is nothing of it does not mean that it never was.
    func refuse(_ run: RunID) throws(RunStoreError) {
        if let one = try all().first(where: { $0.run == run }) { throw .damaged(one.reason) }
    }

    /// Keeps what a repair loses, before the damaged file goes.
    func keep(_ loss: Loss, by person: String, at time: Date) throws {
        try append([
            "time": .string(time.ISO8601Format()), "by": .string(person), "file": .string(loss.place),
            "savedEvents": .integer(loss.events), "savedRuns": .integer(loss.saved),
            "lost": .list(loss.runs.map { .string($0) }),
        ])
    }

    /// Keeps that somebody gave one up.
    func giveUp(_ name: String, by person: String, reason: String, at time: Date) throws {
        try append([
            "time": .string(time.ISO8601Format()), "by": .string(person), "reason": .string(reason),
            "givenUp": .string(name),
        ])
    }

    /// How long the file is; nil where there is none.
    var length: Int? {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Takes back what a repair kept that failed then; gives what it could not.
    func cut(to length: Int?) -> [String] {
        guard self.length != length else { return [] }
        let isBack = if let length { truncate(path, off_t(length)) == 0 } else { unlink(path) == 0 }
        return isBack ? [] : ["'\(path)' says that runs were lost, and could not be written as it was"]
    }

    private func append(_ record: Value) throws { try RecordFile.append(record, to: path) }
}

extension SQLiteRunStore {
    /// The runs that repairs of damaged files lost, without those that the index has again.
    func lostRuns() async throws(RunStoreError) -> [UnreadableRun] {
        let lost = try LostRuns(folder: folder).all()
        return lost.isEmpty ? [] : try await read { db in try Self.missing(lost, db) }
    }

    /// Those of which the index has no row.
    static func missing(_ lost: [UnreadableRun], _ db: Database) throws -> [UnreadableRun] {
        try lost.filter { one in
            guard let run = one.run else { return true }
            return try Row.fetchOne(db, sql: "SELECT 1 FROM run WHERE name = ?", arguments: [run.rawValue]) == nil
        }
    }

}
