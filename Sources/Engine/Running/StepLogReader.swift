import Documents
public import Foundation

/// Reads the log of an attempt from a place on, so that it can be followed while it grows.
public struct StepLogReader: Sendable {
    /// One line.
    public struct Line: Sendable, Hashable {
        public var time: Date
        public var stream: StageMessage.Stream
        public var text: String

        public init(time: Date, stream: StageMessage.Stream, text: String) {
            self.time = time
            self.stream = stream
            self.text = text
        }
    }

    public let path: String
    private var offset = 0

    init(path: String) { self.path = path }

    /// Whether anything was written.
    public var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether a line was to be written, and none could be: the file is made with the first one.
    public var isEmpty: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
    }

    /// The whole lines that came since the last call; a line that is still being written comes later.
    public mutating func next() -> [Line] {
        // A log that is not there yet has no lines yet.
        guard let data = try? RegularFile.contents(of: path, from: offset), let end = data.lastIndex(of: 10) else {
            return []
        }
        let whole = data[...end]
        offset += whole.count
        return String(decoding: whole, as: UTF8.self).split(separator: "\n").compactMap { Self.line($0) }
    }

    private static func line(_ text: Substring) -> Line? {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let time = EventTime.date(String(parts[0])) else { return nil }
        let stream: StageMessage.Stream =
            switch parts[1] {
            case "out": .output
            case "err": .error
            default: .note
            }
        return Line(time: time, stream: stream, text: String(parts[2]))
    }
}
