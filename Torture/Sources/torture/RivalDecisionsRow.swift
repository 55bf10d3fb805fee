/// Decisions that come at the same instant as others, or as the run is taken up.
struct RivalDecisionsRow: Row {
    let name = "rival-decisions"
    let meaning = "two approvals at once, and an approval while the run is resumed"

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        (0..<50).map { number in
            "\(["twice", "resume", "both"][number % 3]):\(Bool.random(using: &random) ? 1 : 3):"
                + "\(Int.random(in: 0..<20_000, using: &random))"
        }
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").map(String.init)
        guard parts.count == 3, let station = Int(parts[1]), let apart = Int(parts[2]) else {
            throw Problem("'\(point)' is no point")
        }
        let trial = try trial(station)
        let approve = Laboratory.sequence[station]
        let commands: [Command]
        switch parts[0] {
        case "twice": commands = [approve, approve]
        case "resume": commands = [.resume, approve]
        default: commands = [approve, .resume, approve]
        }
        let results = try trial.together(commands, apart: [apart, apart])
        let approvals = zip(commands, results).filter { $0.0 == approve }.map(\.1)
        if parts[0] != "both", !approvals.contains(where: { $0.end == .exited(0) }) {
            trial.violate("no approval was taken: \(approvals.map { Trial.tail($0.errors) })")
        }
        for result in approvals where ![.exited(0), .exited(2)].contains(result.end) {
            trial.violate("an approval ended with \(result.end): \(Trial.tail(result.errors))")
        }
        try trial.carryOn()
        trial.judge()
    }
}
