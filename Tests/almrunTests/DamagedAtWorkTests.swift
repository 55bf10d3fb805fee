import Foundation
import GRDB
import Testing

/// The built command beside a run of which somebody changed an event while a command of it works, or goes on without its almrun.
@Suite(.waits) struct DamagedAtWorkTests {
    /// A run of the group `g` at a command that goes on until there is a file `go`; `pid` has the number of its almrun.
    private func work(pending: String = "queue", more: String = "") throws -> WorkFolder {
        let work = try WorkFolder()
        try work.write("manager: [mads@contoso.example]\n", "environments/roles.yaml")
        try work.write(
            """
            concurrency: { group: g, pending: \(pending) }
            stages:
              slow:
                uses: shell.run
                with:
                  command: [sh, -c, "echo begun; echo $$ > child; while ! test -e go; do sleep 0.02; done; echo > done"]
                  effect: once
            \(more)
            """, "pipelines/p.yaml")
        // Whoever started the shell waits until nobody has the files open that it gave.
        _ = try BuiltCommand.shell(
            """
            (for file in /proc/$BASHPID/fd/*; do number=${file##*/}; test $number -le 2 || eval "exec $number>&-"; done
            "$ALMRUN" run p > run.out 2>&1 & echo $! > pid; wait $!; echo $? > status) < /dev/null > /dev/null 2>&1 &
            for i in $(seq 500); do test -s child && break; sleep 0.02; done
            """, in: work.path)
        return work
    }

    /// Ends what a test has left running.
    private func remove(_ work: WorkFolder) {
        _ = try? BuiltCommand.shell("echo > go; kill -CONT $(cat pid); kill -9 $(cat pid) $(cat child)", in: work.path)
        work.remove()
    }

    private func damage(_ work: WorkFolder, event: Int) throws {
        try DatabaseQueue(path: "\(work.path)/.almrun/runs.sqlite").write { db in
            try db.execute(
                sql: "UPDATE event SET line = replace(line, '\"kind\"', '\"kynd\"') WHERE id = 1 << 32 | ?",
                arguments: [event])
        }
    }

    private func almrun(_ arguments: String, in work: WorkFolder) throws -> BuiltCommand.Result {
        try BuiltCommand.run(arguments.split(separator: " ").map(String.init), in: work.path)
    }

    private func text(_ name: String, in work: WorkFolder) throws -> String {
        try String(contentsOfFile: "\(work.path)/\(name)", encoding: .utf8).trimmingCharacters(in: .newlines)
    }

    /// Waits for a file for ten seconds at most; false when there is none then.
    private func comes(_ file: String, in work: WorkFolder) throws -> Bool {
        try BuiltCommand.shell(
            "for i in $(seq 500); do test -s \(file) && exit; sleep 0.02; done; exit 1", in: work.path
        )
        .status == 0
    }

    /// Whether the command of the run ends within ten seconds, without having done what it was to do.
    private func commandEnds(in work: WorkFolder) throws -> Bool {
        // Whoever got it as a child when its parent died may not have asked yet how it ended.
        try BuiltCommand.shell(
            """
            for i in $(seq 500); do
              case "$(cat /proc/$(cat child)/stat 2>/dev/null)" in "" | *") Z "*) test ! -e done; exit ;; esac
              sleep 0.02
            done
            exit 1
            """, in: work.path
        ).status == 0
    }

    @Test func whatWorksUnderALockTakenFromAnUnreadableRunIsStopped() throws {
        let work = try work()
        defer { remove(work) }
        try damage(work, event: 2)
        let pid = try text("pid", in: work)
        let locks = try almrun("locks", in: work).output
        #expect(locks.contains("process  \(pid) on ") && locks.contains("; that run cannot be read: "), "\(locks)")
        let refused = try almrun("locks release g --reason gone", in: work).error
        #expect(refused.contains("[lock/in-use]") && refused.contains("`kill \(pid)` on "), "\(refused)")
        #expect(!refused.contains("almrun cancel") && refused.contains("removed.jsonl"), "\(refused)")
        let taken = try almrun("locks release g --reason gone --force", in: work)
        #expect(taken.status == 0 && taken.error.contains("warning: process \(pid) on "), "\(taken.error)")
        let hasEnded = try comes("status", in: work) && commandEnds(in: work)
        let output = try text("run.out", in: work)
        #expect(hasEnded, "\(output)")
        #expect(try text("status", in: work) == "75")
        // Nobody takes it up: it can only be given up.
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        let removal = "`almrun runs prune --run \(run) --reason \"...\"` gives it up"
        for said in [output, try almrun("runs", in: work).output] {
            #expect(said.contains("the group 'g' was taken away by ") && said.contains(removal), "\(said)")
            #expect(!said.contains("almrun resume"), "\(said)")
        }
        let record = try text(".almrun/removed.jsonl", in: work)
        #expect(
            record.contains(#""by":"rana@contoso.example","reason":"gone","run":"p-"#)
                && record.contains(#""locks":["group g, number 1"]"#), "\(record)")
        #expect(!record.contains("\"runs\""), "\(record)")
        try work.write("", "go")
        #expect(try almrun("run p", in: work).status == 0)
    }

    @Test func killEndsTheProcessOfAnUnreadableRunAndWhatItRuns() throws {
        let work = try work()
        defer { remove(work) }
        try damage(work, event: 2)
        _ = try BuiltCommand.shell("kill $(cat pid)", in: work.path)
        let hasEnded = try comes("status", in: work) && commandEnds(in: work)
        let output = try text("run.out", in: work)
        #expect(hasEnded, "\(output)")
    }

    /// Event 1 has the plan, the last one says that the command began.
    @Test(arguments: [1, 2, 3], [true, false]) func whatADeadProcessLeftIsEndedFirst(_ event: Int, _ prunes: Bool)
        throws
    {
        let work = try work()
        defer { remove(work) }
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        _ = try BuiltCommand.shell("kill -9 $(cat pid)", in: work.path)
        #expect(try comes("status", in: work))
        try damage(work, event: event)
        let arguments = prunes ? "runs prune --run \(run) --reason gone" : "locks release g --reason gone"
        let refused = try almrun(arguments, in: work)
        #expect(refused.status == 2, "\(refused.error)")
        #expect(refused.error.contains("left running here"), "\(refused.error)")
        if prunes {
            let dry = try almrun("\(arguments) --force --dry-run", in: work)
            #expect(dry.status == 0 && !dry.error.contains("ended what"), "\(dry.error)")
            #expect(
                event == 3 || dry.output.contains("loses    whether the effect of 'slow' took place"), "\(dry.output)")
        }
        #expect(try BuiltCommand.shell("kill -0 $(cat child)", in: work.path).status == 0)
        let taken = try almrun("\(arguments) --force", in: work)
        #expect(taken.status == 0, "\(taken.error)")
        #expect(taken.error.contains("slow: ended what an earlier attempt left running: sh ("), "\(taken.error)")
        #expect(try commandEnds(in: work))
        let doubt = prunes ? taken.output : taken.error
        #expect(event == 3 || doubt.contains("whether the effect of 'slow' took place: it began 20"), "\(doubt)")
        #expect(try text(".almrun/removed.jsonl", in: work).contains("\"reason\":\"gone\""))
        try work.write("", "go")
        #expect(try almrun("run p", in: work).status == 0)
    }

    /// What was stopped in order is in doubt all the same, and what gives the run up is named in its order.
    @Test func whatWasStoppedInOrderIsInDoubtToo() throws {
        let work = try work()
        defer { remove(work) }
        try damage(work, event: 2)
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        let pid = try text("pid", in: work)
        let release = "`almrun locks release 'group g' --reason \"...\" --force`"
        let removal = "`almrun runs prune --run \(run) --reason \"...\"` gives it up"
        let live = try almrun("runs", in: work).output
        #expect(live.contains("; `kill \(pid)` on ") && live.contains("; \(release) takes the lock away"), "\(live)")
        _ = try BuiltCommand.shell("kill $(cat pid)", in: work.path)
        #expect(try comes("status", in: work))
        let output = try text("run.out", in: work)
        #expect(output.contains("put the store back from a copy; without one \(removal)"), "\(output)")
        let pruned = try almrun("runs prune --run \(run) --reason gone", in: work)
        let doubt = "whether the effect of 'slow' took place: it began 20"
        #expect(pruned.status == 0 && pruned.output.contains("lost     \(doubt)"), "\(pruned.output)\(pruned.error)")
        #expect(try text(".almrun/removed.jsonl", in: work).contains(doubt))
    }

    /// What holds a lock is not given up before that is taken away.
    @Test func theEndOfAWaitingRunNamesFirstWhatReleasesItsLock() throws {
        let work = try work(more: "  ask: { uses: approval.wait, needs: [slow], with: { role: manager } }")
        defer { remove(work) }
        try damage(work, event: 2)
        try work.write("", "go")
        #expect(try comes("status", in: work))
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        let output = try text("run.out", in: work)
        let release = "`almrun locks release 'group g' --reason \"...\" --force`"
        let removal = "`almrun runs prune --run \(run) --reason \"...\"` gives it up"
        #expect(output.contains("without one \(release) takes the lock away, then \(removal)"), "\(output)")
        let held = try almrun("runs prune --run \(run) --reason gone", in: work).error
        #expect(held.contains("[prune/holds-lock]") && !held.contains("is ended first"), "\(held)")
        #expect(
            held.contains("`almrun runs prune --run \(run) --reason \"...\" --force` takes the lock away"), "\(held)")
        // The events of which the last is gone name both commands in the damage.
        try DatabaseQueue(path: "\(work.path)/.almrun/runs.sqlite").write { db in
            try db.execute(sql: "UPDATE event SET line = replace(line, '\"kynd\"', '\"kind\"')")
            try db.execute(sql: "DELETE FROM event WHERE id = (SELECT max(id) FROM event)")
        }
        let refused = try almrun("locks release g --reason gone", in: work).error
        #expect(refused.contains("[lock/unreadable-run]"), "\(refused)")
        #expect(refused.matches(of: /`almrun verify/).count == 1, "\(refused)")
        for command in ["show", "resume", "cancel"] {
            let error = try almrun("\(command) \(run)", in: work).error
            #expect(error.contains("`almrun doctor` what can be mended, or what gives the run up"), "\(error)")
        }
    }

    /// Who is stopped ends nothing, and would go on beside the next run.
    @Test(arguments: [true, false]) func whatAStoppedProcessRunsIsEndedBeforeItsLockIsFree(_ isDamaged: Bool) throws {
        let work = try work()
        defer { remove(work) }
        if isDamaged { try damage(work, event: 2) }
        _ = try BuiltCommand.shell("kill -STOP $(cat pid)", in: work.path)
        let pid = try text("pid", in: work)
        let refused = try almrun("locks release g --reason gone", in: work).error
        #expect(refused.contains("ends here what that process runs"), "\(refused)")
        #expect(try BuiltCommand.shell("kill -0 $(cat child)", in: work.path).status == 0)
        let taken = try almrun("locks release g --reason gone --force", in: work)
        #expect(taken.status == 0, "\(taken.error)")
        #expect(taken.error.contains("slow: ended what the stopped process runs: sh ("), "\(taken.error)")
        #expect(
            taken.error.contains("warning: process \(pid) on ")
                && taken.error.contains("`kill \(pid)` and then `kill -CONT \(pid)` ends it"), "\(taken.error)")
        #expect(try commandEnds(in: work))
        _ = try BuiltCommand.shell("kill -CONT $(cat pid)", in: work.path)
        #expect(try comes("status", in: work))
        // One that is damaged goes on to where it looks for its lock, or for its events.
        let output = try text("run.out", in: work)
        let hasNoticed = output.contains("the group 'g' was taken away by ")
        #expect(hasNoticed || isDamaged && output.contains("[store/damaged]"), "\(output)")
        #expect(try text("status", in: work) == (hasNoticed ? "75" : "3"))
        try work.write("", "go")
        #expect(try almrun("run p", in: work).status == 0)
    }

    /// No command is at work under the lock of an environment: what lies beside goes on.
    @Test func nothingIsEndedForTheLockOfAnEnvironment() throws {
        let work = try work()
        defer { remove(work) }
        try DatabaseQueue(path: "\(work.path)/.almrun/runs.sqlite").write { db in
            try db.execute(
                sql: "INSERT INTO lock SELECT 'environment dev', run, 'dev', fence, since, expires, held FROM lock")
        }
        _ = try BuiltCommand.shell("kill -STOP $(cat pid)", in: work.path)
        let refused = try almrun("locks release dev --reason gone", in: work).error
        #expect(
            refused.contains("[lock/in-use]")
                && refused.contains("the lock away all the same; what it brings once it goes on is refused"),
            "\(refused)")
        let taken = try almrun("locks release dev --reason gone --force", in: work)
        #expect(taken.status == 0 && !taken.error.contains(": ended "), "\(taken.error)")
        #expect(try BuiltCommand.shell("kill -0 $(cat child)", in: work.path).status == 0)
    }

    /// What has ended has left nothing, whoever it was of.
    @Test(.enabled(if: getuid() == 0 && ObstructedRepository.hasStranger, "only root can be somebody else"))
    func ofAnotherUsersRunThatEndedNothingIsSaid() throws {
        let work = try work()
        defer { remove(work) }
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        try work.write("", "go")
        #expect(try comes("status", in: work))
        try damage(work, event: 2)
        let result = try BuiltCommand.shell(
            "chown 65534 .; chmod -R a+rwX .; \(ObstructedRepository.stranger) \"$ALMRUN\" runs prune --run \(run) "
                + "--reason gone --force", in: work.path)
        #expect(result.status == 0 && !result.error.contains("left running"), "\(result.output)\(result.error)")
    }

    /// Only that user sees what belongs to it: this is said, and never passed over.
    @Test(
        .enabled(if: getuid() == 0 && ObstructedRepository.hasStranger, "only root can be somebody else"),
        arguments: [
            "resume RUN", "cancel RUN", "locks release g --reason gone", "! locks release g --reason gone --force",
            "! runs prune --run RUN --reason gone --force",
        ]) func whatAnotherUserLeftIsSaid(_ line: String) throws
    {
        let work = try work()
        defer { remove(work) }
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        _ = try BuiltCommand.shell("kill -9 $(cat pid)", in: work.path)
        #expect(try comes("status", in: work))
        if line.hasPrefix("! ") { try damage(work, event: 2) }
        let command = line.replacing("! ", with: "").replacing("RUN", with: run)
        let result = try BuiltCommand.shell(
            "chown 65534 .; chmod -R a+rwX .; \(ObstructedRepository.stranger) \"$ALMRUN\" \(command)", in: work.path)
        let said = "slow: what user 'root' left running of it cannot be looked at or ended by you, and may go on"
        #expect(result.error.contains(said), "\(result.output)\(result.error)")
        #expect(try BuiltCommand.shell("kill -0 $(cat child)", in: work.path).status == 0)
    }

    /// The lock is free, whatever comes of the line that says who took it.
    @Test func theLockIsTakenAwayWhereNothingCanKeepWhoDidIt() throws {
        let work = try work()
        defer { remove(work) }
        _ = try BuiltCommand.shell("kill -9 $(cat pid)", in: work.path)
        #expect(try comes("status", in: work))
        try damage(work, event: 2)
        try FileManager.default.createDirectory(
            atPath: "\(work.path)/.almrun/removed.jsonl", withIntermediateDirectories: false)
        let taken = try almrun("locks release g --reason gone --force", in: work)
        #expect(taken.status == 0, "\(taken.error)")
        #expect(taken.output.hasPrefix("group g was taken away from run p-"), "\(taken.output)")
        #expect(taken.error.contains("nor does .almrun/removed.jsonl: cannot write "), "\(taken.error)")
        #expect(
            taken.error.contains(#""by":"rana@contoso.example","reason":"gone","run":"p-"#)
                && taken.error.contains(#""locks":["group g, number 1"]"#), "\(taken.error)")
        #expect(try almrun("locks", in: work).error.contains("no lock is held"))
    }

    /// Who finds a group taken by a process that is stopped learns how it goes on.
    @Test(arguments: ["refuse", "queue"]) func aStoppedProcessIsNamed(_ pending: String) throws {
        let work = try work(pending: pending)
        defer { remove(work) }
        let result = try BuiltCommand.shell(
            """
            kill -STOP $(cat pid)
            (almrun run p > second.out 2>&1; echo $? > second) &
            for i in $(seq 500); do grep -q 'kill -CONT' second.out && break; sleep 0.02; done
            grep -o "process $(cat pid) .*" second.out
            kill -CONT $(cat pid); echo > go
            wait; cat second
            """, in: work.path)
        let pid = try text("pid", in: work)
        #expect(result.output.contains("is stopped: `kill -CONT \(pid)` lets it go on"), "\(result.output)")
        #expect(result.output.hasSuffix(pending == "queue" ? "\n0\n" : "\n1\n"), "\(result.output)")
    }

    /// An index that counts more events than there are is nothing that "ok" could be said of.
    @Test func theIndexIsNotCalledOkWhereItCountsMoreEvents() throws {
        let work = try work()
        defer { remove(work) }
        let run = try almrun("runs --ids", in: work).output.trimmingCharacters(in: .newlines)
        _ = try BuiltCommand.shell("kill -9 $(cat pid)", in: work.path)
        #expect(try comes("status", in: work))
        try DatabaseQueue(path: "\(work.path)/.almrun/runs.sqlite").write { db in
            try db.execute(sql: "DELETE FROM event WHERE id = (SELECT max(id) FROM event)")
        }
        let found = try almrun("verify \(run)", in: work).output
        #expect(found.contains("the run index counts 3"), "\(found)")
        #expect(found.contains("  -      run index  not compared"), "\(found)")
        let runs = try almrun("runs", in: work).output
        #expect(runs.contains("not taken up") && runs.matches(of: /almrun verify/).count == 1, "\(runs)")
        let doctor = try almrun("doctor", in: work).output
        let release = "almrun locks release 'group g' --reason \"...\" --force"
        #expect(doctor.contains("type: \(release)\n"), "\(doctor)")
        #expect(!doctor.contains("type: almrun verify") && !doctor.contains("type: almrun resume"), "\(doctor)")
    }
}
