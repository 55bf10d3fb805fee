import Engine
import Foundation
import GRDB
import TestSupport
import Testing

@testable import RunStorage

/// Reads of a process whose write waits for that of another one.
@Suite struct ReadsBehindWritesTests {
    /// They leave the threads to others: to the one that ends the wait, here.
    @Test func takeNoThreads() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.path("runs.sqlite"), configuration: configuration)
        let lock = Lock(name: "environment prod", run: "r0", step: "x", fence: 1, since: .distantPast, expires: nil)
        // A machine that stands still may make the write give up once.
        for round in 1...3 {
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            let outcome = await withTaskGroup(of: Bool?.self) { group in
                group.addTask {
                    do {
                        try await store.release(lock)
                        return true
                    } catch {
                        return false
                    }
                }
                while !store.isWriting { await Task.yield() }
                for _ in 0..<64 {
                    group.addTask {
                        // What it brings is the same either way.
                        _ = try? await store.locks()
                        return nil
                    }
                }
                group.addTask {
                    // Without it the write gives up, which is seen.
                    try? await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
                    return nil
                }
                var outcome = false
                for await result in group { if let result { outcome = result } }
                return outcome
            }
            if outcome { return }
            #expect(round < 3, "the write waited until it gave up, as no thread was left to end the other one's")
        }
    }
}
