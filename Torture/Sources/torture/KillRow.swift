import Foundation

/// kill -9 at a random instant of any command, and often of the next ones too.
struct KillRow: Row {
    let name = "kill"
    let meaning = "kill -9 at random instants of run, approve and resume"

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        (0..<500).map { _ in
            // The first command is the longest by far.
            let station = [0, 0, 0, 0, 1, 2, 3, 4].randomElement(using: &random) ?? 0
            var instants = [Double.random(in: 0..<1, using: &random)]
            while instants.count < 4, Int.random(in: 0..<3, using: &random) == 0 {
                instants.append(Double.random(in: 0..<1, using: &random))
            }
            return "\(station):" + instants.map { String(format: "%.4f", $0) }.joined(separator: ",")
        }
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").map(String.init)
        let instants = (parts.last ?? "").split(separator: ",").compactMap { Double($0) }
        guard parts.count == 2, let station = Int(parts[0]), let first = instants.first else {
            throw Problem("'\(point)' is no point")
        }
        let trial = try trial(station)
        // The instants are shares of how long the command takes; it takes longer when the machine is busy.
        let pace = laboratory.pace
        let result = try trial.almrun(Laboratory.sequence[station], Fault(killAfter: first * pace[station]))
        if result.end != .signaled(SIGKILL) { pace[station] = result.seconds }
        try trial.carryOn { attempt in
            attempt + 1 < instants.count ? Fault(killAfter: instants[attempt + 1] * pace[4]) : .none
        }
        trial.judge()
    }
}
