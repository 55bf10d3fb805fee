import Documents
import OpenAPI
import Testing

@testable import Comparison

@Suite(.enabled(if: SampleFolder.isPresent, "sample data beside the checkout is missing"))
struct SampleDataTests {
    private func definition(_ path: String) throws -> APIDefinition { try APIDefinition(Document(path: path)) }

    @Test(arguments: SampleFolder.files("power-platform/connectors", ending: "apidefinition.swagger.json"))
    func aConnectorIsTheSameAsItself(path: String) throws {
        let comparison = Comparison(base: try definition(path), revision: try definition(path))
        #expect(comparison.changes.map(\.id) == [])
        #expect(comparison.level == .none)
        #expect(comparison.profile == .connector)
    }

    /// With all whitespace outside of texts dropped no value has the bytes it had before.
    @Test(arguments: SampleFolder.files("power-platform/connectors", ending: "apidefinition.swagger.json").prefix(12))
    func aConnectorIsTheSameInOtherWords(path: String) throws {
        let old = try definition(path)
        let yaml = try APIDefinition(
            Document(text: old.root.value.json(pretty: false), file: "again.yaml", syntax: .yaml))
        #expect(Comparison(base: old, revision: yaml).changes.map(\.id) == [])
    }

    @Test(arguments: SampleFolder.files("power-platform/connector-history", ending: "old.swagger.json"))
    func historyGivesChanges(path: String) throws {
        let newer = path.replacing("old.swagger.json", with: "new.swagger.json")
        let comparison = Comparison(base: try definition(path), revision: try definition(newer))
        // One of the pairs was only formatted anew.
        let isReformatted = path.contains("Team_Forms")
        #expect(comparison.changes.isEmpty == isReformatted)
        #expect((comparison.level > .none) != isReformatted)
        for change in comparison.changes {
            #expect(ChangeCatalogue.kind(change.id) != nil, "\(change.id)")
            #expect(!change.message.isEmpty && !change.message.hasSuffix("."))
            #expect(change.pointer != nil)
        }
        let verdict = Verdict(comparison, baseVersion: "1.0.0")
        let notes = ReleaseNotes(comparison, verdict: verdict).markdown
        #expect(notes.hasPrefix("# "))
        #expect(Set(comparison.changes.map(\.fingerprint)).count == comparison.changes.count)
        // Backwards the pair differs too, and nothing depends on the order of work.
        let backwards = Comparison(base: comparison.revision, revision: comparison.base)
        #expect(backwards.changes.isEmpty == isReformatted)
        let again = Comparison(base: comparison.base, revision: comparison.revision)
        #expect(again.changes.map(\.fingerprint) == comparison.changes.map(\.fingerprint))
    }

    @Test(arguments: SampleFolder.files("power-platform/connectors-malformed", ending: "apidefinition.swagger.json"))
    func aMalformedConnectorIsDiagnosed(path: String) throws {
        // Of this one only the other file, apiProperties.json, is broken.
        guard !path.contains("SigningHub") else { return }
        let rejected = #expect(throws: Rejected.self) { try definition(path) }
        #expect(rejected?.diagnostics.isEmpty == false)
        #expect(rejected?.diagnostics.allSatisfy { $0.location != nil } == true)
    }
}
