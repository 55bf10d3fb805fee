import Foundation
import Testing

/// A promotion judges what an environment's file binds as a rollback does, also where no stage binds before it.
@Suite(.waits) struct JudgedBindingsTests {
    private func repository(connector: String) throws -> WorkFolder {
        let work = try WorkFolder()
        try FileManager.default.copyItem(
            atPath: "\(DocumentationTests.root)/examples/contoso-sales/solution", toPath: "\(work.path)/solution")
        try work.write(
            """
            inputs: { version: { type: string } }
            stages:
              pack: { uses: solution.pack, with: { source: solution, version: "${{ inputs.version }}", type: managed } }
              dev: { uses: solution.promote, environment: dev, with: { package: "${{ stages.pack.package }}" } }
            """, "pipelines/up.yaml")
        try write(connector, in: work)
        return work
    }

    private func write(_ connector: String, in work: WorkFolder) throws {
        try work.write(
            """
            target: { kind: directory, path: .almrun/environments/dev }
            connections: { contoso_sharedcontososales: { connector: \(connector), connection: c-dev } }
            variables: { contoso_SalesApiUrl: "https://api.dev.example" }
            gates: { approvals: [{ role: manager }] }
            """, "environments/dev.yaml")
        try work.write("manager: [ann@x.example]\n", "environments/roles.yaml")
    }

    @Test func aConnectionOfAnotherConnectorIsRefusedBeforeAnybodyIsAsked() throws {
        let work = try repository(connector: "sales")
        defer { work.remove() }
        let run = try BuiltCommand.run(["run", "up", "--input", "version=1.0.0"], in: work.path)
        #expect(run.status == 1, "\(run.output)\(run.error)")
        #expect((run.output + run.error).contains("[binding/wrong-connector]"), "\(run.output)\(run.error)")
        #expect(!FileManager.default.fileExists(atPath: "\(work.path)/.almrun/environments/dev/environment.json"))
        let why = try BuiltCommand.run(["why", "ContosoSales@1.0.0", "dev"], in: work.path)
        #expect(why.status == 75, "\(why.output)\(why.error)")
        #expect(
            why.output.contains("unmet  bindings  'contoso_sharedcontososales' is a connection of"), "\(why.output)")
        #expect(why.output.contains("and environment 'dev' binds one of 'sales'"), "\(why.output)")
        let preview = try BuiltCommand.run(["plan", "up", "--input", "version=1.0.0", "--preview"], in: work.path)
        #expect(preview.output.contains("[binding/wrong-connector]"), "\(preview.output)\(preview.error)")
        // Once the file is right, a new run asks.
        try write("contoso-sales", in: work)
        let mended = try BuiltCommand.run(["why", "ContosoSales@1.0.0", "dev"], in: work.path)
        #expect(mended.output.contains("met    bindings  all that it needs is bound"), "\(mended.output)")
        #expect(try BuiltCommand.run(["run", "up", "--input", "version=1.0.0"], in: work.path).status == 75)
    }

    /// A connection that an environment binds which the plan does not know: who looks says what the run does.
    @Test func whoLooksJudgesAsTheRunDoes() throws {
        let work = try repository(connector: "contoso-sales")
        defer { work.remove() }
        func almrun(_ arguments: String...) throws -> BuiltCommand.Result {
            try BuiltCommand.run(arguments, in: work.path)
        }
        let file = "\(work.path)/environments/dev.yaml"
        let dev = try String(contentsOfFile: file, encoding: .utf8)
        try work.write(dev.replacing("environments/dev }", with: "environments/prod }"), "environments/prod.yaml")
        for said in [try almrun("check"), try almrun("plan", "up", "--input", "version=1.0.0")] {
            #expect(said.status == 0, "\(said.output)\(said.error)")
            #expect(
                (said.output + said.error).contains("is bound in 'dev' too [binding/foreign-connection]"),
                "\(said.output)\(said.error)")
        }
        try work.write(dev.replacing(/gates.*\n?/, with: ""), "environments/dev.yaml")
        for version in ["1.0.0", "1.1.0"] {
            let run = try almrun("run", "up", "--input", "version=\(version)")
            #expect(run.status == 0, "\(run.output)\(run.error)")
        }
        let why = try almrun("why", "ContosoSales@1.1.0", "dev")
        #expect(why.output.contains("all that it needs is bound"), "\(why.output)\(why.error)")
        let look = try almrun("rollback", "dev", "--comment", "INC-1", "--dry-run")
        #expect(!look.output.contains("foreign") && !look.output.contains("belongs to"), "\(look.output)\(look.error)")
        let back = try almrun("rollback", "dev", "--comment", "INC-1")
        #expect(look.status == 0 && back.status == 0, "\(back.output)\(back.error)")
        // With both in one plan all of them say no.
        try work.write(dev + "\nafter: prod\n", "environments/dev.yaml")
        for said in [
            try almrun("why", "ContosoSales@1.1.0", "dev"), try almrun("run", "up", "--input", "version=1.2.0"),
        ] {
            #expect(said.status != 0, "\(said.output)\(said.error)")
            #expect((said.output + said.error).contains("belongs to environment 'prod'"), "\(said.output)\(said.error)")
        }
    }
}
