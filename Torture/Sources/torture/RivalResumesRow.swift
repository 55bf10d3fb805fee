import Foundation

/// Two processes take up one run at the same instant: one of them is refused, or comes when the other is done.
struct RivalResumesRow: Row {
    let name = "rival-resumes"
    let meaning = "two processes resume one run at once"

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        (0..<50).map { _ in
            "\(Bool.random(using: &random) ? 2 : 4):\(Int.random(in: 0..<20_000, using: &random))"
        }
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2 else { throw Problem("'\(point)' is no point") }
        let trial = try trial(parts[0])
        let results = try trial.together([.resume, .resume], apart: [parts[1]])
        let refused = results.filter { $0.errors.contains("[run/busy]") }
        for result in refused where result.end != .exited(3) { trial.violate("run/busy ended with \(result.end)") }
        if refused.count == 2 { trial.violate("both were refused") }
        for result in results where !result.errors.contains("[run/busy]") {
            // The other one may have ended the run before this one looked at it.
            if ![.exited(laboratory.statuses[parts[0]]), .exited(0), .exited(75)].contains(result.end) {
                trial.violate("a resume ended with \(result.end): \(Trial.tail(result.errors))")
            }
        }
        try trial.carryOn()
        trial.judge()
    }
}

extension Trial {
    /// Starts commands at once, or some microseconds after the one before, and waits for all.
    func together(_ commands: [Command], apart pauses: [Int]) throws -> [Result] {
        var started: [(child: Child, files: String)] = []
        for (number, command) in commands.enumerated() {
            let pause = number == 0 || number > pauses.count ? 0 : pauses[number - 1]
            if pause > 0 { usleep(UInt32(pause)) }
            started.append(try start(command))
        }
        return zip(commands, started).map { command, begun in
            let end = begun.child.wait()
            return finish(command, end, .none, begun.child, files: begun.files)
        }
    }
}
