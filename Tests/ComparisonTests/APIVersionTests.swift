import Testing

@testable import Comparison

@Suite struct APIVersionTests {
    @Test(arguments: ["1", "1.0", "1.2.3", "1.2.3.4", "v1.2", "1.2.3-rc.1", "2024.06.20", " 1.0 "])
    func readsVersionsOfConnectors(text: String) {
        #expect(APIVersion(text) != nil)
    }

    @Test(arguments: ["", "x", "1.", "1.2.3.4.5", "1,0", "v", "-1", "1.a", "preview"])
    func refusesOtherWords(text: String) {
        #expect(APIVersion(text) == nil)
    }

    @Test(
        arguments: [
            ("1.2.3", Bump.major, "2.0.0"), ("1.2.3", .minor, "1.3.0"), ("1.2.3", .patch, "1.2.4"),
            ("1.2.3", .none, "1.2.3"), ("1.0", .minor, "1.1"), ("1.0", .patch, "1.0.1"), ("1", .major, "2"),
            ("v1.9", .minor, "v1.10"), ("1.2.3.4", .minor, "1.3.0.0"), ("1.2.3.4", .patch, "1.2.4.0"),
            ("0.3.1", .major, "0.4.0"), ("0.3.1", .minor, "0.3.2"), ("2.0.0-rc.1", .major, "2.0.0"),
            ("1.1.0-rc.1", .minor, "1.1.0"), ("1.1.0-rc.1", .major, "2.0.0"),
        ])
    func growsByWhatChanged(base: String, bump: Bump, next: String) throws {
        #expect(try #require(APIVersion(base)).next(bump).description == next)
    }

    @Test func ordersByNumbersAndReleasesAfterTheirCandidates() throws {
        let words = [
            "0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0-rc.2", "1.0.0-rc.10", "1.0", "1.0.0.1", "1.2",
            "1.10", "2",
        ]
        let versions = try words.map { try #require(APIVersion($0)) }
        #expect(versions.sorted() == versions)
        #expect(APIVersion("1.0") == APIVersion("v1.0.0.0"))
    }
}
