import Documents
import Reporting
import Testing

@Suite struct SARIFReportTests {
    static let finding: Finding = {
        let source = Source(name: "a folder/api.json", bytes: Array("{\n  \"host\": \"x\"\n}".utf8))
        return Finding(
            code: "connector-host", severity: .warning, message: "the host is odd",
            location: Location(source: source, range: 4..<10), pointer: "/host", help: nil)
    }()

    @Test func namesRulePlaceAndFingerprint() throws {
        let report = SARIFReport(
            toolVersion: "1.2.3",
            rules: [
                FindingRule(code: "unused", summary: "Not found here."),
                FindingRule(code: "connector-host", summary: "The host is plain.", help: "Mend it."),
            ])
        let log = report.log([Self.finding])
        let run = try #require(log["runs"]?[0])
        #expect(log["version"]?.string == "2.1.0")
        #expect(run["tool"]?["driver"]?["version"]?.string == "1.2.3")
        #expect(run["tool"]?["driver"]?["rules"]?.list?.count == 1)
        let result = try #require(run["results"]?[0])
        #expect(result["ruleId"]?.string == "connector-host")
        #expect(result["level"]?.string == "warning")
        let place = try #require(result["locations"]?[0]?["physicalLocation"])
        #expect(place["artifactLocation"]?["uri"]?.string == "a%20folder/api.json")
        #expect(place["region"]?["startLine"]?.integer == 2)
        #expect(place["region"]?["startColumn"]?.integer == 3)
        #expect(result["partialFingerprints"]?["almrun/v1"]?.string == Self.finding.fingerprint)
    }

    @Test func nothingFoundIsAnEmptyRun() {
        let log = SARIFReport(toolVersion: "1").log([])
        #expect(log["runs"]?[0]?["results"]?.list?.isEmpty == true)
    }

    @Test func aFindingWithoutFileHasNoLocation() {
        let finding = Finding(
            code: "x", severity: .information, message: "m", location: nil, pointer: nil, help: nil)
        let result = SARIFReport(toolVersion: "1").log([finding])["runs"]?[0]?["results"]?[0]
        #expect(result?["locations"] == nil)
        #expect(result?["level"]?.string == "note")
    }
}
