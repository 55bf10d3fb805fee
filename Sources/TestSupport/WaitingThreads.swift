import Foundation

/// Threads for tests that wait: for processes, for the network.
///
/// Swift's shared pool has as many threads as there are cores, and all tests begin on it at once. A test that waits for a
/// process there holds all others up; and each step of a conversation waits until all others have had their turn, so that
/// limits of time pass that nobody meant.
public final class WaitingThreads: TaskExecutor {
    private static let shared = WaitingThreads()
    /// Whether the task at hand runs here.
    @TaskLocal public static var areUsed = false

    private let queue: OperationQueue

    private init() {
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = 2 * ProcessInfo.processInfo.activeProcessorCount
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.addOperation { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs what a test does on these threads.
    public static func run(_ body: @Sendable () async throws -> Void) async throws {
        try await $areUsed.withValue(true) {
            try await withTaskExecutorPreference(shared) { try await body() }
        }
    }
}
