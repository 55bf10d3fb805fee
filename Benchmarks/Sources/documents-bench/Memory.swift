import Foundation

/// The memory of this process in MB, as Linux counts it.
enum Memory {
    /// What is resident now.
    static func current() -> Double { entry("VmRSS:") }

    /// The most that was ever resident.
    static func peak() -> Double { entry("VmHWM:") }

    private static func entry(_ name: String) -> Double {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
        for line in status.split(separator: "\n") where line.hasPrefix(name) {
            let digits = line.filter(\.isNumber)
            return (Double(digits) ?? 0) * 1024 / 1_000_000
        }
        return 0
    }
}
