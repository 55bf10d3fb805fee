/// An operation fails; the command says so and ends, and goes on when the disk is mended.
struct DiskRow: Row {
    let kind: Fault.Kind

    var name: String { "disk-\(kind.rawValue)" }

    var meaning: String {
        switch kind {
        case .enospc: "one operation fails: no space left on device"
        case .eio: "one operation fails: input/output error"
        case .full: "the disk is full from an operation on"
        case .bad: "the disk is broken from an operation on"
        default: "a write takes half of the data, as it may"
        }
    }

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        var points: [String] = []
        for (station, report) in laboratory.reports.enumerated() {
            points += (1...max(1, report.count(kind))).map { "\(station):\($0)" }
        }
        points.shuffle(using: &random)
        return points
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2, parts[0] < Laboratory.sequence.count else { throw Problem("'\(point)' is no point") }
        let trial = try trial(parts[0])
        let result = try trial.almrun(Laboratory.sequence[parts[0]], Fault(kind: kind, at: parts[1]))
        trial.expectGraceful(result)
        if kind == .short, result.end != .exited(laboratory.statuses[parts[0]]) {
            trial.violate("a short write changed how the command ends: \(result.end)")
        }
        trial.failuresAllowed = 2
        try trial.carryOn()
        trial.judge()
    }
}

extension Trial {
    /// A command that the disk failed ends by itself, with a status of its own and a message.
    func expectGraceful(_ result: Result) {
        guard case .exited(let status) = result.end else { return }
        switch status {
        // It could do without what failed.
        case 0, 75: break
        // A step failed, or the command could not go on.
        case 1, 3:
            let text = result.errors + result.output
            let says = ["error", "failed", "cannot", "disk"].contains { text.contains($0) }
            if !says { violate("status \(status) without a message: \(Self.tail(text))") }
        default: violate("a failing disk made it end with status \(status): \(Self.tail(result.errors))")
        }
    }
}
