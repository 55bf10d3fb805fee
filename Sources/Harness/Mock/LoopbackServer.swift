import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// An HTTP server on one port that gives every call to one function.
struct LoopbackServer: Sendable {
    var host = "127.0.0.1"
    /// 0 for a free one.
    var port = 0
    /// Gets the call and the server's own address, scheme and port included.
    var answer: @Sendable (_ request: MockRequest, _ origin: String) async throws -> MockAnswer

    static let bodyLimit = 32 * 1024 * 1024

    /// Serves for the time of `body`, which gets the server's address; the port is closed when this returns or throws.
    ///
    /// The server runs in a task of its own and is always asked to shut down: cancelling it would abandon connections
    /// that are accepted and not yet served, which the network library answers by ending the process.
    func serve<Result: Sendable>(_ body: @Sendable (_ origin: String) async throws -> Result) async throws -> Result {
        let (addresses, continuation) = AsyncThrowingStream.makeStream(of: String.self)
        let services = services { continuation.yield($0) }
        let running = Task {
            do {
                try await services.run()
                continuation.finish()
            } catch {
                let isTaken = "\(error)".contains("Address already in use")
                let cause = "port \(port) on \(host) cannot be opened: \(isTaken ? "it is in use" : "\(error)")"
                continuation.finish(throwing: MockServer.Failure(description: cause))
            }
        }
        func stop() async {
            await services.triggerGracefulShutdown()
            await running.value
        }
        do {
            for try await address in addresses {
                let result = try await body(address)
                await stop()
                return result
            }
        } catch {
            await stop()
            throw error
        }
        await stop()
        try Task.checkCancellation()
        throw MockServer.Failure(description: "the server stopped before it was open")
    }

    /// Serves until the task is cancelled; `started` gets the address once the port is open.
    func run(started: @escaping @Sendable (_ origin: String) -> Void) async throws {
        do {
            try await serve { origin in
                started(origin)
                while true { try await Task.sleep(for: .seconds(3600)) }
            }
        } catch is CancellationError {
            return
        }
    }

    private func services(started: @escaping @Sendable (_ origin: String) -> Void) -> ServiceGroup {
        let state = LoopbackState()
        var logger = Logger(label: "almrun.mock")
        logger.logLevel = .critical
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            try await respond(to: request, state.origin)
        }
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), reuseAddress: true),
            onServerRunning: { channel in
                let name = host.contains(":") ? "[\(host)]" : host
                state.open(at: "http://\(name):\(channel.localAddress?.port ?? port)")
                started(state.origin)
            },
            logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        // Calls under way may end; those that take longer are cut.
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        return ServiceGroup(configuration: configuration)
    }

    private func respond(to request: Hummingbird.Request, _ origin: String) async throws -> Hummingbird.Response {
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        let call = MockRequest(
            method: request.method.rawValue, target: request.head.path ?? "/",
            headers: request.headers.map { ($0.name.rawName, $0.value) }, body: Array(body.readableBytesView))
        let answer = try await answer(call, origin)
        var headers = HTTPFields()
        for header in answer.headers {
            if let name = HTTPField.Name(header.name) { headers.append(HTTPField(name: name, value: header.value)) }
        }
        return Hummingbird.Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
