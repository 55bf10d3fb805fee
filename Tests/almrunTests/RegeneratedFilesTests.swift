import Foundation
import Testing

/// What commands make where the commit has files already.
@Suite(.waits) struct RegeneratedFilesTests {
    private static let solution = "gen/Other/Solution.xml"
    private static let variable = "gen/environmentvariabledefinitions"
    /// Writes the same bytes each time.
    private static let stamp = """
        sed -i '/<!-- built -->/d' \(solution); echo '<!-- built -->' >> \(solution)
        """

    /// A package is made of a folder of the commit that a command writes to; a person is asked after it, or before something.
    private func repository(
        _ make: String = stamp, generates: String = "gen", more: String = "", before asked: String? = nil,
        needs: String = "make"
    ) throws -> ReleaseRepository {
        func waits(_ stage: String) -> String { asked == stage ? "ask" : stage == "ask" ? "pack" : "" }
        let repository = try ReleaseRepository(
            [:], roles: "manager: [tess@contoso.example]\n",
            stages: """
                  make:
                    uses: shell.run
                    needs: [\(waits("make"))]
                    with: { command: [sh, make.sh], effect: repeatable, generates: [\(generates)] }
                \(more)
                  ask:
                    uses: approval.wait
                    needs: [\(asked == nil ? "pack" : asked == "pack" ? needs : "")]
                    with: { role: manager }

                """)
        try repository.work.write(make + "\n", "make.sh")
        let text = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        let all = [needs, waits("pack")].filter { !$0.isEmpty }.joined(separator: ", ")
        try repository.work.write(
            text.replacing("source: solution,", with: "source: gen,")
                .replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [\(all)]\n"),
            "pipelines/release.yaml")
        try repository.shell("mv solution gen")
        try repository.commit("generated", as: "rana")
        return repository
    }

    private func resumed(_ repository: ReleaseRepository) throws -> BuiltCommand.Result {
        let yes = try repository.almrun("approve", "latest", "ask", as: "tess")
        try #require(yes.status == 0, "\(yes.output)\(yes.error)")
        return try repository.almrun("resume", "latest")
    }

    /// It is made by the command also where it comes out as it was; nobody is told then that it was there before.
    @Test func theSameBytesAreMadeTwice() throws {
        let repository = try repository()
        defer { repository.remove() }
        for version in ["1.0.0", "1.0.1"] {
            let run = try repository.release(version)
            let gate = try repository.almrun("show", run, "--gate", "ask", as: "tess")
            #expect(gate.output.contains("'make' makes 'gen' while the run works: 1 file is taken"), "\(gate.output)")
            // An edit of a committed file may be anybody's, and is told; of the ten files the other nine were there before.
            let before = gate.output.split(separator: "\n").filter { $0.contains("the same was there before") }
            #expect(before.count == 1 && before[0].contains("and 6 more"), "\(gate.output)")
            #expect(!before[0].contains("'\(Self.solution)'"), "\(gate.output)")
            #expect(gate.output.contains("'\(Self.solution)'") == (version == "1.0.1"), "\(gate.output)")
            #expect(!gate.output.contains("no commit has"), "\(gate.output)")
        }
    }

    @Test func whatARepeatedAttemptMakesIsMade() throws {
        let repository = try repository(Self.stamp + "\n[ -e .std8 ] || { touch .std8; kill -9 $$; }")
        defer { repository.remove() }
        let cut = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try #require(cut.status != 75, "\(cut.output)\(cut.error)")
        let end = try repository.almrun("resume", "latest")
        #expect(end.status == 75 && !end.error.contains("run/other-files"), "\(end.output)\(end.error)")
    }

    /// What one command made is made, though a later one that generates the same folder leaves it alone.
    @Test func whatALaterCommandLeavesAloneIsMade() throws {
        let later = """
              later:
                uses: shell.run
                needs: [make]
                with: { command: ["true"], effect: repeatable, generates: [gen] }
            """
        let repository = try repository(more: later, needs: "later")
        defer { repository.remove() }
        _ = try repository.release("1.0.0")
    }

    /// A change between two commands that generate one folder is not what the second one made.
    @Test(arguments: ["echo '<!-- by hand -->' >> \(solution)", "rm -r \(variable)", "git checkout -q \(solution)"])
    func whatIsChangedBetweenTwoCommandsIsRefused(_ change: String) throws {
        let later = """
              between:
                uses: shell.run
                needs: [make]
                with: { command: [sh, -c, "\(change)"], effect: repeatable }
              later:
                uses: shell.run
                needs: [between]
                with: { command: [sh, -c, "echo >> gen/Other/Customizations.xml"], effect: repeatable, generates: [gen] }
            """
        let repository = try repository(
            "cp -r gen .std; rm -rf gen; cp -r .std gen; rm -r .std\n\(Self.stamp)", more: later, needs: "later")
        defer { repository.remove() }
        let end = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(end.status == 1 && end.error.contains("run/other-files"), "\(end.output)\(end.error)")
    }

    /// What stood there when the command ended is what is taken: the commit's own file put back is another one.
    @Test func theCommitsFileInItsPlaceIsRefused() throws {
        let repository = try repository("true", before: "pack")
        defer { repository.remove() }
        try repository.shell("echo '<!-- by hand -->' >> \(Self.solution)")
        _ = try repository.release("1.0.0")
        try repository.shell("git checkout -q \(Self.solution)")
        let end = try resumed(repository)
        #expect(end.status == 1 && end.error.contains("run/other-files"), "\(end.output)\(end.error)")
        #expect(end.error.contains("it was changed after that"), "\(end.error)")
        _ = try repository.release("1.0.1")
        #expect(try resumed(repository).status == 0)
    }

    /// An edit that the command left alone is said to be that, with what helps.
    @Test func anEditThatWasLeftAloneIsNoChangeAfterwards() throws {
        let repository = try repository("true")
        defer { repository.remove() }
        try repository.shell("echo '<!-- by hand -->' >> \(Self.solution)")
        let end = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(end.status == 1 && end.error.contains("'make' left alone what was there"), "\(end.output)\(end.error)")
        #expect(!end.error.contains("changed after that") && !end.error.contains("resume:"), "\(end.error)")
        #expect(end.error.contains("bring the files back and start a new run: `git checkout"), "\(end.error)")
        try repository.shell("git checkout -q :/\(Self.solution)")
        _ = try repository.release("1.0.1")
    }

    /// What a person took away is not what the command left out.
    @Test func whatWasGoneBeforeTheCommandIsMissed() throws {
        let repository = try repository("true", before: "make")
        defer { repository.remove() }
        _ = try repository.release("1.0.0")
        try repository.shell("rm -r \(Self.variable)")
        let end = try resumed(repository)
        #expect(end.status == 1 && end.error.contains("run/other-files"), "\(end.output)\(end.error)")
        #expect(end.error.contains("'make' left alone what was there, or missing, before"), "\(end.error)")
    }

    /// The command may take files away, and make the whole folder without some of them however often.
    @Test(arguments: [
        ("rm -r \(variable)", 1),
        ("cp -r gen .std; rm -rf gen .std/environmentvariabledefinitions; cp -r .std gen; rm -r .std", 2),
    ])
    func whatTheCommandTakesAwayIsGone(_ make: String, _ times: Int) throws {
        let repository = try repository(make)
        defer { repository.remove() }
        for version in 1...times { _ = try repository.release("1.0.\(version)") }
    }

    /// Of two commands without order the one that ended last has the last word, also after a pause.
    @Test(arguments: [true, false]) func theLastOneHasTheLastWord(_ isFirst: Bool) throws {
        let (quick, slow) = (
            "echo '<!-- quick -->' >> \(Self.solution); touch .std-quick",
            "while [ ! -e .std-quick ]; do sleep 0.05; done; sleep 1; echo '<!-- slow -->' >> \(Self.solution)"
        )
        let other = """
              other:
                uses: shell.run
                with: { command: [sh, -c, "\(isFirst ? quick : slow)"], effect: repeatable, generates: [gen] }
            """
        let repository = try repository(isFirst ? slow : quick, more: other, before: "pack", needs: "make, other")
        defer { repository.remove() }
        _ = try repository.release("1.0.0")
        let end = try resumed(repository)
        #expect(end.status == 0, "\(end.output)\(end.error)")
    }

    /// An effect of which no stage reads what it made is done where its probe, or a person, says so.
    @Test(arguments: [true, false]) func whatNobodyReadsNeedsNoListing(_ hasProbe: Bool) throws {
        let repository = try repository(
            more: """
                  publish:
                    uses: shell.run
                    needs: [ask]
                    with:
                      command: [sh, -c, "echo published >> .std-effect; echo 1 > receipt.txt; kill -9 $$"]
                      effect: once
                      generates: [receipt.txt]
                      \(hasProbe ? "probe: [grep, -q, published, .std-effect]" : "")
                """)
        defer { repository.remove() }
        _ = try repository.release("1.0.0")
        var end = try resumed(repository)
        if !hasProbe {
            #expect(end.status == 75, "\(end.output)\(end.error)")
            end = try repository.almrun("resume", "latest", "--assume", "publish=done")
        }
        #expect(end.status == 0, "\(end.output)\(end.error)")
        #expect(try String(contentsOfFile: "\(repository.path)/.std-effect", encoding: .utf8) == "published\n")
    }

    /// A slash at the end of the name follows no link.
    @Test func aLinkIsNotTakenWithASlashEither() throws {
        let repository = try repository("mkdir -p one; ln -s one two", generates: "gen, two/")
        defer { repository.remove() }
        let end = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(end.status == 1 && end.error.contains("'two/', which 'generates' names, is a link"), "\(end.error)")
    }
}
