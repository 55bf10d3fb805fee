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
        #expect(why.output.contains("it is there already, nothing would change"), "\(why.output)\(why.error)")
        let look = try almrun("rollback", "dev", "--comment", "INC-1", "--dry-run")
        #expect(!look.output.contains("foreign") && !look.output.contains("binds too"), "\(look.output)\(look.error)")
        let back = try almrun("rollback", "dev", "--comment", "INC-1")
        #expect(look.status == 0 && back.status == 0, "\(back.output)\(back.error)")
        // With both in one plan all of them say no.
        try work.write(dev + "\nafter: prod\n", "environments/dev.yaml")
        for said in [
            try almrun("why", "ContosoSales@1.1.0", "dev"), try almrun("run", "up", "--input", "version=1.2.0"),
        ] {
            #expect(said.status != 0, "\(said.output)\(said.error)")
            #expect(
                (said.output + said.error).contains(
                    "environment 'dev' binds to 'contoso_sharedcontososales' the connection that environment 'prod' binds too "
                        + "(environments/prod.yaml:"), "\(said.output)\(said.error)")
        }
    }

    /// Of two pipelines the one is named that would not be refused; why the other would be is said.
    @Test func thePipelineThatCannotBindIsNotNamed() throws {
        let work = try repository(connector: "contoso-sales")
        defer { work.remove() }
        func almrun(_ arguments: String...) throws -> BuiltCommand.Result {
            try BuiltCommand.run(arguments, in: work.path)
        }
        let dev = try String(contentsOfFile: "\(work.path)/environments/dev.yaml", encoding: .utf8)
            .replacing(/gates.*\n?/, with: "")
        try work.write(dev, "environments/dev.yaml")
        try work.write(
            dev.replacing("environments/dev }", with: "environments/prod }").replacing("c-dev", with: "C-DEV"),
            "environments/prod.yaml")
        let up = try String(contentsOfFile: "\(work.path)/pipelines/up.yaml", encoding: .utf8)
        let prod = up.replacing("  dev:", with: "  prod:").replacing("environment: dev", with: "environment: prod")
        try work.write(prod, "pipelines/zz.yaml")
        try work.write(
            up + "\n  prod: { uses: solution.promote, environment: prod, needs: [dev], "
                + "with: { package: \"${{ stages.pack.package }}\" } }\n", "pipelines/up.yaml")
        let refused = try almrun("run", "up", "--input", "version=1.0.0")
        #expect(refused.status == 1, "\(refused.output)\(refused.error)")
        #expect((refused.output + refused.error).contains("binding/foreign-connection"), "\(refused.output)")
        let why = try almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(why.output.hasSuffix("next: almrun run zz --input version=1.0.0.0\n"), "\(why.output)")
        #expect(
            why.output.contains(
                "met    bindings  all that it needs is bound by pipeline 'zz'; not by pipeline 'up': environment 'dev' binds"
            ),
            "\(why.output)")
        #expect(try almrun("run", "zz", "--input", "version=1.0.0").status == 0)
        // Where no other is left, none is named, and what is the matter is.
        try work.write("stages: {}\n", "pipelines/zz.yaml")
        try FileManager.default.removeItem(atPath: "\(work.path)/pipelines/zz.yaml")
        try FileManager.default.removeItem(atPath: "\(work.path)/.almrun/environments/prod")
        let none = try almrun("why", "ContosoSales@1.0.0", "prod")
        #expect(none.status == 75 && !none.output.contains("almrun run up"), "\(none.output)")
        #expect(none.output.contains("unmet  bindings  environment 'dev' binds to"), "\(none.output)")
    }

    /// One secret for two environments is one connection, and so is a secret that holds another's id.
    @Test func aSecretOfTwoEnvironmentsIsSaid() throws {
        let work = try repository(connector: "contoso-sales")
        defer { work.remove() }
        let file = "environments/dev.yaml"
        let plain = try String(contentsOfFile: "\(work.path)/\(file)", encoding: .utf8)
            .replacing(/gates.*\n?/, with: "")
        let secret = plain.replacing("c-dev", with: "\"${{ secrets.SALES }}\"")
        let other = plain.replacing("environments/dev }", with: "environments/prod }")
        let after = "\nafter: prod\n"
        func run(_ value: String, _ arguments: String...) throws -> BuiltCommand.Result {
            try BuiltCommand.run(arguments, in: work.path, environment: ["SALES": value])
        }
        // By its name.
        try work.write(secret + after, file)
        try work.write(secret.replacing("environments/dev }", with: "environments/prod }"), "environments/prod.yaml")
        let check = try run("hidden-1", "check")
        #expect((check.output + check.error).contains("[binding/foreign-connection]"), "\(check.output)\(check.error)")
        #expect((check.output + check.error).contains("a process that deploys to both"), "\(check.error)")
        // By its value.
        try work.write(other.replacing("c-dev", with: "Hidden-2"), "environments/prod.yaml")
        let same = try run("hidden-2", "run", "up", "--input", "version=1.0.0")
        #expect(
            same.status == 1 && (same.output + same.error).contains("[binding/foreign-connection]"), "\(same.output)")
        #expect(!(same.output + same.error).contains("hidden-2"), "\(same.output)\(same.error)")
    }
}
