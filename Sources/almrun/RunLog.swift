import Documents
import Engine
import Pipelines

/// The logs of a run's steps, read on from where the last look ended.
struct RunLog {
    /// One line with the step that said it.
    struct Line {
        var step: StepID
        var line: StepLogReader.Line

        func text(withStep: Bool) -> String { withStep ? "\(step) | \(safeText(line.text))" : safeText(line.text) }

        var json: String {
            let value: Value = [
                "step": .string(step.rawValue), "time": .string(Timestamp.text(of: line.time)),
                "stream": .string(line.stream.rawValue), "text": .string(line.text),
            ]
            return value.json()
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
