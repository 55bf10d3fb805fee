/// Somebody says no at the instant at which another one says yes, or the run is taken up.
struct RivalRejectionsRow: Row {
    let name = "rival-rejections"
    let meaning = "a rejection at once with an approval, or while the run is resumed, or both"

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        (0..<50).map { number in
            let order = [["reject", "resume"], ["reject", "approve"], ["reject", "approve", "resume"]][number % 3]
            return "\(Bool.random(using: &random) ? 1 : 3):"
                + order.shuffled(using: &random).map { word in
                    "\(word)@\(Int.random(in: 0..<20_000, using: &random))"
                }.joined(separator: ",")
        }
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").map(String.init)
        guard parts.count == 2, let station = Int(parts[0]), Laboratory.sequence.indices.contains(station),
            case .approve(let gate) = Laboratory.sequence[station]
        else { throw Problem("'\(point)' is no point") }
        let trial = try trial(station)
        var commands: [Command] = []
        var pauses: [Int] = []
        for item in parts[1].split(separator: ",") {
            let words = item.split(separator: "@").map(String.init)
            let known: [String: Command] = ["reject": .reject(gate), "approve": .approve(gate), "resume": .resume]
            guard words.count == 2, let command = known[words[0]], let pause = Int(words[1]) else {
                throw Problem("'\(point)' is no point")
            }
            commands.append(command)
            pauses.append(pause)
        }
        let results = try trial.together(commands, apart: pauses)
        var isTaken: Set<Command> = []
        for (command, result) in zip(commands, results) {
            let allowed: [Int32] = command.carriesOut ? [0, 1, 75] : [0, 2]
            if !allowed.map(Child.End.exited).contains(result.end), !result.errors.contains("[run/busy]") {
                trial.violate("'\(command)' ended with \(result.end): \(Trial.tail(result.errors))")
            }
            if result.end == .exited(0) { isTaken.insert(command) }
        }
        let (no, yes) = (isTaken.contains(.reject(gate)), isTaken.contains(.approve(gate)))
        if !no, !yes { trial.violate("neither the rejection nor the approval was taken") }
        // Whoever decided last may have come when the run was at rest again.
        if try ["running", "waiting"].contains(trial.status()) { try trial.almrun(.resume) }
        let status = try trial.status() ?? ""
        if no, !yes, status != "rejected" { trial.violate("a rejection was taken, and the run is \(status)") }
        if yes, !no, status == "rejected" { trial.violate("an approval was taken, and the run is rejected") }
        let installed = Judge(trial).operations("prod").contains { $0["action"] as? String == "install" }
        if installed != (status == "succeeded") { trial.violate("'prod' and the run, which is \(status), disagree") }
        // Who wants it after all takes it up again, and the gate asks anew.
        try trial.carryOn()
        trial.judge()
    }
}
