import Documents
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// Runs as they were written are sound, and whatever is changed in one is named.
@Suite struct VerificationTests {
    private let policy = ApprovalPolicy(role: "release-manager", signed: .required)

    /// A run with a signed approval, which ended well.
    private func finished() async throws -> StoredRun {
        let bench = Bench(Found().executor)
        let request = RunRequest(
            run: "r1", requester: "eve@contoso.com", people: KnownPeople(committers: ["bob@contoso.com"]),
            commit: "abc")
        _ = try await bench.runner.start(guardedPlan([("approval", .approval(policy))]), request)
        try await bench.decisions.approve("r1", "prod", by: .ann, comment: "read", sign: try TestKey.ann.signing())
        #expect(try await bench.resume().status == .succeeded)
        return try #require(try await bench.store.stored("r1"))
    }

    private func check(_ stored: StoredRun) -> RunVerification { RunVerification(stored, objects: nil) }

    @Test func aRunAsItWasWrittenIsSound() async throws {
        let stored = try await finished()
        let found = check(stored)
        #expect(found.isSound, "\(found.text)")
        #expect(found.counts.events == stored.lines.count)
        #expect(found.counts.decisions == 1)
        #expect(found.counts.signed == 1)
        #expect(found.counts.gates == 1)
        #expect(found.text.hasSuffix("nothing is wrong"))
        #expect(found.value["sound"]?.boolean == true)
        #expect(try await Bench(Found().executor).store.stored("nothing") == nil)
    }

    /// Every byte of a short run, in one of three ways.
    @Test func everyByteCounts() throws {
        let stored = try Self.run([
            .ended("work", attempt: 1, .succeeded(output: ["a": 1, "text": "é\"\n"], object: nil, inputDigest: "d")),
            .finished(.failed),
        ])
        for number in stored.lines.indices {
            for offset in stored.lines[number].bytes.indices {
                var changed = stored
                changed.lines[number].bytes[offset] ^= [0x01, 0x20, 0x80][offset % 3]
                let found = check(changed).discrepancies
                let changes = found.filter { $0.code == "verify/changed" }
                #expect(changes.map(\.event) == [number + 1], "byte \(offset) of event \(number + 1): \(found)")
            }
        }
    }

    /// Every third byte of a run with a signed approval; all of them would take half a minute.
    @Test func aChangedByteAnywhereIsNamed() async throws {
        let stored = try await finished()
        for number in stored.lines.indices {
            let place = stored.lines[number].place
            // The first event holds the plan and is long.
            let stride = stored.lines[number].bytes.count > 1500 ? 17 : 3
            for offset in Swift.stride(from: 0, to: stored.lines[number].bytes.count, by: stride) {
                var changed = stored
                changed.lines[number].bytes[offset] ^= [0x01, 0x20, 0x80][offset / 3 % 3]
                let found = check(changed).discrepancies
                let changes = found.filter { $0.code == "verify/changed" }
                #expect(changes.map(\.event) == [place], "byte \(offset) of event \(place): \(found)")
                #expect(found.first?.event == place)
            }
        }
    }

    @Test func aChangeSaysWhichEventItIsAndWhoSaysSo() async throws {
        var stored = try await finished()
        let number = try #require(
            stored.lines.firstIndex { String(decoding: $0.bytes, as: UTF8.self).contains("\"decided\"") })
        let text = String(decoding: stored.lines[number].bytes, as: UTF8.self)
        stored.lines[number].bytes = Array(text.replacing("\"comment\":\"read\"", with: "\"comment\":\"reat\"").utf8)
        let found = check(stored)
        let place = stored.lines[number].place
        let first = try #require(found.discrepancies.first)
        #expect(first.message.hasPrefix("event \(place) ('decided' of 'prod.approval', "))
        #expect(first.message.hasSuffix("was changed: event \(place + 1) names another hash for it"))
        #expect(found.discrepancies.contains { $0.code == "verify/signature" && $0.event == place })
        #expect(found.value["discrepancies"]?[0]?["event"]?.integer == place)
    }

    @Test func everyMissingEventIsNamed() async throws {
        let stored = try await finished()
        for number in stored.lines.indices {
            var changed = stored
            let removed = changed.lines.remove(at: number)
            let found = check(changed).discrepancies
            #expect(found.first?.code == "verify/missing", "\(found)")
            #expect(found.first?.event == removed.place)
            #expect(!found.contains { $0.code == "verify/changed" }, "\(found)")
        }
        var empty = stored
        empty.lines = []
        #expect(
            check(empty).discrepancies.first?.message.contains("events 1 to \(stored.lines.count) are missing") == true)
    }

    @Test func swappedEventsAreNamed() async throws {
        let stored = try await finished()
        for number in 1..<(stored.lines.count - 1) {
            var changed = stored
            changed.lines[number].bytes = stored.lines[number + 1].bytes
            changed.lines[number + 1].bytes = stored.lines[number].bytes
            let found = check(changed).discrepancies
            #expect(found.map(\.code) == ["verify/misplaced", "verify/misplaced"], "\(found)")
            #expect(found.map(\.event) == [number + 2, number + 1])
        }
    }

    @Test func eventsBeyondTheIndexAreNamed() async throws {
        let stored = try await finished()
        var changed = stored
        var index = try stored.index.get()
        index.events -= 1
        changed.index = .success(index)
        #expect(check(changed).discrepancies.contains { $0.code == "verify/beyond" && $0.event == stored.lines.count })
    }

    @Test func aDamagedIndexIsNamed() async throws {
        let stored = try await finished()
        let index = try stored.index.get()
        func found(_ change: (inout RunSummary) -> Void) -> [Discrepancy] {
            var changed = stored
            var row = index
            change(&row)
            changed.index = .success(row)
            return check(changed).discrepancies
        }
        #expect(found { $0.status = .failed }.map(\.code) == ["verify/index"])
        #expect(found { $0.requester = "somebody" }.first?.message.contains("requester is somebody") == true)
        #expect(found { $0.settled -= 1 }.map(\.code) == ["verify/index"])
        #expect(found { $0.created += 1 }.map(\.code) == ["verify/index"])
        #expect(found { $0.head = String(repeating: "0", count: 64) }.map(\.event) == [stored.lines.count])
        var unreadable = stored
        unreadable.index = .failure(.damaged("no known status"))
        #expect(check(unreadable).discrepancies.map(\.code) == ["verify/index"])
        var other = stored
        other.run = "r2"
        #expect(check(other).discrepancies.contains { $0.code == "verify/other-run" && $0.event == 1 })
    }

    // MARK: A whole new chain

    /// Writes the chain anew after a change, as somebody would who can write to the store.
    private func rewritten(_ stored: StoredRun, _ change: (inout [RunEvent.Kind]) -> Void) throws -> StoredRun {
        let old = try stored.lines.map { try LedgerLine(bytes: $0.bytes).event }
        var kinds = old.map(\.kind)
        change(&kinds)
        var lines: [LedgerLine] = []
        for (number, kind) in kinds.enumerated() {
            lines.append(
                LedgerLine(
                    RunEvent(
                        sequence: number + 1, time: old[min(number, old.count - 1)].time,
                        previous: lines.last?.hash ?? "", kind: kind)))
        }
        return StoredRun(
            run: stored.run, lines: lines.map { StoredRun.Line(place: $0.event.sequence, bytes: $0.bytes) },
            index: .success(try RunState(lines).summary))
    }

    @Test func aNewChainWithTheSameEventsIsTheSame() async throws {
        let stored = try await finished()
        let same = try rewritten(stored) { _ in }
        #expect(same.lines == stored.lines)
        #expect(check(same).isSound)
    }

    @Test func aSignatureStandsForEverythingBeforeIt() async throws {
        let stored = try await finished()
        // Another requester, in a chain that is whole.
        let found = check(
            try rewritten(stored) { kinds in
                guard case .created(var creation) = kinds[0] else { return }
                creation.requester = "somebody@else.example"
                kinds[0] = .created(creation)
            }
        ).discrepancies
        #expect(!found.contains { $0.code == "verify/changed" })
        #expect(found.first?.code == "verify/signature", "\(found)")
        #expect(found.contains { $0.code == "verify/gate" })
    }

    @Test func aDecisionThatIsTakenOutLeavesAGateThatNobodyOpened() async throws {
        let stored = try await finished()
        let found = check(
            try rewritten(stored) { kinds in
                kinds.removeAll { if case .decided = $0 { true } else { false } }
            }
        ).discrepancies
        #expect(found.map(\.code) == ["verify/gate"], "\(found)")
        #expect(found.first?.message.contains("an approval that it asks for is not there") == true)
    }

    @Test func aGateThatIsTakenOutLeavesAStepThatStartedWithoutIt() async throws {
        let stored = try await finished()
        let found = check(
            try rewritten(stored) { kinds in
                kinds.removeAll {
                    switch $0 {
                    case .decided: true
                    case .ended(let step, _, _): step == "prod.approval"
                    default: false
                    }
                }
            }
        ).discrepancies
        #expect(
            found.contains { $0.message.contains("starts 'prod', and its gate 'prod.approval' is not open") },
            "\(found)")
    }

    /// A gate is opened by people, and by nothing that says so.
    @Test func aGateThatIsTakenForOpenIsNamed() async throws {
        let stored = try await finished()
        let gate: StepID = "prod.approval"
        let earlier = ReusedResult(
            run: "r0", step: gate.rawValue, time: Date(timeIntervalSince1970: 0), inputDigest: "d", output: [:])
        let ways: [RunEvent.Kind] = [
            .assumed(gate, done: true, by: "eve@contoso.com", comment: nil), .reused(gate, earlier),
        ]
        for way in ways {
            let found = check(
                try rewritten(stored) { kinds in
                    for number in kinds.indices {
                        if case .ended(gate, _, .succeeded) = kinds[number] { kinds[number] = way }
                    }
                }
            ).discrepancies
            #expect(
                found.contains {
                    $0.code == "verify/gate"
                        && $0.message.hasSuffix("takes gate 'prod.approval' for open, and nobody opened it")
                }, "\(way.name): \(found)")
        }
        // That something was not done opens nothing.
        let closed = check(
            try rewritten(stored) { kinds in
                kinds.append(.assumed(gate, done: false, by: "eve@contoso.com", comment: nil))
            }
        ).discrepancies
        #expect(!closed.contains { $0.message.contains("for open") }, "\(closed)")
    }

    @Test func aSignatureThatIsTakenOutIsMissed() async throws {
        let stored = try await finished()
        let found = check(
            try rewritten(stored) { kinds in
                for number in kinds.indices {
                    guard case .decided(var decision) = kinds[number] else { continue }
                    decision.signature = nil
                    decision.ledger = nil
                    kinds[number] = .decided(decision)
                }
            }
        )
        #expect(found.counts.signed == 0)
        #expect(found.discrepancies.contains { $0.code == "verify/unsigned" }, "\(found.text)")
    }

    // MARK: Objects

    @Test func objectsAreReadAndCompared() throws {
        let folder = try TemporaryFolder()
        let objects = ObjectStore(folder: folder.path("objects"))
        let package = try objects.put(Data("package".utf8))
        let report = try objects.put(Data("report".utf8))
        let output = Value.map(["package": ["digest": .string(package)], "report": .string(report), "x": "y"])
        let large = try objects.put(Data(output.json().utf8))
        let stranger = String(repeating: "a", count: 64)
        let stored = try Self.run([
            .ended("work", attempt: 1, .succeeded(output: .null, object: large, inputDigest: nil)),
            .ended(
                "more", attempt: 1, .succeeded(output: ["content": .string(stranger)], object: nil, inputDigest: nil)),
        ])
        let good = RunVerification(stored, objects: objects)
        #expect(good.isSound, "\(good.text)")
        #expect(good.counts.objects == 3)
        #expect(good.counts.bytes == 13 + output.json().utf8.count)
        for digest in [package, report, large] {
            let path = objects.path(of: digest)
            let whole = try Data(contentsOf: URL(filePath: path))
            for damage in [whole.dropLast(), whole + [0], Data()] {
                try Data(damage).write(to: URL(filePath: path))
                let found = RunVerification(stored, objects: objects).discrepancies
                #expect(found.map(\.code) == ["verify/object-changed"])
                #expect(found.first?.event == 2)
                #expect(found.first?.notes.first == "it is \(path), \(damage.count) bytes")
                #expect(found.first?.notes.last?.hasSuffix("should be \(digest)") == true)
            }
            try FileManager.default.removeItem(atPath: path)
            let found = RunVerification(stored, objects: objects).discrepancies
            #expect(found.map(\.code) == ["verify/object-missing"])
            #expect(found.first?.notes == ["it was \(path)"])
            try whole.write(to: URL(filePath: path))
        }
    }

    /// A stage that says no names its report in a note; whatever else an event names is compared too, where it is an object.
    @Test func whatFailuresAndOtherEventsNameIsCompared() throws {
        let folder = try TemporaryFolder()
        let objects = ObjectStore(folder: folder.path("objects"))
        let (report, other) = (try objects.put(Data("report".utf8)), try objects.put(Data("other".utf8)))
        let failure = StageFailure(
            .rejected, "lint/errors", "2 errors", notes: ["the report is object \(report)", "x"])
        let stored = try Self.run([
            .ended("work", attempt: 1, .failed(failure)),
            .retryScheduled("more", at: Date(timeIntervalSince1970: 9), reason: "(\(other))"),
        ])
        let good = RunVerification(stored, objects: objects)
        #expect(good.isSound && good.counts.objects == 2 && good.compared == [report, other], "\(good.text)")
        for (digest, event) in [(report, 2), (other, 3)] {
            let path = objects.path(of: digest)
            let whole = try Data(contentsOf: URL(filePath: path))
            try Data(whole.dropLast()).write(to: URL(filePath: path))
            let found = RunVerification(stored, objects: objects)
            #expect(found.discrepancies.map(\.code) == ["verify/object-changed"], "\(found.text)")
            #expect(found.discrepancies.map(\.event) == [event])
            try FileManager.default.removeItem(atPath: path)
            // What only looks like a digest need not be there, and a command may have written such a note.
            #expect(RunVerification(stored, objects: objects).isSound)
            try whole.write(to: URL(filePath: path))
        }
    }

    /// A run of two steps, with these events after the first.
    private static func run(_ kinds: [RunEvent.Kind]) throws -> StoredRun {
        let plan = Plan(pipeline: "p", steps: [step("work"), step("more")])
        var lines = [
            LedgerLine(
                RunEvent(
                    sequence: 1, time: Date(timeIntervalSince1970: 0), previous: "",
                    kind: .created(RunCreation(run: "r1", plan: plan, requester: "eve@contoso.com"))))
        ]
        for kind in kinds {
            lines.append(
                LedgerLine(
                    RunEvent(
                        sequence: lines.count + 1, time: Date(timeIntervalSince1970: 1),
                        previous: lines[lines.count - 1].hash, kind: kind)))
        }
        return StoredRun(
            run: "r1", lines: lines.map { StoredRun.Line(place: $0.event.sequence, bytes: $0.bytes) },
            index: .success(try RunState(lines).summary))
    }
}
