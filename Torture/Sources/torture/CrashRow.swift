/// A crash at one operation that changes files; then the run is taken up again.
struct CrashRow: Row {
    let kind: Fault.Kind
    /// How many processes of one trial are killed.
    var crashes = 1

    var name: String { crashes > 1 ? "crash-again" : "crash-\(kind.rawValue)" }

    var meaning: String {
        if crashes > 1 { return "up to \(crashes) crashes in a row, also while it is taken up again" }
        switch kind {
        case .after: return "SIGKILL after a write point"
        case .torn: return "SIGKILL in the middle of a write"
        default: return "SIGKILL before a write point"
        }
    }

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        var points: [String] = []
        for (station, report) in laboratory.reports.enumerated() {
            // What runs side by side comes in another order each time, and may take a few operations more.
            let count = report.count(kind)
            points += (1...max(1, count)).map { "\(station):\($0)" }
        }
        points.shuffle(using: &random)
        if crashes > 1 {
            points = points.prefix(400).map { point in
                point + (1..<crashes).map { _ in ",\(Int.random(in: 1...250, using: &random))" }.joined()
            }
        }
        return points
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split { ":,".contains($0) }.compactMap { Int($0) }
        guard parts.count >= 2, parts[0] < Laboratory.sequence.count else { throw Problem("'\(point)' is no point") }
        let trial = try trial(parts[0])
        let later = parts.dropFirst(2).map { Fault(kind: kind, at: $0) }
        try trial.almrun(Laboratory.sequence[parts[0]], Fault(kind: kind, at: parts[1]))
        try trial.carryOn { attempt in attempt < later.count ? later[attempt] : .none }
        trial.judge()
    }
}
