import Foundation
import GRDB
import Testing

/// Who approved in a run that cannot be read may be anybody, so that nobody's approval counts where that matters.
@Suite(.waits) struct UnreadableRunTests {
    @Test func aDamagedRunClosesTheGate() throws {
        let repository = try ReleaseRepository(
            [
                "dev": "gates: { approvals: [{ role: manager }] }",
                "prod": "after: dev\ngates: { approvals: [{ role: manager, distinctFrom: [\"approvers-of: dev\"] }] }",
            ], roles: "manager: [mads@contoso.example, tess@contoso.example]\nbypass: [rana@contoso.example]\n")
        defer { repository.remove() }
        let first = try repository.release("1.0.0")
        let said = try repository.almrun("approve", first, "dev", "--comment", "looks fine to me", as: "mads")
        try #require(said.status == 0, "\(said.error)")
        _ = try repository.almrun("resume", first)
        try change("looks fine to me", to: "looks fine to us", in: "\(repository.path)/.almrun")

        let second = try repository.release("1.1.0")
        _ = try repository.almrun("approve", second, "dev", as: "tess")
        _ = try repository.almrun("resume", second)
        for person in ["mads", "tess"] {
            let no = try repository.almrun("approve", second, "prod", as: person)
            #expect(no.status == 2 && no.error.contains("[gate/not-allowed]"), "\(no.output)\(no.error)")
        }
        let no = try repository.almrun("approve", second, "prod", as: "mads").error
        #expect(no.contains("nobody knows who approved for 'dev' in run '\(first)', which could not be read"), "\(no)")
        #expect(no.contains("`almrun verify \(first)` names the damage"), "\(no)")
        for arguments in [["show", second, "--gate", "prod.approval"], ["why", second, "prod.approval"]] {
            let text = try BuiltCommand.run(arguments, in: repository.path).output
            #expect(text.contains("may have approved for 'dev' in run '\(first)', which cannot be read"), "\(text)")
            // Besides the bypass.
            #expect(text.contains("`almrun doctor`"), "\(text)")
        }
        let show = try BuiltCommand.run(["show", second], in: repository.path).output
        let way = "put back or given up, approvals count again: `almrun doctor` says how"
        #expect(show.contains("`almrun bypass \(second) prod.approval") && show.contains(way), "\(show)")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("run '\(first)' could not be read, so that nobody knows"), "\(inbox)")

        // Both ways on: the separate act, and a new run once the damaged one is gone.
        let bypass = try repository.almrun("bypass", second, "prod", "--reason", "the disk broke")
        #expect(bypass.status == 0, "\(bypass.error)")
        #expect(try repository.almrun("resume", second).status == 0)
        #expect(!no.contains("new run") && !no.contains("nobody has the role"), "\(no)")
        // What has a lock is to be released before: doctor knows the order.
        #expect(no.contains("without one `almrun doctor` names what gives that run up"), "\(no)")
        #expect(try repository.almrun("doctor").output.contains("type: almrun runs prune --run \(first) --reason"))
        let removal = ["runs", "prune", "--run", first, "--reason", "the disk broke"]
        let dry = try BuiltCommand.run(removal + ["--dry-run"], in: repository.path)
        #expect(dry.status == 0 && dry.output.contains("removes  \(first)"), "\(dry.output)\(dry.error)")
        #expect(try repository.almrun("verify", first).status == 1)
        let removed = try BuiltCommand.run(removal + ["--format", "json"], in: repository.path)
        #expect(removed.status == 0 && removed.output.contains("\"lost\": ["), "\(removed.output)\(removed.error)")
        #expect(removed.output.contains("\"dryRun\": false"))
        #expect(try repository.almrun("verify", first).error.contains("[run/unknown]"))
        #expect(try repository.almrun("verify", "--all").status == 0)
        let record = try String(contentsOfFile: "\(repository.path)/.almrun/removed.jsonl", encoding: .utf8)
        #expect(record.contains("\"reason\":\"the disk broke\"") && record.contains("rana@contoso.example"))
        let third = try repository.release("1.2.0")
        #expect(try repository.almrun("approve", third, "dev", as: "tess").status == 0)
        _ = try repository.almrun("resume", third)
        let approved = try repository.almrun("approve", third, "prod", as: "mads")
        #expect(approved.status == 0, "\(approved.output)\(approved.error)")
        #expect(try repository.almrun("resume", third).status == 0)
    }

    /// Nobody takes up what has succeeded, and what was bypassed in it is told as far as it can be read.
    @Test func aSucceededRunIsDamagedAndNotUntaken() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"],
            roles: "manager: [mads@contoso.example]\nbypass: [rana@contoso.example]\n")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        #expect(try repository.almrun("bypass", run, "prod", "--reason", "outage").status == 0)
        #expect(try repository.almrun("resume", run).status == 0)
        try DatabaseQueue(path: "\(repository.path)/.almrun/runs.sqlite").write { db in
            try db.execute(
                sql: "UPDATE event SET line = replace(line, '\"kind\"', '\"kynd\"') WHERE id = 1 << 32 | 2")
        }
        let runs = try repository.almrun("runs").output
        #expect(runs.contains("    BYPASSED: prod.approval by rana@contoso.example: outage\n"), "\(runs)")
        #expect(runs.contains("    damaged: event 2 of run ") && !runs.contains("not taken up"), "\(runs)")
        #expect(runs.contains("`almrun runs prune --run \(run) --reason \"...\"` gives it up"), "\(runs)")
    }

    /// A command comes upon a run in several places, and says once that it is damaged.
    @Test func aDamagedRunIsSaidOnce() throws {
        let repository = try ReleaseRepository(
            [
                "dev": "gates: { approvals: [{ role: manager, distinctFrom: [committers] }] }",
                "prod": "after: dev\ngates: { approvals: [{ role: manager, distinctFrom: [\"approvers-of: dev\"] }] }",
            ], roles: "manager: [mads@contoso.example, tess@contoso.example]\n")
        defer { repository.remove() }
        let first = try repository.release("1.0.0")
        try #require(
            try repository.almrun("approve", first, "dev", "--comment", "looks fine to me", as: "mads").status == 0)
        try #require(try repository.almrun("resume", first).status == 75)
        try change("looks fine to me", to: "looks fine to us", in: "\(repository.path)/.almrun")
        let said = try repository.almrun("run", "release", "--input", "version=1.1.0")
        #expect(said.status == 75)
        #expect(
            said.error.components(separatedBy: "warning: run '\(first)' is damaged").count == 2, "\(said.error)")
    }

    /// The row of a run is gone and its events are there: until the index is written anew, nobody says who approved in it.
    @Test func aRunWithoutARowClosesTheGateUntilItHasOne() throws {
        let repository = try ReleaseRepository(
            [
                "dev": "gates: { approvals: [{ role: manager }] }",
                "prod": "after: dev\ngates: { approvals: [{ role: manager, distinctFrom: [\"approvers-of: dev\"] }] }",
            ], roles: "manager: [mads@contoso.example, tess@contoso.example]\n")
        defer { repository.remove() }
        let first = try repository.release("1.0.0")
        try #require(try repository.almrun("approve", first, "dev", as: "mads").status == 0)
        _ = try repository.almrun("resume", first)
        try DatabaseQueue(path: "\(repository.path)/.almrun/runs.sqlite").write { db in
            try db.execute(sql: "DELETE FROM run WHERE name = ?", arguments: [first])
        }
        let second = try repository.release("1.0.0")
        _ = try repository.almrun("approve", second, "dev", as: "tess")
        _ = try repository.almrun("resume", second)
        let closed = try repository.almrun("approve", second, "prod", as: "mads")
        #expect(
            closed.status == 2 && closed.error.contains("nobody knows who approved for 'dev' in run '\(first)'"),
            "\(closed.output)\(closed.error)")
        let shown = try BuiltCommand.run(["show", second, "--gate", "prod.approval"], in: repository.path).output
        #expect(shown.contains("`almrun doctor`, which says what is to be mended"), "\(shown)")
        #expect(try repository.almrun("doctor", "--repair").output.contains("repaired  run index"))
        // Now it is known, and the doubt goes.
        let known = try repository.almrun("approve", second, "prod", as: "mads")
        #expect(known.status == 2 && known.error.contains("approved for 'dev'"), "\(known.output)\(known.error)")
    }

    /// Changes bytes in the files of a store as a bad disk would.
    private func change(_ text: String, to other: String, in folder: String) throws {
        var changed = 0
        for name in ["runs.sqlite", "runs.sqlite-wal"] {
            let file = URL(filePath: "\(folder)/\(name)")
            guard var data = try? Data(contentsOf: file) else { continue }
            while let place = data.firstRange(of: Data(text.utf8)) {
                data.replaceSubrange(place, with: Data(other.utf8))
                changed += 1
            }
            try data.write(to: file)
        }
        try #require(changed > 0)
    }
}
