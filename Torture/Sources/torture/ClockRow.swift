/// The wall clock steps, back or forward, once or again and again, in every command of a run.
struct ClockRow: Row {
    let name = "clock"
    let meaning = "the wall clock steps back and forward during and between commands"

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        (0..<60).map { _ in
            (0..<6).map { _ in
                let size = [5, 90, 3600, 86_400, 2 * 86_400].randomElement(using: &random) ?? 5
                let shift = Bool.random(using: &random) ? size : -size
                let every = Bool.random(using: &random) ? 0 : Int.random(in: 1...40, using: &random)
                return "\(shift)@\(Int.random(in: 1...200, using: &random))/\(every)"
            }.joined(separator: ",")
        }
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let faults = point.split(separator: ",").compactMap { text -> Fault? in
            let numbers = text.split { "@/".contains($0) }.compactMap { Int($0) }
            guard numbers.count == 3 else { return nil }
            return Fault(clock: numbers[0], clockAt: numbers[1], clockEvery: numbers[2])
        }
        guard !faults.isEmpty else { throw Problem("'\(point)' is no point") }
        let trial = try trial(0)
        // Events of a time at which the clock was ahead are from the future.
        trial.isKnownToDoctor = ["clock"]
        try trial.carryOn { attempt in attempt < 20 ? faults[attempt % faults.count] : .none }
        trial.judge()
    }
}
