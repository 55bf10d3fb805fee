import Foundation
import Testing

/// `almrun explain` knows every code with which a manifest can be refused.
@Suite(.waits) struct ExplainTests {
    /// The codes in the sources of the room that reads manifests.
    private static func codes() throws -> Set<String> {
        let folder = URL(filePath: "\(DocumentationTests.root)/Sources/Pipelines").resolvingSymlinksInPath().path
        let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
        var codes: Set<String> = []
        for name in names where name.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            for match in text.matches(of: /(?:report|unknown)\(\s*"([a-z-]+[a-z])",\s*"/) { codes.insert("\(match.1)") }
            // In references, the part that is not known is named alone.
            for match in text.matches(of: /unknown\(\s*"([a-z]+)",\s*[a-z]/) { codes.insert("unknown-\(match.1)") }
            for match in text.matches(of: /"manifest\/([a-z-]+)"/) { codes.insert("\(match.1)") }
        }
        return codes
    }

    @Test func everyCodeOfAManifestHasAPage() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let list = try BuiltCommand.run(["explain"], in: work.path).output
        let known = Set(list.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
        let codes = try Self.codes()
        #expect(codes.count > 50)
        let missing = codes.filter { !known.contains("manifest/\($0)") }.sorted()
        #expect(missing == [])
    }

    @Test(arguments: [
        (
            "retry",
            [
                "| `attempts` | whole number, at least 1 and at most 1000 | required |",
                "| `on` | `transient`, `any` | `transient` |",
            ]
        ),
        ("maxparallel", ["## maxParallel of a stage", "maxParallel: 2"]), ("concurrency", ["`queue`, `supersede`"]),
        ("key", ["## key of a person"]), ("freezes", ["The days in which none may begin"]),
        ("expires", ["## expires of an approval", "| `expires` | duration |"]),
        ("bypass", ["## bypass", "| `secondPerson` | true or false | `false` |"]),
        ("after", ["## after of an environment"]), ("target", ["map of the kind `directory` or `dataverse`"]),
        ("pending", ["## pending of concurrency", "## pending of an environment"]),
    ])
    func aKeyOfAPipelineIsExplained(_ key: String, _ words: [String]) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let page = try BuiltCommand.run(["explain", key], in: work.path)
        #expect(page.status == 0, "\(page.error)")
        for word in words { #expect(page.output.contains(word), "\(page.output)") }
        let json = try BuiltCommand.run(["explain", key, "--format", "json"], in: work.path)
        #expect(json.output.contains("\"kind\": \"key\""), "\(json.output)")
        let kind = try BuiltCommand.run(["stages", "retry"], in: work.path)
        #expect(kind.error.contains("it is a key: `almrun explain retry`"), "\(kind.error)")
        let typo = try BuiltCommand.run(["explain", "retyr"], in: work.path)
        #expect(typo.error.contains("did you mean 'retry'?"), "\(typo.error)")
    }

    @Test func aPageSaysWhatItMeansAndWhatToDo() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let page = try BuiltCommand.run(["explain", "manifest/zero-duration"], in: work.path)
        #expect(page.status == 0)
        for word in ["In no time", "Example:", "Mend:"] {
            #expect(page.output.lowercased().contains(word.lowercased()), "\(page.output)")
        }
        let typo = try BuiltCommand.run(["explain", "manifest/zero-duratoin"], in: work.path)
        #expect(typo.status == 2)
        #expect(typo.error.contains("did you mean 'manifest/zero-duration'?"))
    }
}
