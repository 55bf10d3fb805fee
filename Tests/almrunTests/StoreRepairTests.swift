import Foundation
import GRDB
import Testing

/// The built command while another one has the damaged store open that it repairs.
@Suite(.waits) struct StoreRepairTests {
    /// What a process does with the store is never lost with the damaged file; killed, it gives the store back, whatever its
    /// children go on with.
    @Test func aProcessAtWorkKeepsItsStore() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write(
            """
            stages:
              wait: { uses: shell.run, with: { command: [sh, -c, "echo $$ > child; exec sleep 600"] } }
            """, "pipelines/p.yaml")
        let script = #"""
            "$ALMRUN" run p >out 2>&1 &
            process=$!
            for try in $(seq 1 30000); do test -s child && break; sleep 0.01; done
            page=$(($PAGE - 1))
            dd if=/dev/zero bs=4096 seek=$page count=1 conv=notrunc of=.almrun/runs.sqlite 2>/dev/null
            "$ALMRUN" doctor --repair 2>/dev/null | grep ' store: ' | head -1
            ls .almrun | grep -c damaged
            kill -9 $process
            wait $process 2>/dev/null
            "$ALMRUN" doctor --repair 2>/dev/null | grep ' store: ' | head -1
            ls .almrun | grep -c damaged
            kill -9 $(cat child) 2>/dev/null
            "$ALMRUN" runs | grep -c interrupted
            """#
        // The page is the same one in every new store.
        try work.write("stages: { a: { uses: shell.run, with: { command: [\"true\"] } } }\n", "pipelines/first.yaml")
        let first = try BuiltCommand.run(["run", "first"], in: work.path)
        try #require(first.status == 0, "\(first.error)")
        let page = try DatabaseQueue(path: "\(work.path)/.almrun/runs.sqlite").writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            return try Int.fetchOne(
                db, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_result_1'")
        }
        let result = try BuiltCommand.shell(
            script, in: work.path, environment: ["PAGE": "\(try #require(page))"])
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count >= 4, "\(result.output)\(result.error)")
        #expect(lines[0].hasPrefix("problem   store: is damaged and could not be saved: "), "\(result.output)")
        #expect(lines[1] == "0")
        #expect(lines[2].hasPrefix("repaired  store: was damaged"), "\(result.output)")
        #expect(lines[3] == "1")
    }
}
