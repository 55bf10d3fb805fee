import AsyncHTTPClient
import Documents
import Foundation
public import OpenAPI

/// Runs written and generated cases against a backend and judges every answer.
public struct HarnessRun: Sendable {
    /// How far a run is.
    public struct Progress: Sendable {
        /// Cases done.
        public var done: Int
        /// Cases in all.
        public var total: Int
        /// The case that ended last.
        public var last: CaseResult
    }

    /// What is tested.
    public let definition: APIDefinition
    /// The written cases.
    public let cases: [TestCase]
    /// What is talked to.
    public let backend: HarnessBackend
    /// How it is talked to.
    public let options: HarnessOptions

    /// A run of the cases, and of those that ``HarnessOptions/generate`` adds.
    public init(
        _ definition: APIDefinition, cases: [TestCase] = [], backend: HarnessBackend,
        options: HarnessOptions = HarnessOptions()
    ) {
        self.definition = definition
        self.cases = cases
        self.backend = backend
        self.options = options
    }

    /// Runs everything. Throws ``BackendUnreachable`` where no connection comes about, and `CancellationError` when cancelled.
    public func run(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws -> HarnessReport {
        switch backend {
        case .url(let address): return try await run(at: address, credentials: options.credentials, progress)
        case .mock(let mock):
            let given = options.credentials
            let credentials = given.isEmpty ? Credentials.placeholders(for: definition) : given
            return try await MockServer.with(definition, options: mock) { address in
                try await run(at: address, credentials: credentials, progress)
            }
        }
    }

    private func run(
        at address: String, credentials: Credentials, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws -> HarnessReport {
        let base: String
        do throws(BackendAddress.Problem) {
            base = try BackendAddress(address).text
        } catch {
            throw BackendUnreachable(
                address: credentials.mask(address), cause: credentials.mask(error.message), isAddressWrong: true)
        }
        let started = Date()
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPCaller.configuration(
                connectTimeout: options.connectTimeout, timeout: options.timeout))
        let caller = HTTPCaller(client: client, baseURL: base, credentials: credentials, timeout: options.timeout)
        let generated = CaseGenerator(definition).cases(options.generate, besides: cases)
        let outcome: [CaseRecord]
        do {
            outcome = try await runAll(cases + generated.cases, caller, progress)
        } catch {
            try? await client.shutdown()  // the error that ended the run says more than one at closing
            throw error
        }
        try? await client.shutdown()  // all answers are in; an error at closing changes none of them
        var skipped = generated.skipped
        let seen = Set(cases.filter { $0.skipReason == nil }.map(\.action))
        skipped.removeAll { seen.contains($0.action) }
        return ReportMaker(
            definition: definition, backend: reportedBackend(base, credentials), options: options, started: started,
            hasCredentials: !credentials.isEmpty, mask: credentials.mask
        ).report(outcome, skipped)
    }

    private func reportedBackend(_ base: String, _ credentials: Credentials) -> String {
        if case .mock = backend { return "mock" }
        return credentials.mask(base)
    }

    private func runAll(
        _ all: [TestCase], _ caller: HTTPCaller, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws -> [CaseRecord] {
        let runner = CaseRunner(definition: definition, caller: caller, options: options)
        var records: [CaseRecord?] = Array(repeating: nil, count: all.count)
        var watch = ReachWatch(address: caller.credentials.mask(caller.baseURL))
        var done = 0
        for wave in waves(all) {
            try await withThrowingTaskGroup(of: (Int, CaseRecord).self) { group in
                var rest = wave[...]
                func add() {
                    guard let index = rest.popFirst() else { return }
                    group.addTask { (index, try await runner.run(all[index])) }
                }
                for _ in 0..<max(1, options.concurrency) { add() }
                while let (index, record) = try await group.next() {
                    records[index] = record
                    done += 1
                    progress(Progress(done: done, total: all.count, last: record.result))
                    try watch.note(record)
                    add()
                }
            }
        }
        return records.compactMap { $0 }
    }

    /// The cases in two waves: what was generated to delete something comes after everything that may want to read it.
    private func waves(_ all: [TestCase]) -> [[Int]] {
        let actions = ActionTable(definition)
        let isLast = all.map { $0.origin == .generated && actions[$0.action]?.operation.method == "delete" }
        return [all.indices.filter { !isLast[$0] }, all.indices.filter { isLast[$0] }]
    }
}
