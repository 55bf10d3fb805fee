import Engine
import Synchronization

/// Passes on the lines of a command within limits, and keeps what its result and its failure need.
final class OutputLog: Sendable {
    /// How much is passed on and kept.
    struct Limits: Sendable {
        /// Bytes of one line in the log.
        var line = 16 * 1024
        /// Bytes of all lines together.
        var total = 4 * 1024 * 1024
        /// Bytes of standard output that become the stage's output.
        var kept = 64 * 1024
        /// Lines that a failure shows.
        var tail = 15
    }

    private struct State {
        var passed = 0
        var dropped = 0
        var droppedLines = 0
        var output: [String] = []
        var outputBytes = 0
        var isCut = false
        var tail: [String] = []
        var next = 0
    }

    private let limits: Limits
    private let emit: @Sendable (StageMessage) -> Void
    private let secrets: Secrets
    private let state = Mutex(State())
    private let splitters: Mutex<[LineSplitter]>

    init(limits: Limits, emit: @escaping @Sendable (StageMessage) -> Void, secrets: Secrets) {
        splitters = Mutex(ChildStream.allCases.map { _ in LineSplitter(limit: max(limits.line, limits.kept)) })
        self.limits = limits
        self.emit = emit
        self.secrets = secrets
    }

    /// Takes what the command wrote; no bytes at all mean that the stream has ended.
    func take(_ bytes: UnsafeRawBufferPointer, _ stream: ChildStream) {
        let name: StageMessage.Stream = stream == .output ? .output : .error
        splitters.withLock { splitters in
            if bytes.isEmpty {
                splitters[stream.rawValue].finish { add($0, name) }
            } else {
                splitters[stream.rawValue].add(bytes) { add($0, name) }
            }
        }
    }

    /// Takes one line.
    private func add(_ line: LineSplitter.Line, _ stream: StageMessage.Stream) {
        let isText = String(validating: line.bytes, as: UTF8.self) != nil
        // Secrets go before anything is cut off: what is left of one would not be found.
        let masked = LineSplitter.Line(bytes: secrets.mask(line.bytes), leftOut: line.leftOut)
        let shown = masked.cut(to: limits.line)
        let text = secrets.mask(String(decoding: shown, as: UTF8.self))
        let size = shown.count + 1
        let isPassed = state.withLock { state in
            if stream == .output, !state.isCut {
                let part = masked.prefix(max(0, limits.kept - state.outputBytes - 1))
                state.isCut = part.leftOut > 0 || state.outputBytes >= limits.kept
                if !part.bytes.isEmpty || !state.isCut {
                    state.output.append(secrets.mask(String(decoding: part.bytes, as: UTF8.self)))
                    state.outputBytes += part.bytes.count + 1
                }
            }
            if state.tail.count < limits.tail {
                state.tail.append(text)
            } else {
                state.tail[state.next] = text
                state.next = (state.next + 1) % limits.tail
            }
            guard state.passed + size <= limits.total else {
                state.dropped += size
                state.droppedLines += 1
                return false
            }
            state.passed += size
            return true
        }
        if isPassed { emit(isText ? .line(text, stream) : .bytes(shown, stream)) }
    }

    /// Says something about the command that the command did not say.
    func note(_ line: String) { emit(.line(line, .note)) }

    /// Says what was left out, if anything was.
    func close() {
        let (dropped, lines) = state.withLock { ($0.dropped, $0.droppedLines) }
        guard dropped > 0 else { return }
        note("\(lines) more lines (\(dropped) bytes) were left out: a command may write \(limits.total) bytes")
    }

    /// Standard output as kept, without the last line break, and whether some of it is missing.
    var output: (text: String, isCut: Bool) { state.withLock { ($0.output.joined(separator: "\n"), $0.isCut) } }

    /// The last lines of both streams.
    var tail: [String] { state.withLock { Array($0.tail[$0.next...] + $0.tail[..<$0.next]) } }
}
