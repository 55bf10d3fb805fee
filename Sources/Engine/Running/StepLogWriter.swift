import Crypto
import Documents
public import Foundation
import Pipelines
import Synchronization

/// Writes the lines of one attempt to its file; what cannot be written is counted, and the work goes on.
///
/// What is written is digested on the way, so that the event that ends the attempt can vouch for it.
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
        /// The system's number for why the file cannot be opened.
        var obstacle: Int32?
        /// Of all that the file holds, as far as that is known; nil when it is not.
        var hash: SHA256?
        /// How many bytes that are.
        var size = 0
        var digest: LogDigest?
        var loss: Loss?
        /// Of the lines that were lost, those of which the log does not tell yet.
        var untold = 0
        var last = Date(timeIntervalSince1970: 0)
    }

    private let path: String
    private let step: StepID
    private let attempt: Int
    private let limit: Int
    private let state = Mutex(State())

    init(path: String, step: StepID, attempt: Int, limit: Int) {
        self.path = path
        self.step = step
        self.attempt = attempt
        self.limit = limit
    }

    deinit { close() }

    /// What could not be written so far; nil when nothing was lost.
    public var loss: Loss? { state.withLock(\.loss) }

    /// What the file held when it was closed; nil when that is nothing.
    var digest: LogDigest? { state.withLock(\.digest) }

    /// Adds a line, or several when there are line feeds in it.
    public func write(_ text: String, _ stream: StageMessage.Stream, at time: Date) {
        write(Array(text.utf8), stream, at: time)
    }

    /// The same of bytes that may be no text.
    public func write(_ text: [UInt8], _ stream: StageMessage.Stream, at time: Date) {
        let mark =
            switch stream {
            case .output: "out"
            case .error: "err"
            case .note: "---"
            }
        let head = "\(EventTime.text(time)) \(mark) "
        var bytes: [UInt8] = []
        let lines = text.split(separator: 10, omittingEmptySubsequences: false)
        for line in lines {
            bytes += head.utf8
            bytes += line
            bytes.append(10)
        }
        state.withLock { state in
            guard !state.isClosed else { return }
            state.last = time
            if let error = open(&state) { return Self.lose(lines.count, error, &state) }
            if state.untold > 0, !tell(&state) { return Self.lose(lines.count, errno, &state) }
            if state.written + bytes.count > limit {
                bytes = Array("\(head)the log ends here: it has reached \(limit) bytes\n".utf8)
                state.isClosed = true
            }
            guard put(bytes, &state) else { return Self.lose(lines.count, errno, &state) }
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
                state.digest = digest(of: state)
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
        guard put(Array(text.utf8), &state) else { return false }
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
        var hash = SHA256()
        hash.update(data: whole[..<end])
        state.hash = hash
        state.size = end
        state.loss?.lines += lines
        state.untold += lines
    }

    /// Opens the file, unless it is open; gives the system's number for why it cannot be.
    private func open(_ state: inout State) -> Int32? {
        if state.descriptor >= 0 { return nil }
        if let obstacle = state.obstacle { return obstacle }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        // A folder that cannot be made is a file that cannot be opened.
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Without O_NONBLOCK a pipe that nobody reads would be waited for.
        state.descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard state.descriptor >= 0 else {
            state.obstacle = errno
            return errno
        }
        state.hash = SHA256()
        // An attempt with this number may have been cut off before the ledger knew of it.
        if size(state.descriptor) ?? 0 > 0, let before = try? RegularFile.contents(of: path) {
            state.hash?.update(data: before)
            state.size = before.count
        }
        return nil
    }

    /// What the file holds, all of which is digested by now, unless somebody else wrote to it as well.
    private func digest(of state: State) -> LogDigest? {
        // What is no regular file keeps nothing.
        guard let size = self.size(state.descriptor), size > 0 else { return nil }
        guard size == state.size, let hash = state.hash else {
            guard let content = try? RegularFile.contents(of: path) else { return nil }
            return LogDigest(
                step: step, attempt: attempt, bytes: content.count, sha256: ObjectStore.digest(of: content))
        }
        return LogDigest(step: step, attempt: attempt, bytes: size, sha256: hexadecimal(hash.finalize()))
    }

    /// The bytes of a regular file; nil for anything else.
    private func size(_ descriptor: Int32) -> Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// All or nothing: of what can be written only in part, nothing stays.
    private func put(_ bytes: [UInt8], _ state: inout State) -> Bool {
        let descriptor = state.descriptor
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
        state.hash?.update(data: bytes)
        state.size += bytes.count
        return true
    }
}
