import Foundation
import Testing

/// `why PACKAGE ENVIRONMENT` says what was edited in an environment's file while a run waits that keeps it as it was.
@Suite(.waits) struct KeptFilesTests {
    private static let asks = "gates: { approvals: [{ role: manager }] }"
    private static let roles = "manager: [mads@contoso.example]\n"

    private func waiting() throws -> (ReleaseRepository, run: String) {
        let repository = try ReleaseRepository(["prod": Self.asks], roles: Self.roles)
        return (repository, try repository.release("1.0.0"))
    }

    private func edit(_ repository: ReleaseRepository, _ old: String, _ new: String) throws {
        let file = "environments/prod.yaml"
        let text = try String(contentsOfFile: "\(repository.path)/\(file)", encoding: .utf8)
        try #require(text.contains(old), "\(text)")
        try repository.work.write(text.replacing(old, with: new), file)
    }

    private func why(_ repository: ReleaseRepository) throws -> BuiltCommand.Result {
        try repository.almrun("why", "ContosoSales@1.0.0", "prod")
    }

    @Test func anotherValueIsSaid() throws {
        let (repository, run) = try waiting()
        defer { repository.remove() }
        try edit(repository, "https://api.prod.example", "https://api2.prod.example")
        try edit(repository, "sales-prod-0001", "sales-prod-0002")
        let edited = try why(repository).output
        #expect(edited.contains("note: run \(run) keeps 'prod' as its files were when it began"), "\(edited)")
        #expect(
            edited.contains(
                "for a new run: variable 'contoso_SalesApiUrl' is 'https://api2.prod.example' and not "
                    + "'https://api.prod.example'; connection 'contoso_sharedcontososales' is 'contoso-sales sales-prod-0002' "
                    + "and not 'contoso-sales sales-prod-0001'"), "\(edited)")
        #expect(edited.contains("met    bindings  all that it needs is bound\n"), "\(edited)")
        // Neither a secret nor what stood in its place.
        try edit(repository, "https://api2.prod.example", "\"${{ secrets.SALES_URL }}\"")
        let secret = try why(repository).output
        #expect(secret.contains("variable 'contoso_SalesApiUrl' is another secret, or"), "\(secret)")
        #expect(!secret.contains("https://api"), "\(secret)")
    }

    @Test func aValueThatIsGoneIsSaidOfANewRunOnly() throws {
        let (repository, _) = try waiting()
        defer { repository.remove() }
        try edit(repository, "variables:\n  contoso_SalesApiUrl: https://api.prod.example\n", "")
        // The package itself has a value for it.
        let packaged = try why(repository).output
        #expect(packaged.contains("new run: the file binds variable 'contoso_SalesApiUrl' no more"), "\(packaged)")
        let line = "  contoso_sharedcontososales: { connector: contoso-sales, connection: sales-prod-0001 }\n"
        try edit(repository, "connections:\n\(line)", "")
        let why = try why(repository).output
        #expect(why.contains("met    bindings  all that it needs is bound\n"), "\(why)")
        #expect(!why.contains("not by pipeline") && !why.contains("starts one"), "\(why)")
        #expect(why.contains("no more; unmet bindings: environment 'prod' "), "\(why)")
    }

    /// What is installed is looked up where the run goes.
    @Test func anotherTargetIsSaid() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: Self.roles)
        defer { repository.remove() }
        try repository.promote("0.9.0")
        try repository.write("prod", Self.asks)
        let run = try repository.release("1.0.0")
        try edit(repository, ".almrun/environments/prod", ".almrun/environments/prod2")
        let why = try why(repository).output
        #expect(why.contains("met    version   1.0.0.0 would take the place of 0.9.0.0"), "\(why)")
        #expect(
            why.contains(
                "for a new run: target '.almrun/environments/prod2' and not '.almrun/environments/prod'"), "\(why)")
        try repository.approve(run, "prod", as: "mads")
        #expect(try repository.almrun("environment", "prod").output.contains("1.0.0.0") == false)
    }

    @Test func aRunUnderWayIsJudgedAlsoBesideFilesWithErrors() throws {
        let (repository, run) = try waiting()
        defer { repository.remove() }
        try repository.work.write("manager: 17\n", "environments/roles.yaml")
        let broken = try why(repository)
        #expect(broken.status == 75, "\(broken.output)\(broken.error)")
        #expect(broken.error.contains("environments/roles.yaml:1"), "\(broken.error)")
        #expect(broken.output.contains("run \(run) asks"), "\(broken.output)")
        #expect(
            broken.output.contains(
                "note: the files that are here have errors, and no new run begins; run \(run) keeps"),
            "\(broken.output)")
        #expect(broken.output.contains("next: almrun approve \(run) prod.approval\n"), "\(broken.output)")
        // Of a package that no run brings nothing is said.
        let other = try repository.almrun("why", "ContosoSales@2.0.0", "prod")
        #expect(other.status == 2 && other.output.isEmpty, "\(other.output)")
    }
}
