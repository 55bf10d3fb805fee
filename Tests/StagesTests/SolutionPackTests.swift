import Documents
import Engine
import Foundation
import Pipelines
import Solutions
import TestSupport
import Testing

@testable import Stages

@Suite("solution.pack")
struct SolutionPackTests {
    /// Puts the solution of the example into the scratch repository.
    static func example(in scratch: StageScratch, at path: String = "solution") throws {
        let example = URL(filePath: SampleData.packageRoot).appending(path: "examples/contoso-sales/solution")
        try FileManager.default.copyItem(at: example, to: URL(filePath: scratch.root).appending(path: path))
    }

    @Test("the package is kept under its digest and is the same the second time")
    func pack() async throws {
        let scratch = try StageScratch()
        try Self.example(in: scratch)
        let input = SolutionPack.Input(source: "solution", version: "2.0.1", type: "managed")
        let output = try await SolutionPack().run(input, in: try scratch.context())
        #expect(output.package.solution == "ContosoSales")
        #expect(output.package.version == "2.0.1.0")
        #expect(output.package.managed)
        #expect(output.warnings == 0)
        let bytes = try scratch.context().objects.read(output.package.digest)
        #expect(bytes.count == output.package.size)
        let package = try SolutionPackage(bytes: Array(bytes), file: "x.zip")
        #expect(package.isManaged)
        #expect(package.contentDigest == output.content)
        #expect(try await SolutionPack().run(input, in: try scratch.context()) == output)
        #expect(scratch.lines(.note).first?.hasPrefix("packed ContosoSales 2.0.1.0 managed: ") == true)
        #expect(try scratch.read("solution/Other/Solution.xml").contains("<Version>1.2.0.0</Version>"))
    }

    @Test("without version and type it packs what the source says, unmanaged")
    func defaults() async throws {
        let scratch = try StageScratch()
        try Self.example(in: scratch, at: "product/src")
        let output = try await SolutionPack().run(.init(source: "product"), in: try scratch.context())
        #expect(output.package.version == "1.2.0.0")
        #expect(!output.package.managed)
    }

    @Test("what is wrong is found with its file, and nothing is kept")
    func rejected() async throws {
        let scratch = try StageScratch()
        try Self.example(in: scratch)
        try scratch.write("x", to: "solution/notes.txt")
        do {
            _ = try await SolutionPack().run(.init(source: "solution"), in: try scratch.context())
            Issue.record("packed")
        } catch let rejected as Rejected {
            #expect(rejected.diagnostics.map(\.code) == ["solution/unused-file"])
            #expect(rejected.diagnostics.first?.location?.source.name == "solution/notes.txt")
            #expect(LocalExecutor.failure(rejected).kind == .rejected)
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.root + "/.almrun/objects"))
    }

    @Test(
        "inputs that make no sense are failures",
        arguments: [
            (SolutionPack.Input(source: "solution", version: "next"), "solution/version"),
            (SolutionPack.Input(source: "solution", version: "70000.1.1"), "solution/version"),
            (SolutionPack.Input(source: "solution", version: ""), "solution/version"),
            (SolutionPack.Input(source: "solution", type: "both"), "solution/type"),
            (SolutionPack.Input(source: "../elsewhere"), "path/outside"),
            (SolutionPack.Input(source: "/etc"), "path/absolute"),
        ])
    func inputs(_ input: SolutionPack.Input, _ code: String) async throws {
        let scratch = try StageScratch()
        try Self.example(in: scratch)
        let found = await failure { try await SolutionPack().run(input, in: try scratch.context()) }
        #expect(found?.code == code)
    }

    @Test("warnings are findings of the stage")
    func warnings() async throws {
        let scratch = try StageScratch()
        try Self.example(in: scratch)
        try scratch.write(
            "{\"environmentvariablevalues\": {\"environmentvariablevalue\": {\"value\": \"https://dev\"}}}",
            to: "solution/environmentvariabledefinitions/contoso_SalesApiUrl/environmentvariablevalues.json")
        let output = try await SolutionPack().run(.init(source: "solution"), in: try scratch.context())
        #expect(output.warnings == 1)
        let found = scratch.messages.compactMap { message -> Finding? in
            guard case .finding(let finding) = message else { return nil }
            return finding
        }
        #expect(found.map(\.code) == ["solution/packaged-value"])
    }
}
