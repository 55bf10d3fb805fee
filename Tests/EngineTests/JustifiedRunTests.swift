import Documents
import Foundation
import OrderedCollections
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// A run is taken up only when what its events say could have come about.
@Suite struct JustifiedRunTests {
    private let policy = ApprovalPolicy(role: "release-manager", signed: .required)

    /// A run that waits at its gate, and an event that opens it though nobody has said anything.
    private func forged() async throws -> Bench {
        let bench = Bench(Found().executor)
        _ = try await bench.start(guardedPlan([("approval", .approval(policy))]))
        var state = try await bench.state
        let line = try state.add(
            .ended(
                "prod.approval", attempt: 0,
                .succeeded(output: ["approvedBy": ["ann@contoso.com"]], object: nil, inputDigest: nil)),
            now: bench.clock.now)
        try await bench.store.append(
            EventBatch(after: state.sequence - 1, lines: [line], summary: state.summary), to: "r1")
        return bench
    }

    @Test func aGateThatNobodyOpenedIsNotPassed() async throws {
        let bench = try await forged()
        do {
            _ = try await bench.resume()
            Issue.record("it was taken up")
        } catch let error as RunStoreError {
            #expect(error.code == "store/damaged")
            #expect(
                error.description.contains("opens 'prod.approval'") && error.description.contains("`almrun verify r1`"),
                "\(error)")
        }
        #expect(try await bench.state["prod"]?.status == .pending)
        #expect(try await RunState.fault(of: "r1", in: bench.store)?.contains("opens 'prod.approval'") == true)
    }

    @Test func whatPeopleOpenedIsTakenUp() async throws {
        let bench = Bench(Found().executor)
        _ = try await bench.start(guardedPlan([("approval", .approval(policy))]))
        try await bench.decisions.approve("r1", "prod", by: .ann, sign: try TestKey.ann.signing())
        #expect(try await RunState.fault(of: "r1", in: bench.store) == nil)
        #expect(try await bench.resume().status == .succeeded)
        #expect(try await RunState.fault(of: "r1", in: bench.store) == nil)
    }

    /// The last event is vouched for by the run index only.
    @Test func aLastEventThatTheIndexDoesNotNameIsNotTakenUp() async throws {
        let bench = Bench(Found().executor)
        let state = try await bench.start(guardedPlan([("approval", .approval(policy))]))
        let lines = try await bench.store.events(of: "r1", after: 0)
        var index = state.summary
        #expect(RunState.fault(lines, index, "r1", nil) == nil)
        #expect(RunState.fault(lines, nil, "r1", nil) == nil)
        #expect(RunState.fault(Array(lines.dropLast()), index, "r1", nil)?.contains("counts") == true)
        index.head = String(repeating: "0", count: 64)
        #expect(RunState.fault(lines, index, "r1", nil)?.contains("another hash") == true)
        // Somebody added to it after the index was looked at.
        index = state.summary
        index.events -= 1
        index.head = lines[lines.count - 2].hash
        #expect(RunState.fault(lines, index, "r1", nil) == nil)
    }

    @Test func runsOfEarlierVersionsAreTakenUp() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/ledger")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "jsonl" }
        #expect(files.count >= 2)
        for file in files {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            let lines = try text.split(separator: "\n").map { try LedgerLine(bytes: Array($0.utf8)) }
            let run = try RunState(lines).run
            #expect(RunState.fault(lines, nil, run, nil) == nil, "\(file.lastPathComponent)")
        }
    }
}
