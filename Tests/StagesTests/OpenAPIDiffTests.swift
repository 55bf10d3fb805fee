import Comparison
import Documents
import Engine
import Foundation
import Git
import Pipelines
import TestSupport
import Testing

@testable import Stages

@Suite struct OpenAPIDiffTests {
    /// A repository with the definition that was released.
    private struct Scene {
        let folder: TemporaryFolder
        var context: StageContext

        init() throws {
            folder = try TemporaryFolder("openapi-diff")
            let step = Step(id: StepID("diff"), work: .stage("openapi.diff"), effect: .repeatable)
            context = StageContext(
                run: RunID("test"), step: step, root: folder.path, token: "token",
                objects: ObjectStore(folder: folder.path("objects")))
            try git("init", "--quiet", "--initial-branch=main")
        }

        func git(_ arguments: String...) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                ["git", "-C", folder.path, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"] + arguments
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }

        func write(_ operations: [String], version: String = "1.0", to name: String = "api.json") throws {
            let paths = operations.map {
                #""/\#($0)": {"get": {"operationId": "\#($0)", "responses": {"200": {"description": "ok"}}}}"#
            }
            try folder.write(
                #"""
                {"swagger": "2.0", "info": {"title": "Sales", "version": "\#(version)"},
                 "paths": {\#(paths.joined(separator: ", "))}}
                """#, to: name)
        }

        func release(_ tag: String) throws {
            try git("add", "--all")
            try git("commit", "--quiet", "-m", tag)
            try git("tag", tag)
        }

        func run(
            base: String, version: String? = nil, approved: [String] = [], failOn: OpenAPIDiff.Failing = .version
        ) async throws -> OpenAPIDiff.Output {
            let input = OpenAPIDiff.Input(
                document: "api.json", base: base, version: version, baseVersion: nil, approved: approved,
                failOn: failOn, profile: nil)
            return try await OpenAPIDiff().run(input, in: context)
        }
    }

    @Test func firstReleaseHasNothingToCompareWith() async throws {
        let scene = try Scene()
        try scene.write(["ListInvoices"])
        let output = try await scene.run(base: "tag:connector/sales", version: "1.0.0")
        #expect(output.first)
        #expect(output.level == .none)
        #expect(output.changes == 0)
        #expect(output.absence?.hasPrefix("there is no tag with the prefix 'connector/sales'") == true)
        #expect(output.releaseNotes.contains("First release"))
        #expect(output.releaseNotes.contains("`ListInvoices`"))
    }

    @Test func comparesWithTheNewestTag() async throws {
        let scene = try Scene()
        try scene.write(["a"])
        try scene.release("connector/sales/v1.9.0")
        try scene.write(["a", "b"])
        try scene.release("connector/sales/v1.10.0")
        try scene.write(["a", "b", "c"])
        let output = try await scene.run(base: "tag:connector/sales", version: "1.11.0")
        #expect(!output.first)
        #expect(output.level == .minor)
        #expect(output.changes == 1)
        #expect(output.breaking == 0)
        #expect(output.neededVersion == "1.11.0")
        let digest = try #require(output.report)
        let report = try JSONDecoder().decode(ComparisonReport.self, from: scene.context.objects.read(digest))
        #expect(report.changes.map(\.id) == ["endpoint-added"])
    }

    @Test func aVersionThatIsTooSmallIsRejected() async throws {
        let scene = try Scene()
        try scene.write(["a", "b"])
        try scene.release("v1.2.0")
        try scene.write(["a"])
        let failure = await #expect(throws: StageFailure.self) { try await scene.run(base: "tag:v", version: "1.3.0") }
        #expect(failure?.kind == .rejected)
        #expect(failure?.code == "diff/version-too-small")
        #expect(failure?.message.contains("2.0.0") == true)
        #expect(failure?.findings.map(\.code) == ["api-path-removed-without-deprecation"])
        #expect(try await scene.run(base: "tag:v", version: "2.0.0").neededVersion == "2.0.0")
        #expect(try await scene.run(base: "tag:v", version: "1.2.1", failOn: .never).level == .major)
    }

    @Test func anUnapprovedBreakingChangeIsRejectedWhenAsked() async throws {
        let scene = try Scene()
        try scene.write(["a", "b"])
        try scene.release("v1.0.0")
        try scene.write(["a"])
        let failure = await #expect(throws: StageFailure.self) {
            try await scene.run(base: "tag:v", version: "2.0.0", failOn: .breaking)
        }
        #expect(failure?.code == "diff/breaking")
        let fingerprint = try #require(failure?.findings.first?.fingerprint)
        let output = try await scene.run(
            base: "tag:v", version: "2.0.0", approved: [fingerprint, "zzzz"], failOn: .breaking)
        #expect(output.level == .major)
        #expect(output.breaking == 1)
    }

    @Test func withoutAVersionTheDocumentsOwnCounts() async throws {
        let scene = try Scene()
        try scene.write(["a", "b"], version: "1.2.0", to: "old.json")
        try scene.write(["a"], version: "1.0.1")
        let failure = await #expect(throws: StageFailure.self) { try await scene.run(base: "old.json") }
        #expect(failure?.code == "diff/version-too-small")
        try scene.write(["a"], version: "2.0.0")
        #expect(try await scene.run(base: "old.json").level == .major)
        try scene.write(["a"], version: "1.2.0")
        #expect(try await scene.run(base: "old.json").neededVersion == "2.0.0")
    }

    @Test func aMistypedPrefixIsPointedOut() throws {
        let scene = try Scene()
        try scene.write(["a"])
        try scene.release("connector/sales/v1.9.0")
        let near = try DefinitionSource("tag:connector/sale").absence(document: "api.json", root: scene.folder.path)
        #expect(near.hasSuffix("did you mean 'connector/sales'?"))
        let other = try DefinitionSource("tag:xyz").absence(document: "api.json", root: scene.folder.path)
        #expect(other.hasSuffix("; there are tags of 'connector/sales'"))
        let gone = try DefinitionSource("tag:connector/sales").absence(document: "b.json", root: scene.folder.path)
        #expect(gone == "the tag 'connector/sales/v1.9.0' has no file 'b.json'")
    }

    @Test func anUnreadableVersionIsRefusedBeforeAnyWork() async throws {
        let scene = try Scene()
        let failure = await #expect(throws: StageFailure.self) { try await scene.run(base: "tag:v", version: "x") }
        #expect(failure?.kind == .broken)
        #expect(failure?.code == "diff/version")
    }

    @Test func comparesWithAFileAndARevision() async throws {
        let scene = try Scene()
        try scene.write(["a"])
        try scene.release("x")
        try scene.write(["a"], version: "1.1", to: "old.json")
        try scene.write(["a", "b"], version: "1.2")
        #expect(try await scene.run(base: "old.json", version: "1.2").neededVersion == "1.2")
        #expect(try await scene.run(base: "git:HEAD:api.json").neededVersion == "1.1")
        #expect(try await scene.run(base: "git:HEAD").level == .minor)
        let failure = await #expect(throws: StageFailure.self) { try await scene.run(base: "git:nowhere:api.json") }
        #expect(failure?.kind == .broken)
        await #expect(throws: Rejected.self) { try await scene.run(base: "missing.json") }
        let outside = await #expect(throws: StageFailure.self) { try await scene.run(base: "../old.json") }
        #expect(outside?.code == "path/outside")
    }

    /// Anybody can move a branch or a tag: what was compared with is a commit.
    @Test func theCommitOfTheBaseIsGiven() async throws {
        var scene = try Scene()
        try scene.write(["a"])
        try scene.release("v1.0.0")
        let first = try GitRepository(at: scene.folder.path).head().id.description
        try scene.git("checkout", "--quiet", "-b", "other")
        try scene.write(["a", "z"])
        try scene.release("other")
        let other = try GitRepository(at: scene.folder.path).head().id.description
        try scene.git("checkout", "--quiet", "main")
        try scene.write(["a", "b"])
        let unknown = try await scene.run(base: "tag:v")
        #expect(unknown.baseCommit == first && unknown.baseIsAncestor == nil, "the run has no commit")
        scene.context.commit = first
        for base in ["tag:v", "git:main", "git:HEAD:api.json", "git:v1.0.0"] {
            let output = try await scene.run(base: base)
            #expect(output.baseCommit == first && output.baseIsAncestor == true, "\(base)")
            // Nothing that is committed could differ.
            #expect(output.baseIsOwnCommit == true, "\(base)")
        }
        for base in ["git:refs/tags/other", "git:\(other)"] {
            let output = try await scene.run(base: base)
            #expect(output.baseCommit == other && output.baseIsAncestor == false, "\(base)")
            #expect(output.baseIsOwnCommit == false, "\(base)")
        }
        // Another file of the same commit may well differ.
        try scene.write(["a"], to: "old.json")
        try scene.release("both")
        let both = try GitRepository(at: scene.folder.path).head().id.description
        scene.context.commit = both
        #expect(try await scene.run(base: "git:HEAD:old.json").baseIsOwnCommit == false)
        #expect(try await scene.run(base: "git:HEAD:./api.json").baseIsOwnCommit == true)
        // A tree is no commit, and a file has none.
        #expect(try await scene.run(base: "git:HEAD^{tree}:api.json").baseCommit == nil)
        #expect(try await scene.run(base: "api.json").baseCommit == nil)
        for base in ["git:main:b.json", "git:nowhere:api.json"] {
            let failure = await #expect(throws: StageFailure.self) { try await scene.run(base: base) }
            #expect(failure?.message.contains(base.contains("main") ? "'main'" : "'nowhere'") == true, "\(base)")
        }
    }

    @Test func aVersionMustBeReadable() async throws {
        let scene = try Scene()
        try scene.write(["a"], version: "spring", to: "old.json")
        try scene.write(["a", "b"])
        let declared = await #expect(throws: StageFailure.self) { try await scene.run(base: "old.json", version: "x") }
        #expect(declared?.code == "diff/version")
        let base = await #expect(throws: StageFailure.self) { try await scene.run(base: "old.json", version: "1.0") }
        #expect(base?.code == "diff/base-version")
    }
}
