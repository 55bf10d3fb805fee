import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Reporting

/// Runs, a line each.
enum RunList {
    /// - Parameter orphans: Runs that are not finished and that no process works on any more.
    /// - Parameter stopped: Of runs at work, and of those that others wait for, the processes that are stopped or cannot be seen.
    /// - Parameter locks: All that are held, to say who works on what a run waits for.
    /// - Parameter remarks: What the events of runs say that the index does not, of those that were read.
    static func text(
        _ runs: [RunSummary], orphans: Set<RunID>, stopped: [RunID: RunHold.Holder], locks: [HeldLock],
        remarks: [RunID: RunRemarks], now: Date
    ) -> String {
        let names = runs.map(\.run.rawValue.count).max() ?? 0
        return runs.map { run in
            let name = run.run.rawValue.padding(toLength: names, withPad: " ", startingAt: 0)
            let status = run.status.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
            let ended = remarks[run.run]?.done ?? run.settled
            let head =
                "\(name)  \(status)  \(ended)/\(run.steps)  \(safeText(run.requester))  \(age(run.updated, now))"
            let isOrphan = orphans.contains(run.run)
            let held = locks.filter { $0.lock.run == run.run }
            let complaint = remarks[run.run]?.complaint(
                run.status, isAtWork: run.status == .running && !isOrphan, process: held.first?.process,
                locks: held.map(\.lock.name))
            let wayOn = remarks[run.run]?.wayOnWithoutProcess ?? "`almrun resume \(run.run)` takes it up"
            let orphan = isOrphan ? ["its process is gone\(complaint == nil ? ": \(wayOn)" : "")"] : []
            let stop = LockReport.stop(stopped[run.run]).map { [$0] } ?? []
            let more = (remarks[run.run]?.lines ?? []) + [complaint].compactMap(\.self)
            var lines = [head] + (orphan + stop + more).map { "    \($0)" }
            for wait in run.waits + (remarks[run.run]?.moreWaits ?? []) {
                var cause = remarks[run.run]?.gates[wait.step] ?? safeText(wait.suspension.message)
                // The index goes on naming what takes a run up that has lost its group.
                if complaint != nil, let way = cause.range(of: "; `almrun resume \(run.run)`") {
                    cause.removeSubrange(way.lowerBound...)
                }
                lines.append("    \(wait.step.isEmpty ? "" : "\(wait.step): ")\(cause)")
                guard let held = holder(of: wait, locks) else {
                    if let (lock, first) = wait.suspension.lock, !locks.contains(where: { $0.lock.name == lock }),
                        let stop = LockReport.stop(stopped[first], before: first)
                    {
                        lines.append("        \(stop)")
                    }
                    continue
                }
                lines.append("        process: \(LockReport.process(held.process))\(LockReport.advice(held))")
            }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    static func value(
        _ run: RunSummary, orphans: Set<RunID>, stopped: [RunID: RunHold.Holder], locks: [HeldLock],
        remarks: [RunID: RunRemarks]
    ) throws -> Value {
        let waits = try (run.waits + (remarks[run.run]?.moreWaits ?? [])).map { wait in
            guard case .map(var members) = try ValueEncoder().encode(wait) else { return Value.null }
            if let held = holder(of: wait, locks) {
                members["holder"] = LockReport([held], now: Date()).value["locks"]?[0]
            }
            if let text = remarks[run.run]?.decided[wait.step] { members["decided"] = .string(text) }
            if let text = remarks[run.run]?.impasses[wait.step] { members["impasse"] = .string(text) }
            if let end = remarks[run.run]?.expired[wait.step] { members["expired"] = .string(Timestamp.text(of: end)) }
            if let end = remarks[run.run]?.openUntil[wait.step] { members["until"] = .string(Timestamp.text(of: end)) }
            return Value.map(members)
        }
        return [
            "id": .string(run.run.rawValue), "pipeline": .string(run.pipeline), "status": .string(run.status.rawValue),
            "requester": .string(run.requester), "created": .string(Timestamp.text(of: run.created)),
            "updated": .string(Timestamp.text(of: run.updated)), "steps": .integer(run.steps),
            "settled": .integer(run.settled),
            "waits": .list(waits), "fault": remarks[run.run]?.fault.map { .string($0) } ?? .null,
            "groupLoss": remarks[run.run]?.groupLoss.map { .string($0) } ?? .null,
            "reason": remarks[run.run]?.reason.map { .string($0) } ?? .null,
            "bypassed": .list((remarks[run.run]?.bypasses ?? []).map { .string($0) }),
            "bypassesNotInForce": .list((remarks[run.run]?.idleBypasses ?? []).map { .string($0) }),
            "ending": remarks[run.run]?.ending.map { .string($0) } ?? .null,
            "failed": .list((remarks[run.run]?.failed ?? []).map { .string($0) }),
            "inDoubt": .list((remarks[run.run]?.inDoubt ?? []).map { .string($0.rawValue) }),
            "cancelRequest": remarks[run.run]?.cancelRequest.map { request in
                [
                    "by": .string(request.person), "reason": request.reason.map { .string($0) } ?? .null,
                    "at": .string(Timestamp.text(of: request.time)),
                ]
            } ?? .null,
            "processIsGone": .boolean(orphans.contains(run.run)),
            "processIsStopped": .boolean(stopped[run.run]?.isStopped == true),
        ]
    }

    /// The lock that a step waits for, as long as the run has it that the wait is about.
    private static func holder(of wait: RunSummary.Wait, _ locks: [HeldLock]) -> HeldLock? {
        guard let (name, run) = wait.suspension.lock else { return nil }
        return locks.first { $0.lock.name == name && $0.lock.run == run }
    }

    private static func age(_ date: Date, _ now: Date) -> String {
        let seconds = Int(max(0, now.timeIntervalSince(date)))
        if seconds < 60 { return "just now" }
        if seconds < 3600 { return "\(seconds / 60) min ago" }
        if seconds < 86_400 { return "\(seconds / 3600) h ago" }
        return "\(seconds / 86_400) d ago"
    }
}
