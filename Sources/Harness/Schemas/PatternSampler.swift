/// Writes the shortest obvious text for a regular expression; gives up at look-arounds and back-references.
struct PatternSampler {
    private let pattern: [Character]
    private var index = 0
    private var budget = 2_000

    init(_ pattern: String) { self.pattern = Array(pattern) }

    mutating func sample() -> String? {
        guard let text = alternatives(), index == pattern.count else { return nil }
        return text
    }

    private var next: Character? { index < pattern.count ? pattern[index] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        index += 1
        return true
    }

    /// The first alternative; the others are read and dropped.
    private mutating func alternatives() -> String? {
        guard let first = sequence() else { return nil }
        while take("|") {
            guard sequence() != nil else { return nil }
        }
        return first
    }

    private mutating func sequence() -> String? {
        var result = ""
        while let character = next, character != "|", character != ")" {
            budget -= 1
            guard budget > 0 else { return nil }
            if character == "^" || character == "$" {
                index += 1
                continue
            }
            guard let atom = atom() else { return nil }
            guard let count = repetitions() else { return nil }
            guard atom.count * count <= 4_000 else { return nil }
            for _ in 0..<count { result += atom }
        }
        return result
    }

    private mutating func atom() -> String? {
        guard let character = next else { return nil }
        index += 1
        switch character {
        case "(":
            if take("?") {
                guard take(":") else { return nil }
            }
            guard let inner = alternatives(), take(")") else { return nil }
            return inner
        case "[": return characterClass()
        case ".": return "a"
        case "\\": return escape()
        case "*", "+", "?": return nil
        default: return String(character)
        }
    }

    private mutating func escape() -> String? {
        guard let character = next else { return nil }
        index += 1
        switch character {
        case "d": return "1"
        case "w": return "a"
        case "s": return " "
        case "D", "S": return "a"
        case "W": return "-"
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "b": return ""
        case "1"..."9", "p", "P", "k", "u", "x", "c", "B": return nil
        default: return String(character)
        }
    }

    private mutating func characterClass() -> String? {
        let isNegated = take("^")
        var members: [ClosedRange<UInt32>] = []
        var first: String?
        while let character = next, character != "]" || members.isEmpty {
            index += 1
            var low = character
            if character == "\\" {
                guard let text = escape(), let only = text.first else { return nil }
                if first == nil { first = text }
                if isNegated, "dws".contains(pattern[index - 1]) {
                    members.append(contentsOf: Self.ranges(of: pattern[index - 1]))
                    continue
                }
                low = only
            }
            guard let start = low.unicodeScalars.first?.value else { return nil }
            var end = start
            if next == "-", index + 1 < pattern.count, pattern[index + 1] != "]", pattern[index + 1] != "\\" {
                end = pattern[index + 1].unicodeScalars.first?.value ?? start
                index += 2
            }
            guard start <= end else { return nil }
            members.append(start...end)
            if first == nil { first = String(low) }
        }
        guard take("]") else { return nil }
        guard isNegated else { return first }
        return ["a", "1", "A", "-", "_", " "].first { candidate in
            guard let value = candidate.unicodeScalars.first?.value else { return false }
            return !members.contains { $0.contains(value) }
        }
    }

    private static func ranges(of letter: Character) -> [ClosedRange<UInt32>] {
        switch letter {
        case "d": [48...57]
        case "s": [9...13, 32...32]
        default: [48...57, 65...90, 95...95, 97...122]
        }
    }

    /// How often the atom is written: as seldom as allowed, but once where nothing is demanded.
    private mutating func repetitions() -> Int? {
        var count = 1
        if take("*") || take("+") || take("?") {
            count = 1
        } else if next == "{", index + 1 < pattern.count, pattern[index + 1].isWholeNumber {
            index += 1
            var digits = ""
            while let digit = next, digit.isWholeNumber {
                digits.append(digit)
                index += 1
            }
            var hasUpper = false
            var upper = ""
            if take(",") {
                hasUpper = true
                while let digit = next, digit.isWholeNumber {
                    upper.append(digit)
                    index += 1
                }
            }
            guard take("}"), let least = Int(digits) else { return nil }
            count = hasUpper && least == 0 && Int(upper) != 0 ? 1 : least
        }
        _ = take("?")
        return count
    }
}
