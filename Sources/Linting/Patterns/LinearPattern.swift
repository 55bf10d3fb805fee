/// A regular expression that is searched in a time proportional to the text, whatever the expression.
///
/// It knows what regular languages have; look-around and back-references are for another engine.
struct LinearPattern: Sendable {
    /// Thrown for expressions that belong to another engine, or that are not well formed.
    struct Unsupported: Error {}

    /// Thrown for expressions whose counts make too many steps.
    struct TooLarge: Error {}

    enum Instruction: Sendable {
        case scalar(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case check(Check)
        case accept
    }

    enum Check: Sendable { case start, end, boundary, noBoundary }

    private let program: [Instruction]
    private let isMultiline: Bool

    /// Nothing where the expression needs another engine.
    init?(_ source: String, ignoresCase: Bool, isMultiline: Bool, dotIsAll: Bool) throws(TooLarge) {
        self.isMultiline = isMultiline
        let tree: PatternTree
        do {
            var parser = PatternParser(source, ignoresCase: ignoresCase, dotIsAll: dotIsAll)
            tree = try parser.whole()
        } catch {
            return nil
        }
        var writer = PatternWriter()
        try writer.write(tree)
        program = writer.program + [.accept]
    }

    func matches(_ text: String) -> Bool {
        let scalars = text.unicodeScalars.map(\.value)
        var current = Threads(program.count)
        var next = Threads(program.count)
        for position in 0...scalars.count {
            // A match may begin anywhere.
            if add(0, at: position, scalars, to: &current) { return true }
            guard position < scalars.count else { return false }
            next.clear()
            for thread in current.list {
                guard case .scalar(let set) = program[thread], set.contains(scalars[position]) else { continue }
                if add(thread + 1, at: position + 1, scalars, to: &next) { return true }
            }
            swap(&current, &next)
        }
        return false
    }

    /// The places of the program that are alive at one place of the text, each once.
    private struct Threads {
        var list: [Int] = []
        private var marks: [Int]
        private var round = 1

        init(_ count: Int) { marks = Array(repeating: 0, count: count) }

        mutating func clear() {
            list.removeAll(keepingCapacity: true)
            round += 1
        }

        mutating func visit(_ place: Int) -> Bool {
            if marks[place] == round { return false }
            marks[place] = round
            return true
        }
    }

    /// Follows everything that takes no character; true at the end of the expression.
    private func add(_ start: Int, at position: Int, _ text: [UInt32], to threads: inout Threads) -> Bool {
        var pending = [start]
        while let place = pending.popLast() {
            guard threads.visit(place) else { continue }
            switch program[place] {
            case .accept: return true
            case .scalar: threads.list.append(place)
            case .jump(let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .check(let check): if holds(check, at: position, text) { pending.append(place + 1) }
            }
        }
        return false
    }

    private func holds(_ check: Check, at position: Int, _ text: [UInt32]) -> Bool {
        switch check {
        case .start: position == 0 || (isMultiline && ScalarSet.lineEnds.contains(text[position - 1]))
        case .end: position == text.count || (isMultiline && ScalarSet.lineEnds.contains(text[position]))
        case .boundary: isBoundary(position, text)
        case .noBoundary: !isBoundary(position, text)
        }
    }

    private func isBoundary(_ position: Int, _ text: [UInt32]) -> Bool {
        let before = position > 0 && ScalarSet.words.contains(text[position - 1])
        let after = position < text.count && ScalarSet.words.contains(text[position])
        return before != after
    }
}
