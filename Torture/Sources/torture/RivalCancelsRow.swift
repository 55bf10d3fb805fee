import Foundation

/// Somebody cancels the run while another process begins it, works on it or ends it.
struct RivalCancelsRow: Row {
    let name = "rival-cancels"
    let meaning = "a run is cancelled, once or twice at once, while it works or is taken up"

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        (0..<50).map { number in
            let station = [0, 0, 0, 2, 4].randomElement(using: &random) ?? 0
            // Some come when the command has ended, or is about to.
            let instant = Double.random(in: 0..<1.2, using: &random)
            return "\(station):\(number % 3 == 0 ? 2 : 1):" + String(format: "%.4f", instant)
        }
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").compactMap { Double($0) }
        guard parts.count == 3, Laboratory.sequence.indices.contains(Int(parts[0])) else {
            throw Problem("'\(point)' is no point")
        }
        let station = Int(parts[0])
        let pace = laboratory.pace
        let trial = try trial(station)
        let cancels = Array(repeating: Command.cancel, count: Int(parts[1]))
        let results = try trial.together(
            [Laboratory.sequence[station]] + cancels, apart: [Int(parts[2] * pace[station] * 1_000_000)])
        let isTaken = results.dropFirst().contains { $0.end == .exited(0) }
        if !isTaken { pace[station] = results[0].seconds }
        // Who comes while a cancel works on the run is told so.
        let isBusy = results[0].end == .exited(3) && results[0].errors.contains("[run/busy]")
        if !isBusy, ![0, 75, 130].map(Child.End.exited).contains(results[0].end) {
            trial.violate("the run ended with \(results[0].end): \(Trial.tail(results[0].errors))")
        }
        for result in results.dropFirst() {
            let isRefused =
                result.end == .exited(2)
                && (result.errors.contains("[run/finished]") || Trial.saysThereIsNoRun(result.errors))
            // As long as one of the others works on the run.
            let isBusy =
                result.end == .exited(3) && result.errors.contains("[run/busy]")
                && results.contains {
                    $0.process != result.process && result.errors.contains("by process \($0.process) ")
                }
            if ![0, 75].map(Child.End.exited).contains(result.end), !isRefused, !isBusy {
                trial.violate("a cancel ended with \(result.end): \(Trial.tail(result.errors))")
            }
        }
        try trial.look()
        // What was cut off is in doubt, and waits for a person.
        if results.dropFirst().contains(where: { $0.end == .exited(75) }), try !trial.isInDoubt() {
            trial.violate("a cancel ended with 75, and no step is in doubt")
        }
        if isTaken, let status = try trial.status(), status != "cancelled" {
            // A `resume` that comes when the run is cancelled already takes it up again, as it shall; nobody else does.
            let last = Array(trial.known.values.joined()).last { $0.contains("\"kind\":\"resumed\"") } ?? ""
            let isResumed = Trial.member("process", of: last)?.hasSuffix(":\(results[0].process)") ?? false
            if station == 0 || !isResumed || !trial.wasCancelled {
                trial.violate("a cancel was taken, and the run is \(status)")
            }
        }
        for text in trial.begunAfterCancel() { trial.violate(text) }
        // Who wants it after all takes it up again.
        try trial.carryOn()
        trial.judge()
    }
}

extension Trial {
    static func saysThereIsNoRun(_ errors: String) -> Bool {
        errors.contains("[run/unknown]") || errors.contains("there are no runs")
    }

    /// Whether the run came to an end as cancelled.
    var wasCancelled: Bool {
        known.values.joined().contains {
            $0.contains("\"kind\":\"finished\"") && Self.member("status", of: $0) == "cancelled"
        }
    }

    /// Steps with an effect that began although the run was cancelled, other than those that clean up or are looked after.
    ///
    /// A step without effects may have begun in fact before the cancel came, and be written down after it.
    func begunAfterCancel() -> [String] {
        var found: [String] = []
        for lines in known.values {
            var isCancelled = false
            for line in lines {
                if line.contains("\"kind\":\"cancelRequested\"") { isCancelled = true }
                if line.contains("\"kind\":\"finished\"") { isCancelled = false }
                if isCancelled, line.contains("\"kind\":\"started\""), !line.contains("\"recovering\":true"),
                    let step = Self.member("step", of: line),
                    ["tag", "announce", "ticket"].contains(step) || step.hasSuffix("/promote")
                {
                    found.append("'\(step)' began after the run was cancelled")
                }
            }
        }
        return found
    }
}
