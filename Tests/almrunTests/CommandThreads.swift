import Foundation
import Testing

/// Threads for tests that wait for processes.
///
/// A test that waits for the built command holds its thread. Swift's shared pool has as many threads as there are cores, and every
/// other test would stand still meanwhile; so these tests run on threads of their own.
final class CommandThreads: TaskExecutor {
    static let shared = CommandThreads()
    @TaskLocal static var isUsed = false

    private let queue: OperationQueue

    private init() {
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = 2 * ProcessInfo.processInfo.activeProcessorCount
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.addOperation { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Runs the tests of a suite on `CommandThreads`.
struct RunsCommandsTrait: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await CommandThreads.$isUsed.withValue(true) {
            try await withTaskExecutorPreference(CommandThreads.shared) { try await function() }
        }
    }
}

extension Trait where Self == RunsCommandsTrait {
    /// The tests of this suite start the built command; `BuiltCommand` refuses to work without it.
    static var runsCommands: Self { Self() }
}
