import Foundation

/// One question and its answer over the socket of ssh-agent.
enum AgentSocket {
    /// No agent answers with more.
    private static let limit = 256 * 1024

    /// Connects, asks, reads the whole answer, and closes.
    static func exchange(
        _ request: [UInt8], over path: String, within patience: Duration
    ) throws(SignatureError) -> [UInt8] {
        let deadline = ContinuousClock.now + patience
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw unreachable(path, errno) }
        defer { close(descriptor) }
        try connect(descriptor, to: path, within: patience)
        var message = WireWriter()
        message.bytes(request)
        try send(message.written, on: descriptor, path)
        let length = try receive(4, on: descriptor, by: deadline)
        let count = length.reduce(0) { $0 << 8 | Int($1) }
        guard count > 0, count <= limit else {
            throw SignatureError("signature/agent", "ssh-agent announced an answer of \(count) bytes; that is no agent")
        }
        return try receive(count, on: descriptor, by: deadline)
    }

    private static func connect(_ descriptor: Int32, to path: String, within patience: Duration) throws(SignatureError)
    {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
            throw SignatureError(
                "signature/no-agent", "the path of ssh-agent's socket is too long: '\(path.printable)'")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // Bounds connecting and sending, which an agent that hangs would hold up.
        var limit = timeval()
        limit.tv_sec = Int(patience.components.seconds)
        limit.tv_usec = Int(patience.components.attoseconds / 1_000_000_000_000)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.connect(descriptor, $0, size) }
        }
        guard result == 0 else { throw unreachable(path, errno) }
    }

    private static func send(_ bytes: [UInt8], on descriptor: Int32, _ path: String) throws(SignatureError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unreachable(path, errno) }
            rest = rest.dropFirst(count)
        }
    }

    private static func receive(
        _ count: Int, on descriptor: Int32, by deadline: ContinuousClock.Instant
    ) throws(SignatureError) -> [UInt8] {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 4096))
        while received.count < count {
            let left = (deadline - .now).components
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { throw slow() }
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wait, 1, Int32(clamping: milliseconds))
            if ready < 0, errno == EINTR { continue }
            guard ready != 0 else { throw slow() }
            let got = read(descriptor, &buffer, min(buffer.count, count - received.count))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else {
                throw SignatureError("signature/agent", "ssh-agent closed the connection without an answer")
            }
            received += buffer.prefix(got)
        }
        return received
    }

    private static func slow() -> SignatureError {
        SignatureError("signature/agent-timeout", "ssh-agent did not answer in time")
    }

    private static func unreachable(_ path: String, _ number: Int32) -> SignatureError {
        SignatureError(
            "signature/no-agent",
            "ssh-agent cannot be reached at '\(path.printable)': \(String(cString: strerror(number)))")
    }
}
