public import Foundation
import Synchronization

/// Writes the lines of one attempt to its file; what cannot be written is lost, and the work goes on.
public final class StepLogWriter: Sendable {
    private struct State {
        var descriptor: Int32 = -1
        var written = 0
        var isClosed = false
    }

    private let path: String
    private let limit: Int
    private let state = Mutex(State())

    init(path: String, limit: Int) {
        self.path = path
        self.limit = limit
    }

    deinit { close() }

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
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            bytes += head.utf8
            bytes += line.utf8
            bytes.append(10)
        }
        state.withLock { state in
            guard !state.isClosed, open(&state) else { return }
            if state.written + bytes.count > limit {
                bytes = Array("\(head)the log ends here: it has reached \(limit) bytes\n".utf8)
                state.isClosed = true
            }
            state.written += bytes.count
            put(bytes, state.descriptor)
        }
    }

    /// No more lines come.
    public func close() {
        state.withLock { state in
            if state.descriptor >= 0 { Foundation.close(state.descriptor) }
            state.descriptor = -1
            state.isClosed = true
        }
    }

    private func open(_ state: inout State) -> Bool {
        if state.descriptor >= 0 { return true }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        // A folder that cannot be made is a file that cannot be opened.
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Without O_NONBLOCK a pipe that nobody reads would be waited for.
        state.descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        if state.descriptor < 0 { state.isClosed = true }
        return state.descriptor >= 0
    }

    private func put(_ bytes: [UInt8], _ descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}
