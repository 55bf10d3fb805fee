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
            if let other = found.last?.commands.last, choices.contains(where: { $0.isSuperset(of: [command, other]) }) {
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
}
