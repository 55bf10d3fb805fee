import Engine
import Foundation
import GRDB
import Testing

/// The ledger of a repository's newest run as somebody changes it who writes to the store: with all hashes put right.
struct ForgedLedger {
    private let work: WorkFolder
    private let queue: DatabaseQueue

    init(_ repository: ReleaseRepository) throws {
        work = repository.work
        queue = try DatabaseQueue(path: "\(repository.path)/.almrun/runs.sqlite")
    }

    /// The events, oldest first.
    var lines: [String] {
        get throws {
            try queue.read { db in
                try String.fetchAll(
                    db, sql: "SELECT line FROM event WHERE run = (SELECT max(run) FROM event) ORDER BY id")
            }
        }
    }

    /// The time of an event.
    static func time(of line: String) throws -> String {
        String(try #require(line.firstMatch(of: /"time":"([^"]*)"/)).1)
    }

    /// Adds an event of these members at the end; its time is that of the last event unless it is given.
    func append(_ members: String, time: String? = nil) throws {
        var lines = try self.lines
        let time = try time ?? Self.time(of: try #require(lines.last))
        lines.append(#"{"format":\#(RunEvent.format),"sequence":0,"time":"\#(time)","previous":"",\#(members)}"#)
        try write(lines)
    }

    /// Changes each event as the body says; nil takes it out. Something must change.
    func rewrite(_ body: (String) throws -> String?) throws {
        let before = try lines
        let after = try before.compactMap(body)
        try #require(after != before)
        try write(after)
    }

    /// Gives each event its number and the hash of the one before it, and the index those of the last one.
    private func write(_ lines: [String]) throws {
        try work.write(lines.map { "\($0)\n" }.joined(), ".std-lines")
        let chained = try BuiltCommand.shell(
            #"""
            previous=
            number=0
            while IFS= read -r line; do
              number=$((number + 1))
              line=$(printf '%s' "$line" | sed -E "s/\"sequence\":[0-9]+/\"sequence\":$number/;s/\"previous\":\"[^\"]*\"/\"previous\":\"$previous\"/")
              printf '%s\n' "$line"
              previous=$(printf '%s' "$line" | sha256sum | cut -c1-64)
            done < .std-lines
            printf '%s\n' "$previous"
            """#, in: work.path)
        var rows = chained.output.split(separator: "\n").map(String.init)
        let head = rows.popLast()
        try #require(rows.count == lines.count, "\(chained.error)")
        try queue.write { db in
            let run = try #require(try Int64.fetchOne(db, sql: "SELECT max(run) FROM event"))
            try db.execute(sql: "DELETE FROM event WHERE run = ?", arguments: [run])
            for (place, line) in rows.enumerated() {
                try db.execute(
                    sql: "INSERT INTO event (id, line) VALUES (?, ?)", arguments: [run << 32 | Int64(place + 1), line])
            }
            try db.execute(
                sql: "UPDATE run SET events = ?, head = ? WHERE number = ?", arguments: [rows.count, head, run])
        }
    }
}
