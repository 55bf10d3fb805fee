import Foundation
import Testing

/// Who may bypass a gate is asked once a run has failed for want of evidence, and no more once a newer run needs no bypass.
@Suite(.waits) struct NeedlessBypassTests {
    private static let roles = "manager: [mads@contoso.example]\noncall: [otto@contoso.example, olga@contoso.example]\n"
    private static let stage = "  ct: { uses: shell.run, with: { command: [\"true\"], effect: none } }\n"
    private static let two = "bypass: { role: oncall, secondPerson: true }"

    private func inbox(_ repository: ReleaseRepository, _ person: String) throws -> String {
        try repository.almrun("inbox", as: person).output
    }

    @Test func itIsAskedForAndNotAnyMoreOnceANewerRunShowsIt() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct], approvals: [{ role: manager }], \(Self.two) }"], roles: Self.roles,
            stages: Self.stage)
        defer { repository.remove() }
        let old = try repository.failedRelease()
        let bypass = "almrun bypass \(old) prod.evidence --reason \"...\""
        let asked = try inbox(repository, "olga")
        #expect(asked.hasPrefix("\(old)  prod.evidence  prod  failed for want of evidence\n"), "\(asked)")
        // The bypass is what is left where the pipeline still does not show it.
        let ways =
            #/\n  first try  a new run, where the pipeline shows it by now: `almrun run .*`\n  or         almrun bypass /#
        let start = try repository.almrun("inbox", "--format", "json", as: "olga").output
        #expect(start.contains("\"start\": \"almrun run release --input version=1.0.0\""), "\(start)")
        #expect(asked.contains(ways) && asked.contains("\(bypass)   (two of 'oncall' together: "), "\(asked)")
        #expect(try inbox(repository, "mads").hasPrefix("nothing waits for you"))
        try #require(try repository.almrun("bypass", old, "prod.evidence", "--reason", "x", as: "otto").status == 0)
        // Nobody approves anything here, and who bypasses the gate opens it without the evidence.
        let half = try inbox(repository, "olga")
        #expect(half.contains(bypass) && !half.contains("comes to nothing"), "\(half)")
        #expect(try inbox(repository, "otto").hasPrefix("nothing waits for you"))

        try repository.connect()
        let new = try repository.release("1.0.0")
        let needless = try inbox(repository, "olga")
        let block = """
            \(old)  prod.evidence  prod  not needed any more
              run \(new) has come past 'prod.evidence' with the same package: this bypass is not needed
              see        almrun show \(new)
              withdraw   almrun cancel \(old) --reason "..."

            """
        #expect(needless.hasPrefix("nothing waits for you") && needless.hasSuffix(block), "\(needless)")
        let json = try repository.almrun("inbox", "--format", "json", as: "olga").output
        #expect(json.contains("\"notNeeded\": {") && json.contains("\"run\": \"\(new)\""), "\(json)")
        // Whoever comes upon it elsewhere is told as well.
        let said = "run \(new) has come past 'prod.evidence' with the same package: this bypass is not needed"
        for place in [["show", old], ["show", old, "--gate", "prod.evidence"], ["why", old, "prod.evidence"]] {
            let output = try BuiltCommand.run(place, in: repository.path).output
            #expect(output.contains("\(said); `almrun cancel \(old) --reason \"...\"` withdraws this run"), "\(output)")
        }
        let again = try repository.almrun("bypass", old, "prod.evidence", "--reason", "x", as: "olga")
        #expect(again.status == 0 && again.output.contains("\n  risk: \(said)"), "\(again.output)\(again.error)")
        try #require(try repository.almrun("cancel", old, "--reason", "shown").status == 0)
        #expect(!(try inbox(repository, "olga").contains(old)))
    }

    /// The command that skipped the stage skips it again.
    @Test func whatWasSkippedIsNotStartedTheSameWay() throws {
        let stage = Self.stage.replacing(
            "shell.run,", with: "shell.run, when: { inputs.version: \"2.0.0\" }, needs: [pack],")
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct], \(Self.two) }"], roles: Self.roles, stages: stage)
        defer { repository.remove() }
        _ = try repository.failedRelease()
        let text = try inbox(repository, "olga")
        #expect(text.contains("\n  first try  a new run in which 'ct' is not skipped: `almrun why "), "\(text)")
        let json = try repository.almrun("inbox", "--format", "json", as: "olga").output
        #expect(json.contains("\"first\": \"a new run in which 'ct' is not skipped") && !json.contains("\"start\""))
    }

    @Test func anotherVersionThatCameThereSinceNeedsNoneEither() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct], \(Self.two) }"], roles: Self.roles, stages: Self.stage)
        defer { repository.remove() }
        let old = try repository.failedRelease()
        #expect(try inbox(repository, "olga").contains(old))
        try repository.connect()
        try repository.promote("0.9.0")
        #expect(try inbox(repository, "olga").hasPrefix("nothing waits for you"))
        // Where the run comes to its gate only after that, it is about what is there.
        try #require(try repository.almrun("resume", old).status == 1)
        #expect(try inbox(repository, "olga").hasPrefix("\(old)  prod.evidence  prod  failed for want of evidence\n"))
    }

    /// What the newer run brought there may have been taken back since.
    @Test func ofWhatANewerRunHasBroughtWhyIsNamed() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct], \(Self.two) }"], roles: Self.roles, stages: Self.stage)
        defer { repository.remove() }
        let old = try repository.failedRelease()
        try #require(try repository.almrun("bypass", old, "prod.evidence", "--reason", "x", as: "otto").status == 0)
        try repository.connect()
        try repository.promote("1.0.0")
        let needless = try inbox(repository, "olga")
        let why = try #require(
            needless.firstMatch(
                of: #/has done 'prod' with the same package, so that .* not needed: `almrun why (\w+) prod` says /#),
            "\(needless)")
        #expect(try repository.almrun("why", String(why.1), "prod").output.contains("is installed"))
    }

    /// Who has begun to open the gate of an older run is not left alone for a newer one that failed in the same way.
    @Test(arguments: [true, false]) func theOneThatIsHalfBypassedIsNearer(_ isAlone: Bool) throws {
        // Whatever else failed in both.
        let stop = isAlone ? "" : "  stop: { uses: shell.run, with: { command: [\"false\"] } }\n"
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [ct], \(Self.two) }"], roles: Self.roles, stages: Self.stage + stop)
        defer { repository.remove() }
        let old = try repository.failedRelease()
        let bypass = "almrun bypass \(old) prod.evidence --reason \"...\""
        try #require(try repository.almrun("bypass", old, "prod.evidence", "--reason", "x", as: "otto").status == 0)
        let new = try repository.failedRelease()
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.next == [bypass, "almrun resume \(old)"], "\(why.output)")
        for person in ["otto", "olga"] {
            #expect(!(try inbox(repository, person).contains(new)))
        }
        guard isAlone else { return }
        try #require(try repository.almrun("bypass", old, "prod.evidence", "--reason", "x", as: "olga").status == 0)
        #expect(try repository.almrun("why", "ContosoSales@1.0.0", "prod").next == ["almrun resume \(old)"])
        #expect(try inbox(repository, "otto").hasPrefix("nothing waits for you"))
    }
}

extension ReleaseRepository {
    /// Lets the package be made after `ct`, so that this is about it.
    fileprivate func connect() throws {
        let path = "\(path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try work.write(
            text.replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [ct]\n"),
            "pipelines/release.yaml")
        try commit("connected", as: "rana")
    }
}
