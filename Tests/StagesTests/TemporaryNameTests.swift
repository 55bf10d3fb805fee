import Documents
import Testing
import Zip

@Suite struct TemporaryNameTests {
    @Test func theRoomsAgreeOnTheNames() { #expect(WholeFile.temporarySuffix == TemporaryName.suffix) }

    @Test func namesAreKnownAgain() {
        let digest = String(repeating: "ab", count: 32)
        #expect(TemporaryName.template(for: "a/b.json") == "a/b.json.almrun-tmp-XXXXXX")
        #expect(TemporaryName.kind(of: TemporaryName.template(for: "a/b.json")) == .unfinished)
        #expect(TemporaryName.kind(of: TemporaryName.partial(of: "a/b.json")) == .unfinishedInOurFolders)
        for name in ["a/\(digest).Xy12Zw", "settings.json.abcdef", "report.xml.000000"] {
            #expect(TemporaryName.kind(of: name) == .unfinishedInOurFolders, "\(name)")
        }
        let aside = TemporaryName.putAside(by: "a/demo.almrun-tmp-Xy12Zw")
        #expect(TemporaryName.kind(of: aside) == .putAside)
        #expect(TemporaryName.original(of: aside) == "a/demo")
        for name in [
            "", "a", "a.almrun-", ".almrun-tmp-abcdef", "a.almrun-tmp-abcde", "a.almrun-tmp-abc-ef", "b.old", digest,
            "store.almrun-backup",
        ] {
            #expect(TemporaryName.kind(of: name) == nil, "\(name)")
        }
    }
}
