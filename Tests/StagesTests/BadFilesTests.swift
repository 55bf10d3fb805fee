import Documents
import Engine
import Foundation
import Harness
import Pipelines
import Testing

@testable import Stages

/// What stands at the path of an input may be anything: it is named, and never waited for.
@Suite struct BadFilesTests {
    private static let definition = """
        {"swagger": "2.0", "info": {"title": "Small", "version": "1.0.0"}, "paths": {}}
        """

    /// What is made at a path, and how.
    private static let obstacles: [String: @Sendable (String) throws -> Void] = [
        "a pipe": { guard mkfifo($0, 0o644) == 0 else { throw POSIXError(.EIO) } },
        "a folder": { try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: false) },
        "a link to a device": {
            try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "/dev/zero")
        },
        "a link out": { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "/etc/hostname") },
        "a link to itself": { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "bad.json") },
        "nothing": { _ in },
        "a cut off file": { try Data(#"{"swagger": "#.utf8).write(to: URL(filePath: $0)) },
    ]

    private static let inputs = [
        "lint document", "lint ruleset", "lint baseline", "diff document", "diff base", "test document", "test cases",
    ]

    @Test(arguments: inputs, obstacles.keys.sorted()) func isNamed(_ input: String, _ obstacle: String) async throws {
        let scratch = try StageScratch()
        try scratch.write(Self.definition, to: "good.json")
        try Self.obstacles[obstacle]?("\(scratch.root)/bad.json")
        let context = try scratch.context(
            environment: EnvironmentFile(name: "test", target: .directory(path: "env"), backend: .mock))
        let (good, bad) = ("good.json", "bad.json")
        let error = await #expect(throws: (any Error).self) {
            switch input {
            case "lint document": _ = try await OpenAPILint().run(.init(document: bad), in: context)
            case "lint ruleset": _ = try await OpenAPILint().run(.init(document: good, ruleset: bad), in: context)
            case "lint baseline": _ = try await OpenAPILint().run(.init(document: good, baseline: bad), in: context)
            case "diff document": _ = try await OpenAPIDiff().run(.init(document: bad, base: good), in: context)
            case "diff base": _ = try await OpenAPIDiff().run(.init(document: good, base: bad), in: context)
            case "test document": _ = try await ConnectorTest().run(.init(document: bad), in: context)
            default: _ = try await ConnectorTest().run(.init(document: good, cases: bad), in: context)
            }
        }
        let failure = LocalExecutor.failure(try #require(error))
        #expect(failure.code != "stage/error", "\(failure)")
        let said = ([failure.message] + failure.findings.map { "\($0.file ?? ""): \($0.message)" }).joined(
            separator: "; ")
        #expect(said.contains(bad), "\(failure)")
    }

    /// What lies beside a definition is read with it.
    @Test(arguments: ["apiProperties.json", "script.csx"], ["a pipe", "a folder", "a link to a device"])
    func whatLiesBesideIsNotWaitedFor(_ name: String, _ obstacle: String) async throws {
        let scratch = try StageScratch()
        try scratch.write(Self.definition, to: "connector/good.json")
        try Self.obstacles[obstacle]?("\(scratch.root)/connector/\(name)")
        let input = OpenAPILint.Input(document: "connector/good.json", failOn: .never)
        let output = try await OpenAPILint().run(input, in: try scratch.context())
        #expect(output.rules > 0)
    }

    /// Nothing is hashed that is no file, and what is hashed is never held as a whole.
    @Test(arguments: obstacles.keys.sorted()) func everythingHasADigest(_ obstacle: String) throws {
        let scratch = try StageScratch()
        try Self.obstacles[obstacle]?("\(scratch.root)/bad.json")
        let found = ContentDigest.of(["bad.json"], below: scratch.root)
        #expect(found.all.count == 64)
        #expect(found.files.count == (obstacle == "a cut off file" ? 1 : 0))
    }

    @Test func aLargeFileHasTheDigestOfItsBytes() throws {
        let scratch = try StageScratch()
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: URL(filePath: "\(scratch.root)/large.bin"))
        let found = ContentDigest.of(["large.bin"], below: scratch.root)
        #expect(found.files == ["large.bin": ContentDigest.of(bytes)])
        let kept = try ContentDigest.of("large.bin", in: scratch.root, keeping: true)
        #expect(kept.contents == ["": bytes])
        #expect(try ContentDigest.of("large.bin", in: scratch.root).digest == kept.digest)
    }
}
