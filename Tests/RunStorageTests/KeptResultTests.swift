import Documents
import Engine
import Foundation
import GRDB
import Pipelines
import Synchronization
import TestSupport
import Testing

@testable import RunStorage

/// A result that is kept is used only as the ledger of its run says it.
@Suite struct KeptResultTests {
    private static let plan = Plan(
        pipeline: "p",
        steps: [
            Step(id: "lint", work: .stage("test.work"), effect: .none),
            Step(id: "large \"x\"", work: .stage("test.work"), effect: .none),
            Step(id: "odd", work: .stage("test.work"), effect: .none),
        ])

    private static let outputs: [StepID: Value] = [
        "lint": ["errors": 0, "ratio": 1.5, "text": "a \"quoted\"\n ü/ text", "list": [1, .null, true]],
        "odd": ["a": "b", "attempt": 1, "outcome": "succeeded", "inputDigest": "x", "output": [:]],
    ]

    /// A store in which one run has kept three results, one of them in an object.
    private final class Work: Sendable {
        let folder: TemporaryFolder
        let store: SQLiteRunStore
        let objects: ObjectStore
        let notes = Mutex<[String]>([])

        init() throws {
            folder = try TemporaryFolder()
            store = try SQLiteRunStore(folder: folder.path)
            objects = ObjectStore(folder: folder.path("objects/sha256"))
        }

        /// With the results of a first run.
        static func make() async throws -> Work {
            let work = try Work()
            #expect(try await work.start("r1").order.count == 3)
            return work
        }

        func start(_ run: RunID) async throws -> ScriptedExecutor {
            let executor = ScriptedExecutor(
                digest: { step, _ in "digest of \(step.id)" }, available: { _ in true },
                script: { step, _, _ in
                    .succeeded(outputs[step.id] ?? ["text": .string(String(repeating: "long ", count: 2000))])
                })
            let runner = Runner(
                store: store, objects: objects,
                observe: { [self] in
                    guard case .message(_, _, .line(let text, .note)) = $0 else { return }
                    notes.withLock { $0.append(text) }
                }, executor: { _ in executor })
            let state = try await runner.start(plan, RunRequest(run: run, requester: "a@b.c")).state
            #expect(state.status == .succeeded)
            return executor
        }

        func change(_ sql: String) async throws { try await store.write { try $0.execute(sql: sql) } }

        func examine(repairing: Bool = false) async -> Diagnosis? {
            await StoreExamination(folder: folder.path, objects: objects, person: "a@b.c")
                .examine(repairing: repairing).found.first { $0.check == "reusable results" }
        }
    }

    @Test func whatAgreesIsUsed() async throws {
        let work = try await Work.make()
        #expect(try await work.start("r2").order.isEmpty)
        let audit = try await work.store.auditResults()
        #expect(audit == ResultAudit(count: 3))
        #expect(await work.examine()?.message == "3, each as its event says")
    }

    /// Each member of a row, changed by whoever can write to the file.
    @Test(arguments: [
        ("output = replace(output, '\"errors\":0', '\"errors\":1')", "output"), ("made = made + 60000", "time"),
        ("step = 'odd'", "step"), ("object = '\(String(repeating: "a", count: 64))'", "object"),
        ("run = 'r9'", "its event is of another run or of none"), ("source = source + 1", "event"),
        ("source = NULL", "it names no event"), ("source = 4294967297", "its event is not the good end of an attempt"),
        ("source = source + 1000", "its event is gone"), ("output = 'no json'", "output"),
        ("source = 42", "its event is of another run or of none"),
    ])
    func aChangedRowIsNotUsed(_ change: String, _ why: String) async throws {
        let work = try await Work.make()
        try await work.change("UPDATE result SET \(change) WHERE digest = 'digest of lint'")
        let audit = try await work.store.auditResults()
        #expect(audit.count == 3)
        #expect(audit.wrong.map(\.digest) == ["digest of lint"])
        #expect(audit.wrong.first?.reason.contains(why) == true, "\(audit.wrong)")
        let found = try #require(await work.examine())
        #expect(
            found.verdict == .problem && found.message == "1 of 3 are not as their events say; none of them is used")
        #expect(found.details == audit.wrong.map(\.text))
        let results = try await work.store.results(for: ["digest of lint", "digest of odd"])
        #expect(results.found.keys.sorted() == ["digest of odd"])
        #expect(results.refused.keys.sorted() == ["digest of lint"])
        // The step is carried out again, says why, and what it brings is kept in the place of the row.
        #expect(try await work.start("r2").order == ["lint"])
        let notes = work.notes.withLock { $0 }
        let note = try #require(notes.first)
        #expect(note.hasPrefix("the result that is kept of step '") && note.contains("is not used, because it"))
        #expect(try await work.store.auditResults() == ResultAudit(count: 3))
        #expect(try await work.start("r3").order.isEmpty)
    }

    /// A row that names inputs of which another result was made.
    @Test func aRowUnderOtherInputsIsNotUsed() async throws {
        let work = try await Work.make()
        try await work.change("DELETE FROM result WHERE digest = 'digest of odd'")
        try await work.change("UPDATE result SET digest = 'digest of odd' WHERE digest = 'digest of lint'")
        #expect(Set(try await work.start("r2").order) == ["lint", "odd"])
    }

    @Test func theDoctorForgetsIt() async throws {
        let work = try await Work.make()
        try await work.change("UPDATE result SET made = 1 WHERE digest <> 'digest of odd'")
        #expect(await work.examine(repairing: true)?.verdict == .repaired)
        #expect(try await work.store.auditResults() == ResultAudit(count: 1))
        #expect(await work.examine()?.verdict == .ok)
    }

    @Test func eventsOfEarlierRunsThatWereChangedAreNoReason() async throws {
        let work = try await Work.make()
        try await work.change("UPDATE event SET line = replace(line, '\"errors\":0', '\"errors\":2')")
        #expect(try await work.start("r2").order == ["lint"])
    }
}
