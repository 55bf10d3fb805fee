import Foundation
import Testing

/// Listens on a socket, and gives each caller the next of its answers; to `nil` it says nothing for a while.
final class StrangeAgent {
    let scratch: Scratch
    let path: String

    init(answers: [[UInt8]?]) throws {
        scratch = try Scratch()
        path = scratch.path("agent")
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
        }
        try #require(bound == 0 && listen(listener, 4) == 0)
        Thread.detachNewThread {
            for answer in answers {
                let caller = accept(listener, nil, nil)
                var question = [UInt8](repeating: 0, count: 4096)
                _ = recv(caller, &question, question.count, 0)
                if let answer {
                    _ = send(caller, answer, answer.count, Int32(MSG_NOSIGNAL))
                } else {
                    usleep(600_000)
                }
                close(caller)
            }
            close(listener)
        }
    }
}
