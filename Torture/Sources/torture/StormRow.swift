import Foundation

/// SIGTERM and SIGINT, one or several, at random instants; also to those who take up again.
struct StormRow: Row {
    let name = "signals"
    let meaning = "SIGTERM and SIGINT, one to four, at random instants"

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        (0..<100).map { _ in
            let station = [0, 0, 0, 2, 4].randomElement(using: &random) ?? 0
            let storms = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    let name = Int.random(in: 0..<4, using: &random) == 0 ? "i" : "t"
                    return name + String(format: "%.4f", Double.random(in: 0..<1, using: &random))
                }.joined(separator: ",")
            }
            return "\(station):" + storms.joined(separator: "/")
        }
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").map(String.init)
        guard parts.count == 2, let station = Int(parts[0]) else { throw Problem("'\(point)' is no point") }
        let pace = laboratory.pace
        let storms = parts[1].split(separator: "/").enumerated().map { number, storm in
            let span = number == 0 ? pace[station] : pace[4]
            var fault = Fault()
            fault.signals = storm.split(separator: ",").compactMap { text in
                Double(text.dropFirst()).map { ($0 * span, text.hasPrefix("i") ? SIGINT : SIGTERM) }
            }
            return fault
        }
        guard let first = storms.first else { throw Problem("'\(point)' is no point") }
        let trial = try trial(station)
        let result = try trial.almrun(Laboratory.sequence[station], first)
        if [.exited(0), .exited(75)].contains(result.end) { pace[station] = result.seconds }
        if case .exited(let status) = result.end, ![0, 75, 130].contains(status) {
            trial.violate("signals made it end with status \(status): \(Trial.tail(result.errors))")
        }
        try trial.carryOn { attempt in attempt + 1 < storms.count ? storms[attempt + 1] : .none }
        trial.judge()
    }
}
