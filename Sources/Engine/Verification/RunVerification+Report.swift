public import Documents
import OrderedCollections

extension RunVerification {
    /// What was looked at, line by line, and everything that is wrong.
    public var text: String {
        let unsigned = counts.decisions - counts.signed
        let rows: [(String, String, [String])] = [
            ("events", "\(counts.events), each with the hash of the one before", Self.chain),
            (
                "decisions", "\(counts.decisions): \(counts.signed) signed, \(unsigned) not",
                ["verify/signature", "verify/unsigned"]
            ),
            ("gates", "\(counts.gates) opened by people", ["verify/gate"]),
            (
                "run index",
                isIndexCompared ? "compared with the events" : "not compared: the events do not tell a whole run",
                ["verify/index"]
            ),
            ("objects", "\(counts.objects) with \(counts.bytes) bytes, each with its digest", Self.objects),
            ("logs", "\(counts.logs) with \(counts.logBytes) bytes, each as when its attempt ended", Self.logs),
        ]
        var lines = ["run \(run)"]
        for (name, what, codes) in rows {
            let wrong = discrepancies.filter { codes.contains($0.code) }
            let isLeftOut = name == "run index" && !isIndexCompared
            let word = wrong.isEmpty ? isLeftOut ? "-    " : "ok   " : "wrong"
            lines.append("  \(word)  \(name.padded(to: 10)) \(what)")
            for discrepancy in wrong {
                lines.append("           \(safeText(discrepancy.message)) [\(discrepancy.code)]")
                lines += discrepancy.notes.map { "             \(safeText($0))" }
            }
            guard name == "decisions" else { continue }
            for note in notes {
                lines.append("    note   \(safeText(note.message)) [\(note.code)]")
                lines += note.notes.map { "             \(safeText($0))" }
            }
        }
        if let head { lines.append("  head   \(head)") }
        lines.append(
            isSound
                ? notes.isEmpty
                    ? "nothing is wrong"
                    : "nothing was changed; what \(notes.count) signature\(notes.count == 1 ? "" : "s") should prove is not proved"
                : "\(discrepancies.count) thing\(discrepancies.count == 1 ? " is" : "s are") wrong")
        return lines.joined(separator: "\n")
    }

    private static let chain = [
        "verify/changed", "verify/missing", "verify/beyond", "verify/misplaced", "verify/fold", "verify/other-run",
        "verify/unvouched",
    ]
    private static let logs = [
        "verify/log-missing", "verify/log-changed", "verify/log-shortened", "verify/log-added",
        "verify/log-unreadable",
    ]
    private static let objects = ["verify/object-missing", "verify/object-changed", "verify/object-unreadable"]

    /// The same for machines.
    public var value: Value {
        [
            "run": .string(run.rawValue), "sound": .boolean(isSound), "head": head.map { .string($0) } ?? .null,
            "checked": [
                "events": .integer(counts.events), "decisions": .integer(counts.decisions),
                "signed": .integer(counts.signed), "unsigned": .integer(counts.decisions - counts.signed),
                "gates": .integer(counts.gates), "objects": .integer(counts.objects), "bytes": .integer(counts.bytes),
                "logs": .integer(counts.logs), "logBytes": .integer(counts.logBytes),
            ],
            "discrepancies": .list(discrepancies.map(\.value)), "notes": .list(notes.map(\.value)),
        ]
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension Discrepancy {
    /// For machines.
    fileprivate var value: Value {
        var members: Value.Map = ["code": .string(code), "message": .string(message)]
        members["event"] = event.map { .integer($0) }
        members["notes"] = notes.isEmpty ? nil : .list(notes.map { .string($0) })
        return .map(members)
    }
}
