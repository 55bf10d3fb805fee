import Foundation
import Testing

/// Somebody edits what an environment says of itself, or the ledger of a run, so that a gate seems met.
@Suite(.waits) struct ForgedHistoryTests {
    private func release(_ gates: String) throws -> (ReleaseRepository, String) {
        let repository = try ReleaseRepository(
            ["qa": "", "prod": "after: qa\n\(gates)"], roles: "manager: [mads@contoso.example]\n")
        let run = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try #require(run.status == 75, "\(run.output)\(run.error)")
        return (
            repository, String(try #require(try repository.almrun("runs", "--ids").output.split(separator: "\n").first))
        )
    }

    private func edit(_ file: String, in repository: ReleaseRepository, _ body: (String) -> String) throws {
        let path = ".almrun/environments/qa/\(file)"
        let text = try String(contentsOfFile: "\(repository.path)/\(path)", encoding: .utf8)
        let edited = body(text)
        try #require(edited != text, "\(text)")
        try repository.work.write(edited, path)
    }

    private func isNotThere(_ repository: ReleaseRepository) throws {
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0") == false)
    }

    /// A package that still soaks is said to have come long ago.
    @Test func aStateWithAnEarlierTimeIsRefused() throws {
        let (repository, run) = try release("gates: { soak: 2h }")
        defer { repository.remove() }
        try edit("environment.json", in: repository) {
            $0.replacing(/"at" ?: ?"20\d\d/, with: "\"at\": \"2001")
        }
        // What waits for a time is looked at again when it has come; whoever resumes now is not let through either.
        try ForgedLedger(repository).append(#""kind":"started","step":"prod.eligible","attempt":2,"token":"t""#)
        try ForgedLedger(repository).append(
            #""kind":"ended","step":"prod.eligible","attempt":2,"outcome":"succeeded","output":{"eligible":true}"#)
        let end = try repository.almrun("resume", run)
        #expect(end.status == 1 && end.output.contains("gate/other-history"), "\(end.output)\(end.error)")
        try isNotThere(repository)
        let doctor = try repository.almrun("doctor")
        #expect(doctor.output.contains("with another time"), "\(doctor.output)")
    }

    /// The ledger says that the package has soaked, and the environment does not.
    @Test func aGateThatTheLedgerOpenedIsAskedAgain() throws {
        let (repository, run) = try release("gates: { soak: 2h }")
        defer { repository.remove() }
        try ForgedLedger(repository).append(#""kind":"started","step":"prod.eligible","attempt":2,"token":"t""#)
        try ForgedLedger(repository).append(
            #""kind":"ended","step":"prod.eligible","attempt":2,"outcome":"succeeded","output":{"eligible":true}"#)
        let end = try repository.almrun("resume", run)
        #expect(end.status == 75 && end.output.contains("soaks in 'qa'"), "\(end.output)\(end.error)")
        try isNotThere(repository)
        // The same, and a deployment that is said to have begun.
        try ForgedLedger(repository).append(#""kind":"started","step":"prod.eligible","attempt":4,"token":"t""#)
        try ForgedLedger(repository).append(
            #""kind":"ended","step":"prod.eligible","attempt":4,"outcome":"succeeded","output":{"eligible":true}"#)
        try ForgedLedger(repository).append(#""kind":"started","step":"prod","attempt":1,"token":"t""#)
        let again = try repository.almrun("resume", run)
        #expect(again.status == 75 && again.output.contains("soaks in 'qa'"), "\(again.output)\(again.error)")
        try isNotThere(repository)
    }

    /// Another package was there, and the state says that it was this one.
    @Test func aStateWithAnotherPackageIsRefused() throws {
        let repository = try ReleaseRepository(
            ["qa": "", "prod": "after: qa"], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try #require(try repository.almrun("run", "release", "--input", "version=1.0.0").status == 0)
        let file = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let (first, last) = (
            try #require(text.range(of: "  qa-bind:")).lowerBound,
            try #require(text.range(of: "  prod-bind:")).lowerBound
        )
        var straight = text
        straight.removeSubrange(first..<last)
        try repository.work.write(straight.replacing("needs: [qa]", with: "needs: []"), "pipelines/release.yaml")
        let no = try repository.almrun("run", "release", "--input", "version=2.0.0")
        #expect(no.status == 1 && no.output.contains("gate/not-promoted-before"), "\(no.output)\(no.error)")
        let made = try ForgedLedger(repository).lines.flatMap { $0.matches(of: /"([0-9a-f]{64})"/).map(\.1) }
        let brought = try String(
            contentsOfFile: "\(repository.path)/.almrun/environments/qa/history/000001.json", encoding: .utf8)
        let old = try #require(brought.firstMatch(of: /"digest" ?: ?"([0-9a-f]{64})"/)).1
        let package = try #require(no.output.firstMatch(of: /package ([0-9a-f]{12}) is not/)).1
        let new = try #require(made.first { $0.hasPrefix(package) })
        try edit("environment.json", in: repository) { $0.replacing(old, with: new) }
        let end = try repository.almrun("resume", "latest")
        #expect(end.status == 1 && end.output.contains("gate/other-history"), "\(end.output)\(end.error)")
        #expect(try repository.almrun("environment", "prod").output.contains("2.0.0.0") == false)
    }

    /// A freeze is over, says an event of a time that has not come.
    @Test func aFreezeIsNotOverBecauseTheLedgerSaysSo() throws {
        let day = Date().addingTimeInterval(86_400 * 2).formatted(.iso8601.year().month().day())
        let repository = try ReleaseRepository(
            ["prod": "gates: { freezes: [{ from: 2026-01-01, to: \(day), reason: Year end, timeZone: UTC }] }"],
            roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let later = Date().addingTimeInterval(86_400 * 9).formatted(.iso8601.year().month().day()) + "T08:00:00.000Z"
        try ForgedLedger(repository).append(
            #""kind":"ended","step":"prod.window","attempt":0,"outcome":"succeeded","output":{}"#, time: later)
        let end = try repository.almrun("resume", run)
        #expect(end.status == 75 && end.output.contains("Year end"), "\(end.output)\(end.error)")
        try isNotThere(repository)
    }

    /// A stage that failed is said to have ended well, so that it is evidence.
    @Test func evidenceThatNobodyBeganIsNamed() throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [check], approvals: [{ role: manager }] }"],
            roles: "manager: [mads@contoso.example]\n",
            stages: """
                  check: { uses: shell.run, with: { command: ["false"] } }

                """)
        defer { repository.remove() }
        let failed = try repository.almrun("run", "release", "--input", "version=1.0.0")
        try #require(failed.status == 1, "\(failed.output)\(failed.error)")
        try ForgedLedger(repository).append(
            #""kind":"ended","step":"check","attempt":1,"outcome":"succeeded","output":{}"#)
        let end = try repository.almrun("resume", "latest")
        #expect(end.status == 3 && end.error.contains("nobody had begun it"), "\(end.output)\(end.error)")
        let verify = try repository.almrun("verify", "latest")
        #expect(verify.status == 1 && verify.output.contains("verify/gate"), "\(verify.output)")
    }
}
