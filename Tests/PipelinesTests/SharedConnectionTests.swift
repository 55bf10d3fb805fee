import Documents
import OrderedCollections
import Pipelines
import TestSupport
import Testing

/// One connection in two environments is told before a run is refused for it.
@Suite struct SharedConnectionTests {
    private static let place = "target: { kind: directory, path: .almrun/environments/"

    /// Pipelines for one environment alone.
    private func repository(_ name: String, _ dev: String, _ prod: String) -> Repository {
        let pipeline = """
            stages:
              pack: { uses: solution.pack, with: { source: connectors, version: 1.0.0 } }
              up: { uses: solution.promote, environment: \(name), with: { package: "${{ stages.pack.package }}" } }
            """
        return Repository(
            pipeline,
            [
                "environments/dev.yaml": Self.place + "dev }\nconnections: { a: { connector: c, connection: \(dev) } }",
                "environments/prod.yaml": Self.place
                    + "prod }\nconnections: { b: { connector: c, connection: \(prod) } }",
                "environments/spare.yaml": Self.place + "spare }",
            ])
    }

    @Test(arguments: ["dev", "prod"]) func itIsAWarning(_ name: String) throws {
        let repository = repository(name, "c-1", "c-1")
        let found = repository.check()
        #expect(found.map(\.code) == ["binding/foreign-connection"] && found.first?.severity == .warning, "\(found)")
        #expect(found.first?.message == "the connection of 'b' in environment 'prod' is bound in 'dev' too")
        #expect(found.first?.location?.source.name == "environments/prod.yaml")
        #expect(found.first?.notes.first?.location?.source.name == "environments/dev.yaml")
        #expect(
            try repository.planner.judgedPlan(pipeline: "p").warnings.map(\.description) == found.map(\.description))
    }

    /// Ids have no letter case, and a secret of one name is one connection, however it is written.
    @Test(arguments: [("AB-1", "ab-1"), ("\"${{ secrets.C }}\"", "\"${{secrets.C}}\"")])
    func otherSpellingsAreTheSame(_ dev: String, _ prod: String) throws {
        #expect(repository("dev", dev, prod).check().map(\.code) == ["binding/foreign-connection"])
    }

    @Test func othersAreNone() throws {
        #expect(repository("dev", "c-1", "c-2").check().isEmpty)
        #expect(repository("dev", "\"${{ secrets.C }}\"", "\"${{ secrets.D }}\"").check().isEmpty)
        #expect(repository("spare", "c-1", "c-1").check().isEmpty)
    }

    /// A secret of one name is another one where each environment takes it from a file of its own.
    @Test func secretsOfOwnFilesAreNone() throws {
        func file(_ name: String) -> String {
            Self.place + "\(name) }\nsecretsFile: \(name).env\n"
                + "connections: { a: { connector: c, connection: \"${{ secrets.C }}\" } }"
        }
        let pipeline = """
            stages:
              pack: { uses: solution.pack, with: { source: connectors, version: 1.0.0 } }
              up: { uses: solution.promote, environment: dev, with: { package: "${{ stages.pack.package }}" } }
            """
        let found = Repository(
            pipeline, ["environments/dev.yaml": file("dev"), "environments/prod.yaml": file("prod")]
        ).check()
        #expect(!found.map(\.code).contains("binding/foreign-connection"), "\(found)")
    }
}
