import Documents
import Foundation
import OrderedCollections
import Pipelines
import Stages
import Testing

/// The manifests at the top of the repository, planned with the real stage kinds.
@Suite struct BundledPipelinesTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private var planner: Planner { Planner(root: Self.root, stages: BuiltinStages.descriptions) }

    @Test func everythingIsGood() {
        let report = ManifestCheck(root: Self.root, stages: BuiltinStages.descriptions).report()
        #expect(report.diagnostics.map(\.description) == [])
        #expect(report.pipelines == ["pull-request", "release"])
        #expect(report.environments == ["dev", "preprod", "prod", "test"])
    }

    @Test func theReleaseIsPlanned() throws {
        let plan = try planner.plan(pipeline: "release", inputs: ["version": "1.2.0"])
        #expect(
            plan.steps.map(\.id.rawValue) == [
                "lint", "diff", "test", "pack", "tag", "architect", "dev/rebind", "dev/promote.preview", "dev/promote",
                "test-up/rebind", "test-up/promote.preview", "test-up/promote.eligible", "test-up/promote",
                "preprod/rebind", "preprod/promote.preview", "preprod/promote.eligible", "preprod/promote",
                "prod/rebind",
                "prod/promote.preview", "prod/promote.eligible", "prod/promote.approval", "prod/promote", "notes",
            ])
        #expect(plan.secretNames == ["PROD_SALES_CONNECTION"])
        #expect(Array(plan.environments.keys).sorted() == ["dev", "preprod", "prod", "test"])
        #expect(try Plan(plan.value()) == plan)
    }

    @Test func thePullRequestIsPlannedWithoutInputs() throws {
        let plan = try planner.plan(pipeline: "pull-request")
        #expect(plan.steps.map(\.id.rawValue) == ["lint", "diff", "test", "pack"])
        #expect(plan.steps.allSatisfy { !$0.locksEnvironment })
    }

    @Test func starterManifestsFitTheRealStages() {
        var files = ["c/apiDefinition.swagger.json": "{}", "s/Other/Solution.xml": "<x/>"]
        for (path, text) in StarterManifests(files: RepositoryFiles(files)).files { files[path] = text }
        let found = ManifestCheck(repository: RepositoryFiles(files), stages: BuiltinStages.descriptions).run()
        #expect(found.map(\.description) == [])
    }

    @Test(arguments: BuiltinStages.descriptions.map(\.kind))
    func examplesAreManifests(_ kind: String) throws {
        let stage = try #require(BuiltinStages.descriptions.first { $0.kind == kind })
        let lines = stage.example.split(separator: "\n", omittingEmptySubsequences: false)
        let name = try #require(lines.first { !$0.isEmpty }?.split(separator: ":").first)
        // What an example refers to stands beside it, under a name that it does not have itself.
        let others = [
            ("diff", "  diff: { uses: openapi.diff, with: { document: a.json, base: b.json } }"),
            ("pack", "  pack: { uses: solution.pack, with: { source: src, version: 1.2.0 } }"),
            (
                "rebind",
                "  rebind: { uses: connections.rebind, environment: prod, with: { package: \"${{ stages.pack.package }}\" } }"
            ),
        ]
        var text = "inputs:\n  version: { type: string }\n  connector: { type: path }\n"
        text += "  environment: { type: environment }\n  package: { type: package }\nstages:\n"
        for (other, line) in others where other != name { text += line + "\n" }
        if stage.example.contains("run.status") { text += "finally:\n" }
        text += lines.map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n") + "\n"
        let environment = "target: { kind: directory, path: .almrun/environments/"
        let files = [
            "pipelines/p.yaml": text, "environments/prod.yaml": environment + "prod }",
            "environments/test.yaml": environment + "test }", "environments/dev.yaml": environment + "dev }",
            "environments/roles.yaml": "security-architect: [a@b.c]\nrelease-manager: [a@b.c]\n",
        ]
        let check = ManifestCheck(
            repository: RepositoryFiles(files), stages: BuiltinStages.descriptions, inputFilesMustExist: false)
        #expect(check.run().map(\.description) == [])
    }
}
