import Foundation
import GRDB
import Testing

/// The built command over a store that somebody wrote to with another program: one strange row stops nothing else.
@Suite(.waits) struct DamagedStoreTests {
    /// Checks that may be reused, on a definition, and a command.
    private static let pipeline = """
        inputs: { text: { type: string, default: hello } }
        concurrency: { group: g }
        stages:
          lint: { uses: openapi.lint, with: { document: api.json, ruleset: rules.yaml } }
          say:
            uses: shell.run
            needs: [lint]
            with: { command: [sh, -c, "echo ${{ inputs.text }}"], effect: repeatable }
        """

    private func work(runs: Int) throws -> WorkFolder {
        let work = try WorkFolder()
        try work.write(Self.pipeline, "pipelines/p.yaml")
        try work.write("rules: {}\n", "rules.yaml")
        try work.write(
            #"{"openapi":"3.0.3","info":{"title":"a","version":"1"},"paths":{}}"#, "api.json")
        for number in 0..<runs {
            let run = try almrun("run p --input text=t\(number)", in: work)
            try #require(run.status == 0, "\(run.output)\(run.error)")
        }
        return work
    }

    private func almrun(_ arguments: String, in work: WorkFolder) throws -> BuiltCommand.Result {
        try BuiltCommand.run(arguments.split(separator: " ").map(String.init), in: work.path)
    }

    private func change(_ sql: String, in work: WorkFolder) throws {
        try DatabaseQueue(path: "\(work.path)/.almrun/runs.sqlite").write { db in try db.execute(sql: sql) }
    }

    private func value(_ sql: String, in work: WorkFolder) throws -> String {
        let found = try DatabaseQueue(path: "\(work.path)/.almrun/runs.sqlite").read { db in
            try String.fetchOne(db, sql: sql)
        }
        return try #require(found)
    }

    @Test func oneStrangeFieldStopsNothingElse() throws {
        let work = try work(runs: 2)
        defer { work.remove() }
        let names = try almrun("runs --ids", in: work).output.split(separator: "\n").map(String.init)
        try change("UPDATE run SET settled = 'abc', waits = '[' WHERE number = 1", in: work)
        let list = try almrun("runs", in: work)
        #expect(list.status == 0 && list.output.contains(names[0]) && !list.output.contains(names[1]))
        #expect(list.error.contains("warning: run '\(names[1])' is left out"))
        #expect(
            list.error.contains("has \"abc\" for 'settled'") && list.error.contains("almrun doctor"), "\(list.error)")
        let json = try almrun("runs --format json", in: work)
        #expect(json.output.contains("\"unreadable\"") && json.output.contains("\"id\": \"\(names[1])\""))
        let run = try almrun("run p --input text=more", in: work)
        #expect(run.status == 0, "\(run.error)")
        #expect(try almrun("show \(names[1])", in: work).status == 0)
        #expect(try almrun("why \(names[0]) say", in: work).status == 0)
        #expect(try almrun("inbox", in: work).output.contains("run '\(names[1])' cannot be read"))
        let verify = try almrun("verify --all", in: work)
        #expect(verify.status == 1 && verify.output.contains("2 runs are as written, 1 is not"), "\(verify.output)")
        #expect(verify.output.contains("run \(names[1])\n") && verify.output.contains("[verify/index]"))
        // Which run is the latest is not known when the strange one may be.
        try change("UPDATE run SET created = 'x' WHERE number = 1", in: work)
        let latest = try almrun("show latest", in: work)
        #expect(
            latest.status == 3 && latest.error.contains("which run is the latest one is not known"), "\(latest.error)")
        #expect(try almrun("doctor", in: work).status == 1)
        #expect(try almrun("doctor --repair", in: work).output.contains("repaired  run index"))
        let sound = try almrun("verify --all", in: work)
        #expect(sound.status == 0 && sound.output.contains("3 runs are as written"), "\(sound.output)")
        #expect(try almrun("runs", in: work).error.isEmpty)
    }

    /// What cannot be read names what says more, whichever command comes upon it.
    @Test func aBrokenChainNamesWhatSaysMore() throws {
        let work = try work(runs: 1)
        defer { work.remove() }
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        try change("UPDATE event SET line = replace(line, 'lint', 'lind') WHERE id & 4294967295 = 3", in: work)
        for command in ["show", "why", "resume", "approve", "cancel", "logs"] {
            let gate = ["why", "approve"].contains(command) ? " say" : ""
            let result = try almrun("\(command) \(run)\(gate)", in: work)
            #expect(result.status == 3 && result.error.contains("[store/damaged]"), "\(result.error)")
            #expect(
                result.error.contains(
                    "`almrun verify \(run)` says what was changed, `almrun doctor` what can be mended"),
                "\(command): \(result.error)")
        }
    }

    /// No event after the last one tells that it was changed, and nothing is written behind it.
    @Test func aChangedLastEventIsNamedByAll() throws {
        let work = try work(runs: 1)
        defer { work.remove() }
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        let last = "id = (SELECT max(id) FROM event)"
        let before = try value("SELECT line FROM event WHERE \(last)", in: work)
        try change("UPDATE event SET line = replace(line, 'succeeded', 'rejected') WHERE \(last)", in: work)
        try #require(try value("SELECT line FROM event WHERE \(last)", in: work) != before)
        for command in ["show", "cancel", "resume"] {
            let result = try almrun("\(command) \(run)", in: work)
            #expect(result.status == 3 && result.error.contains("[store/damaged]"), "\(command): \(result.error)")
            #expect(result.error.contains("`almrun verify \(run)` says what was changed"), "\(result.error)")
        }
        let list = try almrun("runs", in: work)
        #expect((list.output + list.error).contains("the run index do not agree: one of them was changed"), "\(list)")
        let found = try almrun("verify \(run)", in: work)
        #expect(found.status == 1 && found.output.contains("was changed"), "\(found.output)")
    }

    /// It cannot give back what it has: that is taken away by force, and the next run goes on.
    @Test(arguments: ["max", "min"]) func whatADamagedRunHasIsTakenAwayByForce(_ which: String) throws {
        let work = try work(runs: 0)
        defer { work.remove() }
        try work.write(Self.pipeline + "\n  ask: { uses: approval.wait, with: { role: r } }\n", "pipelines/p.yaml")
        try work.write("r: [ann@contoso.example]\n", "environments/roles.yaml")
        try #require(try almrun("run p", in: work).status == 75)
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        // The last event, and the first.
        let changed =
            "line = replace(replace(line, 'rested', 'rasted'), 'rana', 'rina') WHERE id = (SELECT \(which)(id) FROM event)"
        try change("UPDATE event SET \(changed)", in: work)
        let locks = try almrun("locks", in: work).output
        #expect(
            locks.contains("`almrun locks release 'group g' --reason \"...\" --force` takes the lock away"),
            "\(locks)")
        try work.write(Self.pipeline, "pipelines/q.yaml")
        let waiting = try almrun("run q", in: work)
        #expect(waiting.status == 75 && waiting.output.contains("  that one cannot be read: `almrun verify \(run)`"))
        #expect(!waiting.output.contains("almrun cancel"), "\(waiting.output)")
        let refused = try almrun("locks release g --reason gone", in: work)
        #expect(refused.status == 2 && refused.error.contains("[lock/unreadable-run]"), "\(refused.error)")
        #expect(try almrun("locks", in: work).output.contains("held by  run \(run)"))
        let taken = try almrun("locks release g --reason gone --force", in: work)
        #expect(taken.status == 0 && taken.error.contains("warning: the ledger of run '\(run)' does not keep that"))
        #expect(try almrun("locks", in: work).error.contains("no lock is held"))
        try work.write(Self.pipeline, "pipelines/p.yaml")
        #expect(try almrun("run p", in: work).status == 0)
    }

    @Test func aStrangeLockIsMendedAndTheGroupGoesOn() throws {
        let work = try work(runs: 1)
        defer { work.remove() }
        try change("UPDATE lock SET fence = 'x'; INSERT INTO lock VALUES ('odd', '', '', 1, 1, NULL, 0)", in: work)
        #expect(try almrun("run p", in: work).status == 3)
        let found = try almrun("doctor", in: work)
        #expect(found.status == 1 && found.output.contains("problem   locks: 2 rows are not as almrun writes them"))
        #expect(found.output.contains("group g: its row has \"x\" for 'fence'"), "\(found.output)")
        #expect(try almrun("doctor --repair", in: work).output.contains("repaired  locks"))
        #expect(try almrun("resume latest", in: work).status == 0)
        #expect(try almrun("verify --all", in: work).status == 0)
        #expect(try Int(value("SELECT fence FROM lock WHERE name = 'group g'", in: work)) ?? 0 > 2)
    }

    @Test func whatIsChangedIsNamedAmongAll() throws {
        let work = try work(runs: 3)
        defer { work.remove() }
        #expect(try value("SELECT count(*) FROM result", in: work) == "1")
        try change("UPDATE result SET output = replace(output, '0', '7')", in: work)
        let result = try almrun("verify --all", in: work)
        #expect(
            result.status == 1 && result.output.contains("its event has another output; it is not used"),
            "\(result.output)")
        #expect(result.output.contains("3 runs are as written"))
        // Changed as it is, it is not used either.
        let names = try almrun("runs --ids", in: work).output.split(separator: "\n").map(String.init)
        try change(
            "UPDATE event SET line = replace(line, 'succeeded', 'cancelled') WHERE id = (SELECT max(id) FROM event)",
            in: work)
        let event = try almrun("verify --all", in: work)
        #expect(
            event.status == 1 && event.output.contains("was changed: the run index names another hash"),
            "\(event.output)")
        #expect(event.output.contains("run \(names[0])\n") && event.output.contains("2 runs are as written, 1 is not"))
        let json = try almrun("verify --all --format json", in: work)
        #expect(json.status == 1 && json.output.contains("\"verify/changed\"") && json.output.contains("\"wrong\": 1"))
    }

    @Test func aChangedObjectIsNamedAmongAll() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/stores/format-1").path
        try FileManager.default.copyItem(atPath: fixture, toPath: "\(work.path)/.almrun")
        let digest = "1e86371e336c743206fa42d7302343779e27fad0740606a422149582990ab23e"
        let place = URL(filePath: "\(work.path)/.almrun/objects/sha256/1e/\(digest)")
        try (Data(contentsOf: place) + Data(" ".utf8)).write(to: place)
        let changed = try almrun("verify --all", in: work)
        #expect(changed.status == 1 && changed.output.contains("object \(digest.prefix(12))"), "\(changed.output)")
        #expect(changed.output.contains("has other content [verify/object-changed]"))
        try FileManager.default.removeItem(at: place)
        let missing = try almrun("verify --all", in: work)
        #expect(missing.status == 1 && missing.output.contains("[verify/object-missing]"), "\(missing.output)")
    }

    /// Whatever of a store is a pipe is told of, and nothing waits for it.
    @Test func noPipeIsWaitedFor() throws {
        let work = try work(runs: 1)
        defer { work.remove() }
        let script = #"""
            run=$(almrun runs --ids)
            for file in .almrun/objects/sha256/*/* .almrun/logs/$run/*; do rm "$file"; mkfifo "$file"; done
            mkdir -p .almrun/objects/sha256/ab .almrun/runs
            mkfifo .almrun/objects/sha256/ab/ab$(printf '%062d' 0) .almrun/runs/$run.lock
            for command in "doctor" "doctor --repair" "verify --all" "logs $run" "logs $run say" "locks" "show $run" \
                "runs" "run p --input text=more" "runs prune --keep 1" "why $run say"; do
                timeout 20 "$ALMRUN" $command >/dev/null 2>&1
                test $? != 124 || echo "hangs: $command"
            done
            """#
        let result = try BuiltCommand.shell(script, in: work.path)
        #expect(result.output.isEmpty && result.error.isEmpty, "\(result.output)\(result.error)")
    }

    @Test func pruningKeepsTheNewestAndForgetsTheOthers() throws {
        let work = try work(runs: 4)
        defer { work.remove() }
        let names = try almrun("runs --ids", in: work).output.split(separator: "\n").map(String.init)
        func logs() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "\(work.path)/.almrun/logs").sorted()
        }
        #expect(try logs().count == 4)
        let dry = try almrun("runs prune --keep 2 --dry-run", in: work)
        // The oldest made the result that the others reused.
        #expect(dry.status == 0 && dry.output.contains("would remove 1 run, "), "\(dry.output)")
        #expect(dry.output.contains("removes  \(names[2])\n"))
        #expect(try logs().count == 4)
        let done = try almrun("runs prune --keep 2", in: work)
        #expect(done.status == 0, "\(done.error)")
        let left = try almrun("runs --ids", in: work).output.split(separator: "\n").map(String.init)
        #expect(left == [names[0], names[1], names[3]], "\(done.output)")
        #expect(done.output.contains("kept     \(names[3]): run '"), "\(done.output)")
        #expect(done.output.contains("has taken a result over from it"), "\(done.output)")
        #expect(try logs() == left.sorted())
        #expect(try almrun("show \(names[2])", in: work).status == 2)
        #expect(try almrun("verify --all", in: work).status == 0)
        #expect(try almrun("doctor", in: work).output.contains("problem") == false)
        #expect(try almrun("run p", in: work).status == 0)
    }

    /// A lock that cannot be read stops who needs it, and nobody else.
    @Test func oneStrangeLockStopsNothingElse() throws {
        let work = try work(runs: 1)
        defer { work.remove() }
        try change(
            "INSERT INTO lock VALUES ('environment dev', 'x', 'y', 1, -5, NULL, 1), ('group h', 'x', '', 1, 1, NULL, 1)",
            in: work)
        let locks = try almrun("locks", in: work)
        #expect(locks.status == 0 && locks.output.hasPrefix("group h\n"), "\(locks)")
        #expect(locks.error.contains("warning: a lock is left out") && locks.error.contains("'since'"))
        let json = try almrun("locks --format json", in: work)
        #expect(json.output.contains("\"unreadable\"") && json.output.contains("\"environment dev\""))
        #expect(try almrun("run p --input text=more", in: work).status == 0)
        #expect(try almrun("locks release h --reason gone", in: work).status == 0)
        #expect(try almrun("locks release dev --reason gone", in: work).status == 3)
    }

    @Test func runsWithoutAnIndexRowAreNamedAmongAll() throws {
        let work = try work(runs: 3)
        defer { work.remove() }
        let names = try almrun("runs --ids", in: work).output.split(separator: "\n").map(String.init)
        try change(
            "DELETE FROM run WHERE number > 1; UPDATE event SET line = '{' WHERE id = 3 << 32 | 1; DELETE FROM result",
            in: work)
        let verify = try almrun("verify --all", in: work)
        #expect(verify.status == 1 && verify.output.contains("1 run is as written, 2 are not"), "\(verify.output)")
        #expect(verify.output.contains("run \(names[1])\n") && verify.output.contains("run number 3\n"))
        try change("DELETE FROM run", in: work)
        #expect(try almrun("verify --all", in: work).status == 1)
    }

    /// A row's name is never a path: prune removed folders of the repository once.
    @Test func aChangedNameLeadsPruneNowhere() throws {
        let work = try work(runs: 2)
        defer { work.remove() }
        try work.write("mine", "src/f")
        try change("UPDATE run SET name = '../../src' WHERE number = 1", in: work)
        let prune = try almrun("runs prune --keep 1", in: work)
        #expect(
            prune.status == 0 && prune.output.contains("kept     ../../src: almrun gives no run such a name"),
            "\(prune)")
        #expect(FileManager.default.fileExists(atPath: "\(work.path)/src/f"))
    }
}
