import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Makes calls to one backend and measures them; it follows no redirect and never sends credentials elsewhere.
struct HTTPCaller: Sendable {
    let client: HTTPClient
    /// Without a slash at its end.
    let baseURL: String
    let credentials: Credentials
    let timeout: Double

    static let bodyLimit = 32 * 1024 * 1024

    /// The connection has less time than the answer, so that the two can be told apart.
    static func configuration(connectTimeout: Double, timeout: Double) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .milliseconds(Int64(min(connectTimeout, timeout * 0.8) * 1000) + 1)
        configuration.timeout.read = .milliseconds(Int64(timeout * 1000) + 1)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    func call(_ request: OutgoingRequest, anonymously isAnonymous: Bool) async throws -> Answer {
        let isAbsolute = request.target.hasPrefix("http://") || request.target.hasPrefix("https://")
        var address = isAbsolute ? request.target : baseURL + request.target
        if !isAnonymous {
            for item in credentials.query {
                let pair = "\(PercentEncoding.encode(item.name))=\(PercentEncoding.encode(item.value))"
                address += (address.contains("?") ? "&" : "?") + pair
            }
        }
        var outgoing = HTTPClientRequest(url: address)
        outgoing.method = HTTPMethod(rawValue: request.method)
        outgoing.headers.add(name: "User-Agent", value: "almrun")
        for header in request.headers { outgoing.headers.replaceOrAdd(name: header.name, value: header.value) }
        if !isAnonymous {
            for header in credentials.headers { outgoing.headers.replaceOrAdd(name: header.name, value: header.value) }
        }
        if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
        return try await measured(outgoing)
    }

    private func measured(_ request: HTTPClientRequest) async throws -> Answer {
        let clock = ContinuousClock()
        let start = clock.now
        var hasStarted = false
        do {
            let response = try await client.execute(request, timeout: .milliseconds(Int64(timeout * 1000)))
            hasStarted = true
            var body: [UInt8] = []
            for try await part in response.body {
                body.append(contentsOf: part.readableBytesView)
                guard body.count <= Self.bodyLimit else {
                    throw TransportProblem.broken("the answer is larger than \(Self.bodyLimit >> 20) MiB")
                }
                // The client's own limit ends at the first byte of the answer.
                guard clock.now - start <= .seconds(timeout) else { throw TransportProblem.timeout(timeout) }
            }
            let elapsed = (clock.now - start).components
            return Answer(
                status: Int(response.status.code),
                headers: response.headers.map { ($0.name.lowercased(), $0.value) },
                body: body,
                latency: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
        } catch {
            try Task.checkCancellation()
            throw problem(error, hasStarted)
        }
    }

    /// The error in our words: the library's names say nothing to those who read a report.
    private func problem(_ error: any Error, _ hasStarted: Bool) -> TransportProblem {
        if let problem = error as? TransportProblem { return problem }
        let closed = TransportProblem.broken(
            hasStarted
                ? "the connection was closed before the answer was complete"
                : "the connection was closed before an answer")
        if let error = error as? HTTPClientError {
            switch error {
            case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
                return .timeout(timeout)
            case .connectTimeout: return .unreachable("no connection in time")
            case .tlsHandshakeTimeout: return .unreachable("no secure connection in time")
            case .remoteConnectionClosed, .uncleanShutdown: return closed
            default: return .broken("the call cannot be made, or its answer is no HTTP")
            }
        }
        let text = String(describing: error)
        if !hasStarted {
            for (mark, cause) in Self.causes where text.contains(mark) { return .unreachable(cause) }
            if text.contains("NIOConnectionError") { return .unreachable("no connection comes about") }
            if ["handshake", "SSL", "TLS"].contains(where: { text.contains($0) }) {
                return .unreachable("a secure connection cannot be made")
            }
        }
        if let error = error as? HTTPParserError, error != .invalidEOFState { return .broken("the answer is no HTTP") }
        return closed
    }

    /// What the network library's errors mean, by a mark in their text; their types are not told to its users.
    private static let causes = [
        ("Connection refused", "the connection is refused"),
        ("connection refused", "the connection is refused"),
        ("errno: 111", "the connection is refused"),
        ("CERTIFICATE_VERIFY_FAILED", "its certificate is not trusted"),
        ("WRONG_VERSION_NUMBER", "it does not speak TLS"),
        ("UnknownHost", "its name is not known"),
        ("Network is unreachable", "the network is unreachable"),
        ("No route to host", "there is no route to it"),
    ]
}
