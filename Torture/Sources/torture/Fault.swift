import Foundation

/// One thing that goes wrong while a command runs.
struct Fault: Sendable, CustomStringConvertible {
    enum Kind: String, Sendable, CaseIterable {
        case count, before, after, torn, short, enospc, eio, full, bad
    }

    var kind: Kind = .count
    /// Which operation, from 1.
    var at = 0
    /// Killed with SIGKILL after so many seconds.
    var killAfter: Double?
    /// Signals that the process gets, and when.
    var signals: [(after: Double, signal: Int32)] = []
    /// The wall clock is wrong by so many seconds,
    var clock = 0
    /// from this reading on,
    var clockAt = 0
    /// and right again after so many readings, and so on; 0: stays wrong.
    var clockEvery = 0

    static let none = Fault()

    var description: String {
        var parts: [String] = []
        if kind != .count { parts.append("\(kind.rawValue)@\(at)") }
        if let killAfter { parts.append("kill@\(String(format: "%.4f", killAfter))") }
        for (after, signal) in signals {
            parts.append("\(signal == SIGINT ? "int" : "term")@\(String(format: "%.4f", after))")
        }
        if clock != 0 { parts.append("clock\(clock)@\(clockAt)/\(clockEvery)") }
        return parts.isEmpty ? "none" : parts.joined(separator: "+")
    }

    func variables(root: String, report: String) -> [String: String] {
        var variables = [
            "FAULT_ROOT": root, "FAULT_KIND": kind.rawValue, "FAULT_AT": "\(at)", "FAULT_REPORT": report,
        ]
        if clock != 0 {
            variables["FAULT_CLOCK"] = "\(clock)"
            variables["FAULT_CLOCK_AT"] = "\(clockAt)"
            variables["FAULT_CLOCK_EVERY"] = "\(clockEvery)"
        }
        return variables
    }
}

/// What the fault library counted in one process.
struct FaultReport: Sendable {
    var points = 0
    var writes = 0
    var growing = 0
    var fired = 0
    /// The operation that the fault happened to.
    var what = ""

    init() {}

    init(file: String) {
        guard let data = FileManager.default.contents(atPath: file), data.count >= 1024 else { return }
        func number(_ index: Int) -> Int {
            data.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)) }
        }
        points = number(0)
        writes = number(1)
        growing = number(2)
        fired = number(3)
        what = String(decoding: data.dropFirst(32).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// How many there are of the operations that a kind of fault counts.
    func count(_ kind: Fault.Kind) -> Int {
        switch kind {
        case .torn, .short: writes
        case .enospc, .full: growing
        default: points
        }
    }
}
