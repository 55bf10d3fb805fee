import Foundation
import GRDB
import Testing

/// The built command beside a run that was killed while it had an environment, and whose events somebody changed then.
@Suite(.waits) struct DamagedLeaseTests {
    /// A release that is in `dev`, and a second one that was cut off there.
    private func repository(inGroup: Bool = false) throws -> (ReleaseRepository, cutOff: String) {
        let repository = try ReleaseRepository(
            ["dev": "", "test": "after: dev"], roles: "manager: [mads@contoso.example]\n",
            stages: inGroup ? "concurrency: { group: g }\n" : "")
        try repository.shell(
            """
            "$ALMRUN" run release --input version=1.0.0 >/dev/null
            (flock 9; echo > locked; until test -e free; do sleep 0.02; done) 9>.almrun/environments/dev/lock & holder=$!
            until test -e locked; do sleep 0.02; done
            "$ALMRUN" run release --input version=1.1.0 >/dev/null 2>&1 & job=$!
            for i in $(seq 500); do "$ALMRUN" locks 2>/dev/null | grep -q 'environment dev' && break; sleep 0.02; done
            kill -9 $job; wait $job 2>/dev/null
            echo > free; wait $holder
            """)
        return (repository, try repository.newest())
    }

    private func damage(
        _ repository: ReleaseRepository, _ text: String = "rana", with other: String = "rina"
    ) throws {
        try DatabaseQueue(path: "\(repository.path)/.almrun/runs.sqlite").write { db in
            try db.execute(
                sql: """
                    UPDATE event SET line = replace(line, ?, ?)
                    WHERE id = (SELECT max(number) FROM run) << 32 | 1
                    """, arguments: [text, other])
        }
    }

    /// Nobody knows what such a run left at work: its lease is not given back before it runs out.
    @Test func othersWaitForTheEndOfItsLease() throws {
        let (repository, run) = try repository()
        defer { repository.remove() }
        let before = try repository.almrun("locks").output
        #expect(before.contains("or until another run asks: its process is gone"), "\(before)")
        #expect(try repository.almrun("doctor").output.contains("type: almrun resume \(run)"))
        try damage(repository)
        let locks = try repository.almrun("locks").output
        #expect(locks.contains("Z: any other run waits until then, unless the lock is taken away"), "\(locks)")
        #expect(!locks.contains("until another run asks"), "\(locks)")
        let runs = try repository.almrun("runs").output
        #expect(runs.contains("    its process is gone\n    not taken up: event 2 of run "), "\(runs)")
        #expect(!runs.contains("almrun resume \(run)"), "\(runs)")
        try repository.shell("\"$ALMRUN\" pack solution new.zip --type managed --solution-version 1.3.0 >/dev/null")
        let why = try repository.almrun("why", "./new.zip", "dev").output
        #expect(why.contains("run \(run), which cannot be read, has it until 20"), "\(why)")
        #expect(why.contains("almrun locks release 'environment dev' --reason \"...\" --force"), "\(why)")
        let release = "almrun locks release 'environment dev' --reason \"...\" --force"
        let doctor = try repository.almrun("doctor").output
        #expect(doctor.contains("run '\(run)', which is damaged: `\(release)` frees what it has"), "\(doctor)")
        #expect(doctor.contains("type: \(release)\n") && !doctor.contains("almrun resume"), "\(doctor)")
        try repository.shell("\(release.replacing("almrun", with: "\"$ALMRUN\"")) 2>/dev/null")
        let next = try repository.almrun("run", "release", "--input", "version=1.2.0")
        #expect(next.status == 0, "\(next.output)\(next.error)")
        #expect(doctor.contains("problem   events: the events of 1 of 2 runs are damaged\n"), "\(doctor)")
        #expect(doctor.matches(of: /type: almrun/).count == 2, "\(doctor)")
        // What it held is free: what is left to do is to give it up, and `verify` is no end of the way.
        let free = try repository.almrun("doctor").output
        let types = free.matches(of: /type: (almrun .*)/).map { String($0.1) }
        #expect(types == Array(repeating: "almrun runs prune --run \(run) --reason \"...\"", count: 2), "\(free)")
    }

    /// A new run would wait for it for good, or be refused.
    @Test func itsGroupIsTakenAwayBeforeANewRunBegins() throws {
        let (repository, run) = try repository(inGroup: true)
        defer { repository.remove() }
        try repository.shell("rm -r .almrun/environments/test")
        try damage(repository)
        let release = "almrun locks release 'group g' --reason \"...\" --force"
        let start = "almrun run release --input version=1.0.0"
        let manifest = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        for (pending, word) in [("queue", "waits"), ("supersede", "waits"), ("refuse", "is refused")] {
            try repository.work.write(
                manifest.replacing("{ group: g }", with: "{ group: g, pending: \(pending) }"), "pipelines/release.yaml")
            let why = try repository.almrun("why", "ContosoSales@1.0.0", "test")
            #expect(
                why.output.contains(
                    "a new run of 'release' \(word) until run \(run) of the same group 'g' gives it up: it cannot be read"
                ),
                "\(why.output)")
            #expect(!why.output.contains("almrun show \(run)"), "\(why.output)")
            #expect(why.next == [release, start], "\(why.output)")
        }
        // Nothing goes on after it: an older version never comes there.
        try repository.shell("\"$ALMRUN\" pack solution old.zip --type managed --solution-version 0.9.0 >/dev/null")
        let never = try repository.almrun("why", "./old.zip", "dev")
        #expect(never.output.contains("it can never go there as it is"), "\(never.output)")
        #expect(never.next.isEmpty && !never.output.contains(release), "\(never.output)")
        let refused = try repository.almrun("run", "release", "--input", "version=1.2.0")
        #expect(refused.error.contains("run/group-busy") && refused.error.contains("`\(release)`"), "\(refused.error)")
        // Its own version reads it and gives the group back: nothing says that it is damaged.
        try damage(repository, "rina", with: "rana")
        try damage(repository, "{\"format\":", with: "{\"format\":99")
        for newer in [
            try repository.almrun("locks"), try repository.almrun("doctor"),
            try repository.almrun("run", "release", "--input", "version=1.2.0"),
        ] {
            let said = newer.output + newer.error
            #expect(said.contains(run) && !said.contains("--force") && !said.contains("cannot be read:"), "\(said)")
        }
    }

    /// Its ledger cannot say who took the group away, and it never goes on.
    @Test func whatWasTakenAwayByForceIsNotGivenBack() throws {
        let (repository, run) = try repository(inGroup: true)
        defer { repository.remove() }
        try damage(repository)
        let releases = ["group g", "environment dev"].map { "almrun locks release '\($0)' --reason \"...\" --force" }
        let before = try repository.almrun("runs").output
        // Others wait for a group without an end.
        let prune = "`almrun runs prune --run \(run) --reason \"...\"` gives it up\n"
        #expect(
            before.contains("`\(releases[0])` and `\(releases[1])` take its locks away, then \(prune)"), "\(before)")
        #expect(try repository.almrun("doctor").output.contains("type: \(releases[0])\n"))
        for name in ["group g", "environment dev"] {
            let taken = try repository.almrun("locks", "release", name, "--reason", "x", "--force")
            try #require(taken.status == 0, "\(taken.error)")
        }
        let runs = try repository.almrun("runs").output
        #expect(runs.contains("; `almrun verify \(run)` says more, \(prune)"), "\(runs)")
        #expect(runs.matches(of: /almrun verify/).count == 1 && !runs.contains("almrun resume"), "\(runs)")
        for options in [[], ["--repair"]] {
            let doctor = try BuiltCommand.run(["doctor"] + options, in: repository.path).output
            #expect(doctor.contains("ok        locks: none is held\n"), "\(doctor)")
        }
        let next = try repository.almrun("run", "release", "--input", "version=1.2.0")
        #expect(next.status == 0, "\(next.output)\(next.error)")
    }

    /// Who removed it is known, and no other repository is blamed for what it brought.
    @Test func whatARemovedRunBroughtIsSaidToBeOfIt() throws {
        let repository = try ReleaseRepository(["dev": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try repository.promote("1.0.0")
        let run = try repository.newest()
        try damage(repository)
        let prune = try repository.almrun("runs", "prune", "--run", run, "--reason", "the disk broke")
        try #require(prune.status == 0, "\(prune.error)")
        let doctor = try repository.almrun("doctor").output
        #expect(doctor.contains("note      environments: 1 operation is of a run that was removed\n"), "\(doctor)")
        #expect(doctor.contains("where it is installed: of run '\(run)', removed 20"), "\(doctor)")
        #expect(doctor.contains("Z by rana@contoso.example: the disk broke\n"), "\(doctor)")
        #expect(!doctor.contains("another repository"), "\(doctor)")
    }
}
