import TestSupport
import Testing

/// Runs the tests of a suite on ``WaitingThreads``.
struct WaitsTrait: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await WaitingThreads.run(function)
    }
}

extension Trait where Self == WaitsTrait {
    /// The tests of this suite wait for processes or the network; `BuiltCommand` refuses to work without it.
    static var waits: Self { Self() }
}
