public import OpenAPI

/// Serves a definition's examples and schemas over HTTP, as a backend would.
public struct MockServer: Sendable {
    /// The mock could not start, or ended before its time.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// The cause, lower case, without a full stop.
        public var description: String
    }

    private let backend: MockBackend
    private let server: LoopbackServer

    /// A mock of the definition; nothing runs yet.
    public init(_ definition: APIDefinition, options: MockOptions = MockOptions()) {
        let backend = MockBackend(definition, options: options)
        let counter = CallCounter()
        self.backend = backend
        self.server = LoopbackServer(host: options.host, port: options.port) { request, origin in
            let answer = backend.answer(request, number: counter.next(), origin: origin)
            if options.latency > 0 { try await Task.sleep(for: .seconds(options.latency)) }
            options.log?(
                MockExchange(
                    method: request.method.uppercased(), path: request.path, action: answer.action,
                    status: answer.status, reason: answer.reason))
            return answer
        }
    }

    /// Serves for the time of `body`, which gets the base address; the port is closed when this returns or throws.
    public static func with<Result: Sendable>(
        _ definition: APIDefinition, options: MockOptions = MockOptions(),
        _ body: @Sendable (_ baseURL: String) async throws -> Result
    ) async throws -> Result {
        let mock = MockServer(definition, options: options)
        return try await mock.server.serve { try await body($0 + mock.backend.basePath) }
    }

    /// Serves until the task is cancelled; `started` gets the base address once the port is open.
    public func run(started: @escaping @Sendable (_ baseURL: String) -> Void) async throws {
        let path = backend.basePath
        try await server.run { started($0 + path) }
    }
}
