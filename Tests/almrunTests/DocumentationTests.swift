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

    private static func pages(_ folder: String) throws -> [String: String] {
        var pages: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            pages[name] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }
        return pages
    }
}
