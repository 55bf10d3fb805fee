public import Foundation
import Synchronization

/// Writes the lines of one attempt to its file; what cannot be written is counted, and the work goes on.
public final class StepLogWriter: Sendable {
    /// What could not be written.
    public struct Loss: Sendable, Hashable {
        public var lines: Int
        /// The system's words.
        public var reason: String
    }

    private struct State {
        var descriptor: Int32 = -1
        var written = 0
        var isClosed = false
        var cannotOpen = false
        var loss: Loss?
        /// Of the lines that were lost, those of which the log does not tell yet.
        var untold = 0
        var last = Date(timeIntervalSince1970: 0)
    }

    private let path: String
    private let limit: Int
    private let state = Mutex(State())

    init(path: String, limit: Int) {
        self.path = path
        self.limit = limit
    }

    deinit { close() }

    /// What could not be written so far; nil when nothing was lost.
    public var loss: Loss? { state.withLock(\.loss) }

    /// Adds a line, or several when there are line feeds in it.
    public func write(_ text: String, _ stream: StageMessage.Stream, at time: Date) {
        let mark =
            switch stream {
            case .output: "out"
            case .error: "err"
            case .note: "---"
            }
        let head = "\(EventTime.text(time)) \(mark) "
        var bytes: [UInt8] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines {
            bytes += head.utf8
            bytes += line.utf8
            bytes.append(10)
        }
        state.withLock { state in
            guard !state.isClosed else { return }
            state.last = time
            guard open(&state) else { return Self.lose(lines.count, errno, &state) }
            if state.untold > 0, !tell(&state) { return Self.lose(lines.count, errno, &state) }
            if state.written + bytes.count > limit {
                bytes = Array("\(head)the log ends here: it has reached \(limit) bytes\n".utf8)
                state.isClosed = true
            }
            guard put(bytes, state.descriptor) else { return Self.lose(lines.count, errno, &state) }
            state.written += bytes.count
        }
    }

    /// No more lines come.
    public func close() {
        state.withLock { state in
            if state.descriptor >= 0 {
                if state.untold > 0, !tell(&state) {
                    makeRoom(&state)
                    _ = tell(&state)
                }
                Foundation.close(state.descriptor)
            }
            state.descriptor = -1
            state.isClosed = true
        }
    }

    private static func lose(_ lines: Int, _ error: Int32, _ state: inout State) {
        state.loss = Loss(lines: (state.loss?.lines ?? 0) + lines, reason: String(cString: strerror(error)))
        state.untold += lines
    }

    /// Says in the log that lines are missing in this place.
    private func tell(_ state: inout State) -> Bool {
        let lines = state.untold == 1 ? "1 line is" : "\(state.untold) lines are"
        let text = "\(EventTime.text(state.last)) --- \(lines) missing here: \(state.loss?.reason ?? "")\n"
        guard put(Array(text.utf8), state.descriptor) else { return false }
        state.untold = 0
        return true
    }

    /// Gives up some of the last lines, so that the log can say that its end is missing.
    private func makeRoom(_ state: inout State) {
        var status = stat()
        guard fstat(state.descriptor, &status) == 0, status.st_size > 0,
            let whole = FileManager.default.contents(atPath: path)
        else { return }
        var end = whole.count
        var lines = 0
        while end > 0, whole.count - end < 256 {
            end = whole[..<(end - 1)].lastIndex(of: 10).map { $0 + 1 } ?? 0
            lines += 1
        }
        guard ftruncate(state.descriptor, off_t(end)) == 0 else { return }
        state.loss?.lines += lines
        state.untold += lines
    }

    private func open(_ state: inout State) -> Bool {
        if state.descriptor >= 0 { return true }
        guard !state.cannotOpen else { return false }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        // A folder that cannot be made is a file that cannot be opened.
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Without O_NONBLOCK a pipe that nobody reads would be waited for.
        state.descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        if state.descriptor < 0 { state.cannotOpen = true }
        return state.descriptor >= 0
    }

    /// All or nothing: of what can be written only in part, nothing stays.
    private func put(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = count == 0 ? ENOSPC : errno
                var status = stat()
                if rest.count < bytes.count, fstat(descriptor, &status) == 0 {
                    _ = ftruncate(descriptor, status.st_size - off_t(bytes.count - rest.count))
                }
                errno = error
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
