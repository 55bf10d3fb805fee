import Documents
public import Foundation

/// Reads the log of an attempt from a place on, so that it can be followed while it grows.
public struct StepLogReader: Sendable {
    /// One line.
    public struct Line: Sendable, Hashable {
        public var time: Date
        public var stream: StageMessage.Stream
        public var text: String
        /// What was written, where that is no UTF-8; the text has U+FFFD in place of what is none.
        public var bytes: [UInt8]?

        public init(time: Date, stream: StageMessage.Stream, text: String, bytes: [UInt8]? = nil) {
            self.time = time
            self.stream = stream
            self.text = text
            self.bytes = bytes
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
        return [UInt8](whole).split(separator: 10).compactMap { Self.line($0) }
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> Line? {
        let parts = bytes.split(separator: 32, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let time = EventTime.date(String(decoding: parts[0], as: UTF8.self)) else {
            return nil
        }
        let stream: StageMessage.Stream =
            switch String(decoding: parts[1], as: UTF8.self) {
            case "out": .output
            case "err": .error
            default: .note
            }
        guard let text = String(validating: parts[2], as: UTF8.self) else {
            return Line(
                time: time, stream: stream, text: String(decoding: parts[2], as: UTF8.self), bytes: Array(parts[2]))
        }
        return Line(time: time, stream: stream, text: text)
    }
}
