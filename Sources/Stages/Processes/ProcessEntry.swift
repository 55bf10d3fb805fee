import Foundation

/// One process of the machine as the process list shows it.
struct ProcessEntry: Sendable, Hashable {
    var process: pid_t
    var name: String
    /// Ended, and nobody has taken its status yet.
    var isEnded: Bool
    var parent: pid_t
    var group: pid_t

    /// Reads `/proc/PROCESS/stat`; nil when the process is gone.
    init?(of process: pid_t) {
        let read = KernelCalls.contents("/proc/\(process)/stat") { bytes -> ProcessEntry? in
            // A name may hold anything; what follows its last parenthesis has a fixed form.
            guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
                let close = bytes.lastIndex(of: UInt8(ascii: ")")),
                open < close, close + 4 < bytes.count
            else { return nil }
            var numbers = NumberScan(bytes[(close + 4)...])
            guard let parent = numbers.next(), let group = numbers.next() else { return nil }
            let state = bytes[close + 2]
            return ProcessEntry(
                process: process, name: String(decoding: bytes[(open + 1)..<close], as: UTF8.self),
                isEnded: state == UInt8(ascii: "Z") || state == UInt8(ascii: "X"), parent: parent, group: group)
        }
        guard let read else { return nil }
        self = read
    }

    private init(process: pid_t, name: String, isEnded: Bool, parent: pid_t, group: pid_t) {
        self.process = process
        self.name = name
        self.isEnded = isEnded
        self.parent = parent
        self.group = group
    }

    /// All processes.
    static func all() -> [ProcessEntry] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var entries: [ProcessEntry] = []
        while let item = readdir(folder) {
            let process = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { strtol($0, nil, 10) }
            }
            // Only the names of processes are numbers.
            guard process > 0, let entry = ProcessEntry(of: pid_t(process)) else { continue }
            entries.append(entry)
        }
        return entries
    }

    /// The children that this process's first thread has: what other processes leave behind comes to it.
    ///
    /// Nil where the system keeps no such list.
    static func adopted() -> [pid_t]? {
        let own = getpid()
        return KernelCalls.contents("/proc/\(own)/task/\(own)/children") { Array(NumberScan($0[...])) }
    }

    /// The value of a variable in the environment that a process was started with.
    static func variable(_ name: String, of process: pid_t) -> String? {
        KernelCalls.contents("/proc/\(process)/environ") { bytes in
            let start = Array("\(name)=".utf8)
            return bytes.split(separator: 0).first { $0.starts(with: start) }
                .map { String(decoding: $0.dropFirst(start.count), as: UTF8.self) }
        }
    }

    /// Decimal numbers with spaces between.
    private struct NumberScan: Sequence, IteratorProtocol {
        private var rest: Slice<UnsafeRawBufferPointer>

        init(_ bytes: Slice<UnsafeRawBufferPointer>) { rest = bytes }

        mutating func next() -> pid_t? {
            var number: pid_t?
            while let byte = rest.first {
                if byte >= 48, byte <= 57 {
                    let (value, isTooMuch) = (number ?? 0).multipliedReportingOverflow(by: 10)
                    guard !isTooMuch else { return nil }
                    number = value &+ pid_t(byte - 48)
                } else if number != nil {
                    return number
                }
                rest = rest.dropFirst()
            }
            return number
        }
    }
}
