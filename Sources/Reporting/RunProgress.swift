import Documents
public import Engine
public import Pipelines

public import struct Foundation.Date

/// Shows a run while it goes on: lines for what has happened, and on a terminal one live line for each step at work.
public actor RunProgress {
    private var narrator: EventNarrator
    private let style: TextStyle
    private let surroundings: Surroundings
    private let write: @Sendable (String) -> Void
    private let now: @Sendable () -> Date
    private let columns: Int
    private let showsLogs: Bool
    private var running: [(step: StepID, since: Date, doing: String)] = []
    private var liveLines = 0
    private var width: Int

    /// - Parameters:
    ///   - width: How wide the column of steps is.
    ///   - columns: How wide the terminal is.
    ///   - showsLogs: Whether what steps say is shown too.
    ///   - state: The run as it was taken up.
    public init(
        surroundings: Surroundings, color: Bool, width: Int, columns: Int = 80, showsLogs: Bool = false,
        from state: RunState? = nil,
        now: @escaping @Sendable () -> Date, write: @escaping @Sendable (String) -> Void
    ) {
        narrator = EventNarrator(tellsStarts: surroundings != .terminal, from: state)
        style = TextStyle(color: color)
        self.surroundings = surroundings
        self.width = min(44, width)
        self.columns = columns
        self.showsLogs = showsLogs
        self.now = now
        self.write = write
    }

    /// Takes in the next event.
    public func happened(_ event: RunEvent) {
        let line = narrator.line(for: event)
        switch event.kind {
        case .started(let step, _, _, _, _):
            running.removeAll { $0.step == step }
            running.append((step, event.time, narrator.attempt(of: step)))
        case .ended(let step, _, let ending):
            running.removeAll { $0.step == step }
            if case .failed(let failure) = ending, line?.tone == .bad { annotate(failure) }
        case .suspended(let step, _), .lockWaited(let step, _, _, _, _, _), .cancelled(let step):
            running.removeAll { $0.step == step }
        default: break
        }
        if let line { put(text(line)) } else { redraw() }
    }

    /// Takes in what a step says.
    public func said(_ step: StepID, _ message: StageMessage) {
        switch message {
        case .progress(let text, let share):
            guard let index = running.firstIndex(where: { $0.step == step }) else { return }
            let number = narrator.attempt(of: step)
            running[index].doing =
                (number.isEmpty ? "" : "\(number)  ") + (share.map { "\(Int($0 * 100)) % \(text)" } ?? text)
            // Where nothing is live, what has no end in sight is told once: that a step hangs must not be all one sees.
            if surroundings != .terminal, share == nil, !showsLogs {
                put(self.text(EventNarrator.Line(.quiet, "at work", safeText(step.rawValue), safeText(text))))
            }
            redraw()
        case .line(let line, _): show(line, of: step)
        case .bytes(let line, _): show(String(decoding: line, as: UTF8.self), of: step)
        case .finding(let finding):
            if let annotation = Annotations(surroundings).line(finding) { put(annotation) }
        }
    }

    private func show(_ line: String, of step: StepID) {
        if showsLogs { put("    \(style.apply(.quiet, "\(step) |")) \(safeText(line))") }
    }

    /// Draws elapsed times anew; called a few times a second on a terminal.
    public func tick() { redraw() }

    /// Takes the live lines away; nothing is shown after that but what is put.
    public func end() {
        running = []
        erase()
    }

    // MARK: - Drawing

    private func annotate(_ failure: StageFailure) {
        let finding = Finding(
            code: failure.code, severity: .error, message: failure.message, location: nil, pointer: nil, help: nil)
        if failure.findings.isEmpty, let line = Annotations(surroundings).line(finding) { put(line) }
    }

    private func text(_ line: EventNarrator.Line) -> String {
        let word = style.apply(line.tone, line.word.padding(9))
        let subject = line.subject.isEmpty ? "" : line.subject.padding(width) + "  "
        let head = "  \(word) \(subject)\(line.text)"
        return ([head.trimmingTrailingSpaces] + line.details.map { "          | \($0)" }).joined(separator: "\n")
    }

    private func put(_ text: String) {
        erase()
        write(text + "\n")
        draw()
    }

    private func redraw() {
        guard surroundings == .terminal else { return }
        erase()
        draw()
    }

    private func erase() {
        guard liveLines > 0 else { return }
        write("\u{1B}[\(liveLines)F\u{1B}[0J")
        liveLines = 0
    }

    private func draw() {
        guard surroundings == .terminal, !running.isEmpty else { return }
        let time = now()
        var text = ""
        for item in running.prefix(12) {
            let elapsed = DurationText.of(time.timeIntervalSince(item.since))
            let line =
                "  \("runs".padding(9)) \(item.step.rawValue.padding(width))  \(elapsed)  \(safeText(item.doing))"
            text += String(line.prefix(columns - 1)) + "\n"
        }
        liveLines = min(12, running.count)
        write(text)
    }
}

extension String {
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
