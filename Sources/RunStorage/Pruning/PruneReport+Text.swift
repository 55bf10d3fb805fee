public import Documents
import Engine

extension PruneReport {
    /// What happened, or would, in lines for people.
    public func text(changing: Bool) -> String {
        var lines = kept.map { "kept     \($0.run): \($0.reason)" }
        lines += runs.map { "\(changing ? "removed" : "removes")  \($0)" }
        lines += lost.map { "\(changing ? "lost    " : "loses   ") \($0)" }
        lines += locks.map { "\(changing ? "released" : "releases") \($0)" }
        if youngObjects > 0 {
            let what = youngObjects == 1 ? "1 object" : "\(youngObjects) objects"
            lines.append("kept     \(what) that nothing names, because less than an hour old")
        }
        if let first = unreadable.first {
            let others = unreadable.count > 1 ? " and \(unreadable.count - 1) more" : ""
            lines.append(
                "kept     \(neededObjects) object\(neededObjects == 1 ? "" : "s") that nothing names, because run "
                    + "'\(first)'\(others) cannot be read and may need them: `almrun verify --all` says more")
        }
        let what = [
            "\(runs.count) run\(runs.count == 1 ? "" : "s")", "\(events.count) events", "\(results) results",
            "\(logs.count) logs", "\(objects.count) objects",
        ].joined(separator: ", ")
        lines.append("\(changing ? "removed" : "would remove") \(what): \(Self.size(bytes))")
        if changing, fileAfter != fileBefore {
            lines.append("runs.sqlite went from \(Self.size(fileBefore)) to \(Self.size(fileAfter))")
        }
        if staysLarge {
            lines.append(
                "runs.sqlite keeps its size: a process works on a run, or there is no room to write the file anew; prune "
                    + "again when neither is so")
        }
        return lines.joined(separator: "\n")
    }

    /// Everything, for machines.
    public func value(changing: Bool) throws -> Value {
        let encoder = ValueEncoder()
        return [
            "dryRun": .boolean(!changing), "runs": try encoder.encode(runs), "kept": try encoder.encode(kept),
            "events": try encoder.encode(events), "results": .integer(results), "logs": try encoder.encode(logs),
            "objects": try encoder.encode(objects), "youngObjects": .integer(youngObjects),
            "neededObjects": .integer(neededObjects), "unreadable": try encoder.encode(unreadable),
            "bytes": .integer(bytes),
            "fileBefore": .integer(fileBefore), "fileAfter": .integer(fileAfter),
            "lost": try encoder.encode(lost), "locks": try encoder.encode(locks),
        ]
    }

    /// Such as `340 bytes`, `12 kB`, `3.4 MB`.
    public static func size(_ bytes: Int) -> String {
        if bytes < 1000 { return "\(bytes) bytes" }
        if bytes < 1_000_000 { return "\((bytes + 500) / 1000) kB" }
        let tenths = (bytes + 50_000) / 100_000
        return tenths < 10_000 ? "\(tenths / 10).\(tenths % 10) MB" : "\((tenths + 5000) / 10_000) GB"
    }
}
