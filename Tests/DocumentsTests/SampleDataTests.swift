import Documents
import FoundationEssentials
import TestSupport
import Testing

@Suite(.enabled(if: SampleData.isPresent, "sample data beside the checkout is missing"))
struct SampleDataTests {
    @Test(arguments: [
        ("certified-connectors__Cireson_Service_Manager_Portal/apiDefinition.swagger.json", "trailing-comma", 53, 45),
        ("certified-connectors__CognitiveServicesTextAnalytics/apiDefinition.swagger.json", "trailing-content", 276, 6),
        ("certified-connectors__SigningHub/apiProperties.json", "missing-comma", 24, 13),
        ("independent-publisher-connectors__AccuWeather/apiDefinition.swagger.json", "missing-comma", 9, 7),
        ("independent-publisher-connectors__StabilityAI/apiDefinition.swagger.json", "mismatched-bracket", 16, 3),
        ("independent-publisher-connectors__Yelp/apiDefinition.swagger.json", "invalid-utf8", 866, 118),
    ])
    func `malformed connectors are diagnosed where they are wrong`(file: String, code: String, line: Int, column: Int)
        throws
    {
        let path = SampleData.folder + "/power-platform/connectors-malformed/" + file
        let first = try #require(Document.read(path: path, file: file).diagnostics.first)
        #expect(first.code == "document/\(code)" && first.location?.start == Place(line: line, column: column))
    }

    @Test(arguments: ["connectors", "connector-history", "wire", "deployment-settings"])
    func `every sound file is read and written again`(folder: String) throws {
        let files = SampleData.files(under: "power-platform/\(folder)", suffix: ".json")
        #expect(!files.isEmpty)
        for file in files {
            let document = try Document(path: file)
            let value = document.root.value
            #expect(try Value(json: value.json()) == value, "\(file)")
        }
    }

    @Test func `fix-its put connectors right where there are some`() throws {
        for file in [
            "certified-connectors__SigningHub/apiProperties.json",
            "certified-connectors__Cireson_Service_Manager_Portal/apiDefinition.swagger.json",
        ] {
            let path = SampleData.folder + "/power-platform/connectors-malformed/" + file
            let (_, diagnostics) = Document.read(path: path)
            let source = try #require(diagnostics.first?.location?.source)
            let fixed = FixIt.apply(diagnostics.flatMap(\.fixIts), to: source)
            #expect(throws: Never.self) { try Document(bytes: fixed, file: "fixed.json") }
        }
    }

    @Test func `every YAML of the solutions is read`() throws {
        let files =
            SampleData.files(under: "power-platform/solutions-yaml", suffix: ".yml")
            + SampleData.files(under: "power-platform/solutions-yaml", suffix: ".yaml")
        #expect(!files.isEmpty)
        for file in files { #expect(throws: Never.self, "\(file)") { try Document(path: file) } }
    }
}
