import Foundation
import Synchronization

/// A real HTTP endpoint on a loopback port that asks its first caller to come again after some seconds.
final class ThrottlingEndpoint: Sendable {
    let port: UInt16
    private let descriptor: Int32
    private let calls = Mutex<[ContinuousClock.Instant]>([])

    init(retryAfter seconds: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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
                var request = [UInt8](repeating: 0, count: 4096)
                _ = read(caller, &request, request.count)
                let number = self?.calls.withLock { calls in
                    calls.append(.now)
                    return calls.count
                }
                let answer =
                    number == 1
                    ? "HTTP/1.1 429 Too Many Requests\r\nRetry-After: \(seconds)\r\nContent-Length: 0\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                _ = Array(answer.utf8).withUnsafeBytes { write(caller, $0.baseAddress, $0.count) }
                close(caller)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// When each call came.
    var times: [ContinuousClock.Instant] { calls.withLock { $0 } }

    /// Calls a port over HTTP; the seconds of `Retry-After` when it says 429.
    static func call(_ port: UInt16) -> (status: Int, retryAfter: Double?) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return (0, nil) }
        let request = Array("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        _ = request.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { answer += buffer[..<count] }
        let lines = String(decoding: answer, as: UTF8.self).components(separatedBy: "\r\n")
        let header = lines.first { $0.hasPrefix("Retry-After: ") }?.dropFirst(13)
        return (Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0, header.flatMap { Double($0) })
    }
}
