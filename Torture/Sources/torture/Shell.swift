import CSystem
import Foundation

/// Programs of the system that prepare and look at things.
enum Shell {
    private static let environment: [String: String] = {
        let date = "2026-01-01T00:00:00Z"
        return ProcessInfo.processInfo.environment.merging([
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date, "LC_ALL": "C",
        ]) { $1 }
    }()

    /// Runs a program that must succeed, and gives what it wrote.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        var ends: [Int32] = [0, 0]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Problem("pipe: \(String(cString: strerror(errno)))") }
        defer { close(ends[0]) }
        let child: Child
        do {
            defer { close(ends[1]) }
            child = try Child(program, arguments, in: "/", environment: environment, output: .descriptor(ends[1]))
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        let end = child.wait()
        let text = String(decoding: bytes, as: UTF8.self)
        guard end == .exited(0) else {
            throw Problem("\(program) \(arguments.joined(separator: " ")): \(end): \(text)")
        }
        return text
    }
}
