import Documents
import Foundation
import OrderedCollections
import Pipelines

/// Compares the logs of the steps with what the events say that they held.
struct LogCheck {
    private(set) var discrepancies: [Discrepancy] = []
    private(set) var count = 0
    private(set) var bytes = 0

    /// One log, and what it held at one event after the other.
    private struct Vouched {
        var step: StepID
        var attempt: Int
        var path: String
        var states: [(event: Int, log: LogDigest)] = []
    }

    init(_ lines: [LedgerLine], _ logs: StepLogs, run: RunID) {
        var all: OrderedDictionary<String, Vouched> = [:]
        for line in lines {
            for log in line.event.logs {
                let path = logs.path(run: run, step: log.step, attempt: log.attempt)
                all[path, default: Vouched(step: log.step, attempt: log.attempt, path: path)].states
                    .append((line.event.sequence, log))
            }
        }
        for log in all.values { check(log) }
        // Since format 5 the end of an attempt that said something says what its log holds.
        for line in lines where line.format >= 5 {
            guard case .ended(let step, let attempt, _) = line.event.kind, attempt > 0 else { continue }
            let path = logs.path(run: run, step: step, attempt: attempt)
            if all[path] == nil { checkSilent(step, attempt, path, line.event.sequence) }
        }
    }

    /// An attempt that said nothing has no log.
    private mutating func checkSilent(_ step: StepID, _ attempt: Int, _ path: String, _ event: Int) {
        guard let content = try? RegularFile.contents(of: path), !content.isEmpty else { return }
        report(
            "verify/log-added", "has \(content.count) bytes, and the attempt had said nothing",
            Vouched(step: step, attempt: attempt, path: path), event, ["it is \(path)"])
    }

    private mutating func report(_ code: String, _ text: String, _ log: Vouched, _ event: Int, _ notes: [String]) {
        let file = URL(filePath: log.path).lastPathComponent
        discrepancies.append(
            Discrepancy(
                code, "event \(event): the log of '\(log.step)', attempt \(log.attempt), '\(file)', \(text)",
                event: event, notes: notes))
    }

    private mutating func check(_ log: Vouched) {
        guard let last = log.states.max(by: { $0.log.bytes < $1.log.bytes }) else { return }
        func report(_ code: String, _ text: String, _ event: Int, _ notes: [String]) {
            self.report(code, text, log, event, notes)
        }
        let lost = "logs are not written through to the disk: a loss of power can have taken what came last"
        let content: Data
        do throws(RegularFile.Failure) {
            content = try RegularFile.contents(of: log.path)
        } catch .missing {
            return report(
                "verify/log-missing", "is not there", last.event,
                ["it was \(log.path), \(last.log.bytes) bytes", lost])
        } catch {
            return report("verify/log-unreadable", "cannot be read: \(error)", last.event, ["it is \(log.path)"])
        }
        count += 1
        bytes += content.count
        // The first event whose bytes are others than it says tells where the change is.
        for (event, said) in log.states.sorted(by: { $0.log.bytes < $1.log.bytes }) {
            guard said.bytes >= 0, content.count >= said.bytes else {
                return report(
                    "verify/log-shortened", "has \(content.count) of its \(said.bytes) bytes", event,
                    ["it is \(log.path)", lost])
            }
            let found = ObjectStore.digest(of: content.prefix(said.bytes))
            guard found == said.sha256 else {
                return report(
                    "verify/log-changed", "has other content", event,
                    [
                        "it is \(log.path), its first \(said.bytes) bytes",
                        "their digest is \(found), and should be \(said.sha256)",
                    ])
            }
        }
        guard content.count > last.log.bytes else { return }
        report(
            "verify/log-added", "has \(content.count - last.log.bytes) bytes more than when the attempt had ended",
            last.event,
            ["it is \(log.path), and held \(last.log.bytes) bytes"])
    }
}
