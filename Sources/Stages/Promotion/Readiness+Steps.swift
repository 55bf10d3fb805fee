import Documents

extension Readiness {
    /// One thing to do next: of its commands one is typed, the others are other ways.
    struct NextStep {
        var commands: [String]
    }

    /// What to do next, in order.
    var steps: [NextStep] {
        var found: [NextStep] = []
        for command in commands {
            if let other = found.last?.commands.last, isAlternative(command, to: other) {
                found[found.count - 1].commands.append(command)
            } else {
                found.append(NextStep(commands: [command]))
            }
        }
        return found
    }

    /// Each command with what it stands for: the first of a step after `next:`, each other way after `or:`.
    var stepLines: [String] {
        steps.flatMap { step in
            step.commands.enumerated().flatMap { number, command in
                ["\(number == 0 ? "next:" : "or:  ") \(command)"] + (remarks[command].map { ["      \($0)"] } ?? [])
            }
        }
    }

    /// For programs: a list of steps, each a list of other ways.
    var stepsValue: Value {
        get throws {
            try ValueEncoder().encode(
                steps.map { $0.commands.map { NamedCommand(command: $0, remark: remarks[$0]) } })
        }
    }

    private struct NamedCommand: Encodable {
        var command: String
        var remark: String?
    }

    /// Whether two commands are two answers to the same question, of which one is given: to start one pipeline or another one, or
    /// what a person found or that the run shall look itself.
    private func isAlternative(_ command: String, to other: String) -> Bool {
        if starts.contains(command), starts.contains(other) { return true }
        guard let word = other.firstRange(of: " --assume ") else { return false }
        let resume = other[..<word.lowerBound]
        guard command != resume, let end = other[word.upperBound...].firstIndex(of: "=") else {
            return command == resume
        }
        return command.hasPrefix(other[...end])
    }
}
