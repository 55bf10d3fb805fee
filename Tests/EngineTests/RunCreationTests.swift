import Documents
import Engine
import Foundation
import Pipelines
import Testing

/// What a run is made with is read as it was written, and says nothing where there is nothing to say.
@Suite struct RunCreationTests {
    private func coded(_ creation: RunCreation) throws -> (text: String, read: RunCreation?) {
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let line = LedgerLine(RunEvent(sequence: 1, time: time, previous: "", kind: .created(creation)))
        let text = String(decoding: line.bytes, as: UTF8.self)
        guard case .created(let read) = try LedgerLine(bytes: line.bytes).event.kind else { return (text, nil) }
        return (text, read)
    }

    @Test func everythingComesBack() throws {
        let creation = RunCreation(
            run: "r1", plan: plan([step("a")]), requester: "eve@contoso.com",
            people: KnownPeople(
                unreadable: ["r0"], committers: ["ann@contoso.com"], committersDoubt: "nobody knows", bases: ["c0"],
                uncommittedBy: ["eve@contoso.com"], everybody: ["ann@contoso.com", "bob@contoso.com"], uncommitted: 2,
                uncommittedDigest: "d1", looseManifests: ["environments/roles.yaml"]), commit: "c1")
        #expect(try coded(creation).read == creation)
        let state = try RunState(
            LedgerLine(RunEvent(sequence: 1, time: Date(), previous: "", kind: .created(creation))))
        #expect(state.people == creation.people)
    }

    @Test func aRunOfAnEarlierVersionSaysNoneOfIt() throws {
        let creation = RunCreation(run: "r1", plan: plan([step("a")]), requester: "eve@contoso.com")
        let (text, read) = try coded(creation)
        #expect(read == creation)
        for word in ["everybody", "committersDoubt", "uncommittedDigest", "uncommittedBy", "unreadable", "subjects"] {
            #expect(!text.contains("\"\(word)\""))
        }
    }
}
