import Foundation
import Testing

/// What an environment holds cannot be read any more.
@Suite(.waits) struct DamagedTargetTests {
    /// What is approved then is not deployed: whoever decides is told so, as of a package that cannot be read.
    @Test func whoDecidesIsTold() throws {
        let repository = try ReleaseRepository(
            ["dev": "gates: { approvals: [{ role: manager }] }"], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        let first = try repository.release("1.0.0")
        try repository.approve(first, "dev", as: "mads")
        let run = try repository.release("1.1.0")
        try repository.shell("echo x > .almrun/environments/dev/environment.json")
        for arguments in [["show", run, "--gate", "dev.approval"], ["why", run, "dev.approval"], ["inbox"]] {
            let said = try BuiltCommand.run(
                arguments, in: repository.path, environment: ["GIT_AUTHOR_EMAIL": "mads@contoso.example"])
            #expect(said.output.contains("nobody can tell what would happen there: "), "\(said.output)\(said.error)")
            #expect(said.output.contains("`almrun doctor`"), "\(said.output)")
        }
        let approved = try repository.almrun("approve", run, "dev", as: "mads")
        #expect(approved.status == 0, "\(approved.error)")
        #expect(approved.error.contains("warning: nobody can tell what would happen there: "), "\(approved.error)")
        #expect(approved.error.contains("what is approved is not deployed before that is mended"), "\(approved.error)")
    }

    /// One that a package does not pass on its way is told of, and stands in nothing's way.
    @Test func whatIsNotOnTheWayIsAWarning() throws {
        let repository = try ReleaseRepository(
            ["dev": "", "prod": "after: dev"], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try #require(try repository.almrun("run", "release", "--input", "version=1.0.0").status == 0)
        try repository.shell("\"$ALMRUN\" pack solution new.zip --type managed --solution-version 1.3.0")
        try repository.shell("echo x > .almrun/environments/prod/environment.json")
        let dev = try repository.almrun("why", "./new.zip", "dev")
        #expect(
            dev.output.contains("ContosoSales@1.3.0") || dev.output.contains("in 'dev'"), "\(dev.output)\(dev.error)")
        #expect(dev.error.contains("warning: environment 'prod' is left out, as it cannot be read: "), "\(dev.error)")
        let prod = try repository.almrun("why", "./new.zip", "prod")
        #expect(prod.status == 3 && prod.error.contains("environment/damaged"), "\(prod.output)\(prod.error)")
        try repository.shell("echo x > .almrun/environments/dev/environment.json")
        let both = try repository.almrun("why", "./new.zip", "prod")
        #expect(both.status == 3 && both.error.contains("environment/damaged"), "\(both.output)\(both.error)")
    }
}
