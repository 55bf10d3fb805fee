import Testing

@testable import Comparison

@Suite struct ChangeCatalogueTests {
    @Test func everyKindIsExplainedInOneSentence() {
        #expect(ChangeCatalogue.all.count > 700)
        for kind in ChangeCatalogue.all {
            #expect(kind.explanation.hasSuffix("."), "\(kind.id)")
            #expect(kind.explanation.first?.isUppercase == true, "\(kind.id): \(kind.explanation)")
            #expect(!kind.explanation.contains("{"), "\(kind.id)")
            #expect(kind.id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(kind.id)")
            #expect(kind.level != .breaking || kind.semver == .major || kind.semver == .none, "\(kind.id)")
            #expect(kind.semver != .major || kind.level == .breaking, "\(kind.id)")
        }
    }

    @Test func everyCellNamesAKnownPlace() {
        let tables = [
            ChangeCatalogue.schemaRows, ChangeCatalogue.lifecycleRows, ChangeCatalogue.wholeRows,
            ChangeCatalogue.connectorRows, ChangeCatalogue.ownRows,
        ]
        for row in tables.joined() {
            #expect(row.kinds.count == row.cells.split(separator: " ").count, "\(row.suffix)")
        }
    }

    @Test func explainsAnID() {
        let kind = ChangeCatalogue.kind("request-property-max-decreased")
        #expect(kind?.level == .breaking)
        #expect(kind?.semver == .major)
        #expect(kind?.explanation == "The largest number that a request property may have is lower.")
        #expect(ChangeCatalogue.kind("nothing") == nil)
    }
}
