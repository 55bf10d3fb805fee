import Foundation
import Testing

/// Who decides at a run that would not be taken up with the files as they are learns that, and what helps.
@Suite(.waits) struct OtherFilesTests {
    private static let file = "solution/Connectors/contoso_contoso-20sales.xml"
    private static let roles = "manager: [mads@contoso.example, tess@contoso.example]\n"

    private func everywhere(_ repository: ReleaseRepository, _ run: String) throws -> [String] {
        try [["show", run], ["show", run, "--gate", "ask"], ["runs"], ["why", run, "ask"]].map {
            try BuiltCommand.run($0, in: repository.path).output
        }
    }

    @Test func anApprovalOfARunThatIsRefusedSaysSo() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, distinctFrom: [requester, committers] }] }"],
            roles: Self.roles)
        defer { repository.remove() }
        try repository.askBeforePacking()
        let run = try repository.release("1.0.0")
        let before = try repository.almrun("inbox", as: "mads").output
        #expect(!before.contains("1 file differs"), "\(before)")
        try repository.shell("echo >> \(Self.file)")
        let inbox = try repository.almrun("inbox", as: "mads").output
        #expect(inbox.contains("risk       1 file differs from the commit") && inbox.contains(Self.file), "\(inbox)")
        for said in try everywhere(repository, run) { #expect(said.contains(Self.file), "\(said)") }
        let yes = try repository.almrun("approve", run, "ask", as: "mads")
        #expect(yes.status == 0 && yes.output.contains("this alone does not do: 1 file differs"), "\(yes.output)")
        #expect(yes.output.contains("git checkout") && !yes.output.contains("next:"), "\(yes.output)")
        for said in try everywhere(repository, run) {
            #expect(said.contains(Self.file) && !said.contains("carries on"), "\(said)")
            #expect(said.contains("`almrun resume \(run)` refuses it"), "\(said)")
        }
        let refused = try repository.almrun("resume", run)
        #expect(refused.status == 2 && refused.error.contains("run/other-files"), "\(refused.error)")
        // As they were, it goes on.
        try repository.shell("git checkout -q HEAD -- \(Self.file)")
        for said in try everywhere(repository, run) { #expect(!said.contains("differs from"), "\(said)") }
        #expect(try repository.almrun("runs").output.contains("carries on"))
        #expect(try repository.almrun("resume", run).status == 75)
    }

    /// Another commit is no file to bring back.
    @Test func aCommitSinceIsSaid() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, distinctFrom: [committers] }] }"], roles: Self.roles)
        defer { repository.remove() }
        try repository.askBeforePacking()
        let run = try repository.release("1.0.0")
        try repository.shell("git branch -q made")
        try repository.commit("more", as: "rana")
        let yes = try repository.almrun("approve", run, "ask", as: "mads").output
        #expect(yes.contains("this alone does not do: run '\(run)' was made at commit"), "\(yes)")
        #expect(yes.contains("go back to the commit (`git checkout ") && !yes.contains(" -- "), "\(yes)")
        try repository.shell("git checkout -q made")
        #expect(try repository.almrun("resume", run).status == 75)
    }

    /// Where no gate leaves out committers, the approval alone does.
    @Test func whereNobodyAsksWhoWroteItNothingIsSaid() throws {
        let repository = try ReleaseRepository(["prod": "gates: { approvals: [{ role: manager }] }"], roles: Self.roles)
        defer { repository.remove() }
        try repository.askBeforePacking()
        let run = try repository.release("1.0.0")
        try repository.shell("echo >> \(Self.file)")
        let yes = try repository.almrun("approve", run, "ask", as: "mads").output
        #expect(yes.contains("next: almrun resume \(run)") && !yes.contains("this alone"), "\(yes)")
    }

    /// What a package was taken back for is mended, and it shall come again.
    @Test func thePackageComesAgainOverTheEnvironmentsBefore() throws {
        let repository = try ReleaseRepository(["dev": "", "prod": ""], roles: Self.roles)
        defer { repository.remove() }
        for version in ["1.0.0", "1.1.0"] {
            let made = try repository.almrun("run", "release", "--input", "version=\(version)")
            try #require(made.status == 0, "\(made.output)\(made.error)")
        }
        let back = try repository.almrun("rollback", "prod")
        try #require(back.status == 0, "\(back.output)\(back.error)")
        // What prod asks for by now no earlier run has shown, so that a rollback there would need a bypass.
        try repository.write("prod", "gates: { evidence: [lint], approvals: [{ role: manager }] }")
        let pipeline = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        try repository.work.write(pipeline + ReleaseRepository.lint, "pipelines/release.yaml")
        _ = try repository.release("1.2.0")
        let why = try repository.almrun("why", "ContosoSales@1.1.0", "prod").output
        let rollback = "next: almrun rollback dev --to 1.1.0.0 --solution ContosoSales\n"
        #expect(why.contains(rollback + "next: almrun run release --input version=1.1.0"), "\(why)")
        let refused = try repository.almrun("run", "release", "--input", "version=1.1.0")
        #expect(refused.status == 1, "\(refused.output)")
        let after = try repository.almrun("why", "ContosoSales@1.1.0", "prod").output
        // The run that was refused has shown it: now a rollback takes it there at once.
        #expect(after.contains("next: almrun rollback prod --to 1.1.0.0 --solution ContosoSales\n"), "\(after)")
        let dev = try repository.almrun("rollback", "dev", "--to", "1.1.0.0", "--solution", "ContosoSales")
        #expect(dev.status == 0, "\(dev.output)\(dev.error)")
        // Then what is named brings it to the gate.
        let then = try repository.almrun("why", "ContosoSales@1.1.0", "prod").output
        let next = then.split(separator: "\n").filter { $0.hasPrefix("next: almrun ") }
        try #require(next.count == 1, "\(then)")
        let words = next[0].dropFirst("next: almrun ".count).split(separator: " ").map(String.init)
        let brought = try BuiltCommand.run(words, in: repository.path)
        #expect(brought.status == 75, "\(then)\(brought.output)\(brought.error)")
    }
}
