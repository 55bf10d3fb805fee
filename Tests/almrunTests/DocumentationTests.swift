import Foundation
import Testing

/// The generated part of `docs/` is what the built command writes.
@Suite(.waits) struct DocumentationTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    @Test(arguments: ["commands", "stages"]) func pagesAreUpToDate(_ folder: String) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let result = try BuiltCommand.run(["docs", "--write", "docs"], in: work.path)
        #expect(result.status == 0, "\(result.error)")
        let made = try Self.pages("\(work.path)/docs/\(folder)")
        let kept = try Self.pages("\(Self.root)/docs/\(folder)")
        #expect(made.count >= 9)
        #expect(made.keys.sorted() == kept.keys.sorted(), "`make docs` writes them anew")
        for (name, text) in made { #expect(text == kept[name], "docs/\(folder)/\(name): `make docs` writes it anew") }
    }

    /// The keys of a pipeline are those of its schema, and every example on that page is a pipeline.
    @Test func thePageOfKeysIsUpToDateAndItsExamplesAreGood() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        _ = try BuiltCommand.run(["docs", "--write", "docs"], in: work.path)
        let made = try String(contentsOfFile: "\(work.path)/docs/pipelines.md", encoding: .utf8)
        let kept = try String(contentsOfFile: "\(Self.root)/docs/pipelines.md", encoding: .utf8)
        #expect(made == kept, "docs/pipelines.md: `make docs` writes it anew")
        let examples = made.matches(of: /```yaml\n((?:.|\n)*?)```/).map { String($0.1) }
        #expect(examples.count == 5)
        for (number, text) in examples.enumerated() { try work.write(text, "pipelines/p\(number).yaml") }
        let check = try BuiltCommand.run(["check"], in: work.path)
        #expect(check.output == "5 manifests, all good\n", "\(check.output)\(check.error)")
        #expect(check.error == "")
        #expect(made.contains("`run.status`, which is `succeeded`, `failed`, `rejected` or `cancelled`)"))
        for key in ["pending", "attempts", "longest", "on", "timeout", "when", "forEach", "maxParallel", "finally"] {
            #expect(made.contains("\n| `\(key)` | "), "\(key)")
        }
    }

    private static func pages(_ folder: String) throws -> [String: String] {
        var pages: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            pages[name] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }
        return pages
    }
}
