import Foundation
import Synchronization

/// A real HTTP endpoint on a loopback port that gives its answers one after the other, the last one again and again.
public final class ScriptedEndpoint: Sendable {
    /// The port that it listens on.
    public let port: UInt16
    private let descriptor: Int32
    private let calls = Mutex<[ContinuousClock.Instant]>([])

    /// Each answer is a status line and headers, without a body.
    public init(_ answers: [[String]]) throws {
        // Children of this process do not get it.
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let caller = accept(descriptor, nil, nil)
                guard caller >= 0 else { return }
                _ = fcntl(caller, F_SETFD, FD_CLOEXEC)
                var request = [UInt8](repeating: 0, count: 4096)
                _ = read(caller, &request, request.count)
                let number = self?.calls.withLock { calls in
                    calls.append(.now)
                    return calls.count
                }
                let lines = answers[min(number ?? 1, answers.count) - 1] + ["Content-Length: 0", "Connection: close"]
                let answer = "HTTP/1.1 " + lines.joined(separator: "\r\n") + "\r\n\r\n"
                _ = Array(answer.utf8).withUnsafeBytes { send(caller, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                close(caller)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// When each call came.
    public var times: [ContinuousClock.Instant] { calls.withLock { $0 } }
}
