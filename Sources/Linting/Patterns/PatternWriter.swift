/// Writes the program of a regular expression.
struct PatternWriter {
    private static let limit = 20_000

    private(set) var program: [LinearPattern.Instruction] = []
    private var stepsLeft = 200_000

    mutating func write(_ tree: PatternTree) throws(LinearPattern.TooLarge) {
        stepsLeft -= 1
        guard stepsLeft > 0, program.count < PatternWriter.limit else { throw LinearPattern.TooLarge() }
        switch tree {
        case .empty: break
        case .scalar(let set): program.append(.scalar(set))
        case .check(let check): program.append(.check(check))
        case .sequence(let parts): for part in parts { try write(part) }
        case .choice(let branches): try writeChoice(branches)
        case .repeated(let body, let least, let most):
            for _ in 0..<least { try write(body) }
            guard let most else {
                let split = program.count
                program.append(.jump(0))
                try write(body)
                program.append(.jump(split))
                program[split] = .split(split + 1, program.count)
                return
            }
            var splits: [Int] = []
            for _ in least..<most {
                splits.append(program.count)
                program.append(.jump(0))
                try write(body)
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
    }

    private mutating func writeChoice(_ branches: [PatternTree]) throws(LinearPattern.TooLarge) {
        var ends: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                try write(branch)
                continue
            }
            let split = program.count
            program.append(.jump(0))
            try write(branch)
            ends.append(program.count)
            program.append(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        for end in ends { program[end] = .jump(program.count) }
    }
}
