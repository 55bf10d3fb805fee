import Documents
import Engine
import Foundation

/// Runs, a line each.
enum RunList {
    /// - Parameter orphans: Runs that are not finished and that no process works on any more.
    static func text(_ runs: [RunSummary], orphans: Set<RunID>, now: Date) -> String {
        let names = runs.map(\.run.rawValue.count).max() ?? 0
        return runs.map { run in
            let name = run.run.rawValue.padding(toLength: names, withPad: " ", startingAt: 0)
            let status = run.status.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
            let head = "\(name)  \(status)  \(run.settled)/\(run.steps)  \(run.requester)  \(age(run.updated, now))"
            let orphan =
                orphans.contains(run.run) ? ["    its process is gone: `almrun resume \(run.run)` carries on"] : []
            return
                ([head] + orphan
                + run.waits.map { "    \($0.step.isEmpty ? "" : "\($0.step): ")\($0.suspension.message)" })
                .joined(separator: "\n")
        }.joined(separator: "\n")
    }

    static func value(_ run: RunSummary) throws -> Value {
        [
            "id": .string(run.run.rawValue), "pipeline": .string(run.pipeline), "status": .string(run.status.rawValue),
            "requester": .string(run.requester), "created": .string(Timestamp.text(of: run.created)),
            "updated": .string(Timestamp.text(of: run.updated)), "steps": .integer(run.steps),
            "settled": .integer(run.settled),
            "waits": try ValueEncoder().encode(run.waits),
        ]
    }

    private static func age(_ date: Date, _ now: Date) -> String {
        let seconds = Int(max(0, now.timeIntervalSince(date)))
        if seconds < 60 { return "just now" }
        if seconds < 3600 { return "\(seconds / 60) min ago" }
        if seconds < 86_400 { return "\(seconds / 3600) h ago" }
        return "\(seconds / 86_400) d ago"
    }
}
