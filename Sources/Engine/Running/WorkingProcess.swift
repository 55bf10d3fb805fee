import Foundation

/// A process that works on a run or did so, as the run's events name it.
struct WorkingProcess: Sendable, Hashable {
    let host: String
    /// Its number there.
    let number: String

    /// - Parameter text: `host:number`.
    init(_ text: String) {
        let colon = text.lastIndex(of: ":")
        host = colon.map { String(text[..<$0]) } ?? "an unknown host"
        number = colon.map { String(text[text.index(after: $0)...]) } ?? text
    }

    /// Whether it is one of this host.
    var isHere: Bool { host == ProcessInfo.processInfo.hostName }

    /// Whether nothing of this host has its number any more, apart from this process, which knows that it is another one.
    var isGone: Bool {
        guard isHere, let number = pid_t(number), number > 0 else { return false }
        if number == getpid() || (kill(number, 0) != 0 && errno == ESRCH) { return true }
        return ["Z", "X"].contains(Self.state(of: number))
    }

    /// The letter by which Linux says how a process of this host is (`proc(5)`); nil for one that is gone or not shown.
    static func state(of process: pid_t) -> String? {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
        // The name before it may hold anything.
        return line[line.index(after: line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ").first
            .map(String.init)
    }
}
