import Testing

@testable import Git

@Suite("Versions in tag names")
struct ReleaseVersionTests {
    @Test("versions are ordered by number and pre-release")
    func order() throws {
        let texts = [
            "0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0",
            "1.0.0.1", "1.2.0", "1.10.0", "v2.0",
        ]
        let versions = try texts.map { try #require(ReleaseVersion($0), "\($0)") }
        #expect(versions.shuffled().sorted().map(\.text) == versions.map(\.text))
        #expect(ReleaseVersion("1.2") == ReleaseVersion("v1.2.0.0+build"))
    }

    @Test(
        "what is no version is none",
        arguments: [
            "", "v", "1", "latest", "1.x", "1.2.3.4.5", "1..2", "1.2.0-", "1.2.0-a..b", "-1.2",
            "99999999999999999999.1",
        ])
    func none(text: String) {
        #expect(ReleaseVersion(text) == nil)
    }
}
