import Foundation

/// Two runs that promote into the same environments at once: one at a time, and both end legally.
struct RivalRunsRow: Row {
    let name = "rival-runs"
    let meaning = "two runs promote into the same environments at once"

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        (0..<50).map { _ in
            "\(Bool.random(using: &random) ? "1.2.0" : "1.3.0"):\(Int.random(in: 0..<100_000, using: &random))"
        }
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").map(String.init)
        guard parts.count == 2, let apart = Int(parts[1]) else { throw Problem("'\(point)' is no point") }
        let trial = try trial(0)
        let results = try trial.together([.race(version: "1.2.0"), .race(version: parts[0])], apart: [apart])
        for result in results {
            guard case .exited(let status) = result.end, [0, 1, 75].contains(status) else {
                trial.violate("a run ended with \(result.end): \(Trial.tail(result.errors))")
                continue
            }
        }
        try trial.look()
        let ledger = try Ledger(store: trial.store, copy: "\(trial.folder)/copy")
        for text in Self.overlaps(ledger?.runs ?? [:]) { trial.violate(text) }
        let judge = Judge(trial)
        for environment in Judge.environments {
            var last = ""
            for (number, operation) in judge.operations(environment).enumerated() {
                let at = operation["at"] as? String ?? ""
                if operation["sequence"] as? Int != number + 1 {
                    trial.violate("a gap in the history of \(environment)")
                }
                if at < last { trial.violate("operations in '\(environment)' overlap") }
                last = operation["readBack"] as? String ?? at
            }
        }
        for text in judge.common(runs: 2) { trial.violate(text) }
    }

    /// Leases of one environment that two steps had at the same time, by the ledgers of the runs.
    static func overlaps(_ runs: [String: [String]]) -> [String] {
        var found: [String] = []
        var spans: [String: [(fence: Int, from: String, until: String, step: String)]] = [:]
        for (run, lines) in runs {
            var open: [String: (fence: Int, from: String)] = [:]
            for line in lines {
                guard let lock = Trial.member("lock", of: line), let time = Trial.member("time", of: line),
                    let step = Trial.member("step", of: line)
                else { continue }
                if line.contains("\"kind\":\"lockAcquired\"") {
                    let fence = line.range(of: "\"fence\":").map { line[$0.upperBound...].prefix { $0.isNumber } }
                    open["\(lock) \(step)"] = (fence.flatMap { Int($0) } ?? 0, time)
                } else if line.contains("\"kind\":\"lockReleased\""), let begun = open["\(lock) \(step)"] {
                    open["\(lock) \(step)"] = nil
                    spans[lock, default: []].append((begun.fence, begun.from, time, "\(run) \(step)"))
                }
            }
        }
        for (lock, spans) in spans {
            let sorted = spans.sorted { $0.fence < $1.fence }
            for (one, next) in zip(sorted, sorted.dropFirst()) {
                if one.fence == next.fence { found.append("'\(lock)' was given twice with number \(one.fence)") }
                if next.from < one.until { found.append("\(one.step) and \(next.step) had '\(lock)' at once") }
            }
        }
        return found
    }
}
