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

    static func configuration(connectTimeout: Double) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .milliseconds(Int64(connectTimeout * 1000))
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
        do {
            let response = try await client.execute(request, timeout: .milliseconds(Int64(timeout * 1000)))
            let body = try await response.body.collect(upTo: Self.bodyLimit)
            let elapsed = (clock.now - start).components
            return Answer(
                status: Int(response.status.code),
                headers: response.headers.map { ($0.name.lowercased(), $0.value) },
                body: Array(body.readableBytesView),
                latency: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
        } catch {
            try Task.checkCancellation()
            throw problem(error)
        }
    }

    private func problem(_ error: any Error) -> TransportProblem {
        if let error = error as? HTTPClientError {
            if error == .deadlineExceeded || error == .readTimeout { return .timeout(timeout) }
            if error == .connectTimeout { return .unreachable("no connection in time") }
            if error == .remoteConnectionClosed { return .broken("it was closed before the answer was complete") }
            return .broken("\(error)")
        }
        let text = credentials.mask(String(describing: error))
        for (mark, cause) in Self.causes where text.contains(mark) { return .unreachable(cause) }
        let isConnecting = ["NIOConnectionError", "SSL", "TLS"].contains { text.contains($0) }
        return isConnecting ? .unreachable(text) : .broken(text)
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
