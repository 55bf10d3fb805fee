import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines

/// The logs of a run's steps, read on from where the last look ended.
struct RunLog {
    /// One line with the step that said it.
    struct Line {
        var step: StepID
        var line: StepLogReader.Line

        func text(withStep: Bool) -> String { withStep ? "\(step) | \(safeText(line.text))" : safeText(line.text) }

        var json: String {
            var members: Value.Map = [
                "step": .string(step.rawValue), "time": .string(Timestamp.text(of: line.time)),
                "stream": .string(line.stream.rawValue), "text": .string(line.text),
            ]
            members["base64"] = line.bytes.map { .string(Data($0).base64EncodedString()) }
            return Value.map(members).json()
        }
    }

    private struct Key: Hashable {
        var step: StepID
        var attempt: Int
    }

    private let logs: StepLogs
    private let only: StepID?
    private var readers: [Key: StepLogReader] = [:]

    init(logs: StepLogs, only: StepID?) {
        self.logs = logs
        self.only = only
    }

    /// What is known to have been said, though there is no line of it, as lines for a person.
    ///
    /// - Parameter held: What the ledger says that the logs held.
    func gaps(_ state: RunState, held: [LogDigest]) -> [String] {
        var empty: [String] = []
        var gone: [String] = []
        let lost = lost(of: held, state.run)
        let named = Set(lost.map(\.step))
        for (step, current) in zip(state.plan.steps, state.steps)
        where (only == nil || step.id == only) && !named.contains(step.id) {
            let found = (0...max(0, current.attempts)).map { logs.reader(run: state.run, step: step.id, attempt: $0) }
            if found.contains(where: \.isEmpty) {
                empty.append("'\(step.id)'")
            } else if current.hasSpoken, !found.contains(where: \.exists) {
                gone.append("'\(step.id)'")
            }
        }
        func text(_ steps: [String]) -> String {
            steps.prefix(5).joined(separator: ", ") + (steps.count > 5 ? " and \(steps.count - 5) more" : "")
        }
        var lines: [String] = []
        if !empty.isEmpty {
            lines.append("\(text(empty)) said something, and nothing of it could be written: was the disk full?")
        }
        if !gone.isEmpty {
            lines.append("\(text(gone)) said something, and no log of it is in \(logs.folder(of: state.run))")
        }
        lines += lost.prefix(5).map(\.text)
        if lost.count > 5 { lines.append("and of \(lost.count - 5) more logs") }
        if !lost.isEmpty { lines.append("`almrun verify \(state.run)` says more") }
        return lines
    }

    /// The logs of which less is there than the ledger has.
    private func lost(of held: [LogDigest], _ run: RunID) -> [(step: StepID, text: String)] {
        var most: OrderedDictionary<Key, Int> = [:]
        for log in held where only == nil || log.step == only {
            let key = Key(step: log.step, attempt: log.attempt)
            most[key] = max(most[key] ?? 0, log.bytes)
        }
        return most.compactMap { key, bytes in
            let path = logs.path(run: run, step: key.step, attempt: key.attempt)
            let isThere = FileManager.default.fileExists(atPath: path)
            // What is there and cannot be read is no lost one.
            guard let size = isThere ? (try? RegularFile.contents(of: path).count) : 0, size < bytes else { return nil }
            let left = isThere ? "has \(size) bytes" : "is gone"
            return (
                key.step,
                "the log of '\(key.step)', attempt \(key.attempt), \(left); the ledger knows of \(bytes) bytes: \(path)"
            )
        }
    }

    /// What came since the last look, step by step in the order of the plan.
    mutating func next(_ state: RunState) -> [Line] {
        var lines: [Line] = []
        for (step, current) in zip(state.plan.steps, state.steps) where only == nil || step.id == only {
            for attempt in 0...max(0, current.attempts) {
                let key = Key(step: step.id, attempt: attempt)
                var reader = readers[key] ?? logs.reader(run: state.run, step: step.id, attempt: attempt)
                lines += reader.next().map { Line(step: step.id, line: $0) }
                readers[key] = reader
            }
        }
        return lines
    }
}

extension StepState {
    /// Whether the ledger has something that a command of the step said.
    fileprivate var hasSpoken: Bool {
        // What an earlier result gave was said in another run.
        guard attempts > 0, status != .reused else { return false }
        if failure?.code == "shell/exit-status", failure?.notes.isEmpty == false { return true }
        return output?["truncated"] != nil && output?["output"]?.string?.isEmpty == false
    }
}
