/// Reads the regular part of JavaScript's expressions; whatever else there is, or is not well formed, it refuses.
struct PatternParser {
    typealias Unsupported = LinearPattern.Unsupported

    private let scalars: [Unicode.Scalar]
    private let ignoresCase: Bool
    private let dotIsAll: Bool
    private var position = 0
    private var depth = 0

    init(_ source: String, ignoresCase: Bool, dotIsAll: Bool) {
        scalars = Array(source.unicodeScalars)
        self.ignoresCase = ignoresCase
        self.dotIsAll = dotIsAll
    }

    mutating func whole() throws(Unsupported) -> PatternTree {
        let tree = try choice()
        guard position == scalars.count else { throw Unsupported() }
        return tree
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func pop() throws(Unsupported) -> Unicode.Scalar {
        guard let next else { throw Unsupported() }
        position += 1
        return next
    }

    private mutating func choice() throws(Unsupported) -> PatternTree {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(Unsupported) -> PatternTree {
        var parts: [PatternTree] = []
        while let next, next != "|", next != ")" { parts.append(try term()) }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func term() throws(Unsupported) -> PatternTree {
        let atom: PatternTree
        switch try pop() {
        case "^": return .check(.start)
        case "$": return .check(.end)
        case "(": atom = try group()
        case "[": atom = .scalar(try scalarClass())
        case ".": atom = .scalar(dotIsAll ? .all : ScalarSet(ranges: ScalarSet.lineEnds.complement))
        case "\\":
            if take("b") { return .check(.boundary) }
            if take("B") { return .check(.noBoundary) }
            atom = .scalar(set(try escape()))
        case "*", "+", "?", "{", "}", "]": throw Unsupported()
        case let scalar: atom = .scalar(set([scalar.value...scalar.value]))
        }
        return try quantified(atom)
    }

    private func set(_ ranges: [ClosedRange<UInt32>], isNegated: Bool = false) -> ScalarSet {
        ScalarSet(ranges: ranges, isNegated: isNegated, ignoresCase: ignoresCase)
    }

    private mutating func group() throws(Unsupported) -> PatternTree {
        if take("?") {
            if take("<") {
                // A name, unless it looks behind.
                while let next, next != ">" {
                    guard next.properties.isAlphabetic || next == "_" || ("0"..."9").contains(next) else {
                        throw Unsupported()
                    }
                    position += 1
                }
                guard take(">") else { throw Unsupported() }
            } else if !take(":") {
                throw Unsupported()
            }
        }
        depth += 1
        guard depth < 200 else { throw Unsupported() }
        let inner = try choice()
        depth -= 1
        guard take(")") else { throw Unsupported() }
        return inner
    }

    private mutating func quantified(_ atom: PatternTree) throws(Unsupported) -> PatternTree {
        let least: Int
        var most: Int?
        if take("*") {
            least = 0
        } else if take("+") {
            least = 1
        } else if take("?") {
            (least, most) = (0, 1)
        } else if take("{") {
            least = try count()
            most = least
            if take(",") { most = next == "}" ? nil : try count() }
            guard take("}"), least <= most ?? least else { throw Unsupported() }
        } else {
            return atom
        }
        _ = take("?")
        if let next, ["*", "+", "?", "{"].contains(next) { throw Unsupported() }
        return .repeated(atom, least, most)
    }

    private mutating func count() throws(Unsupported) -> Int {
        var digits = ""
        while let next, ("0"..."9").contains(next) {
            digits.unicodeScalars.append(next)
            position += 1
        }
        guard digits.count < 8, let number = Int(digits) else { throw Unsupported() }
        return number
    }

    // MARK: Characters

    private mutating func scalarClass() throws(Unsupported) -> ScalarSet {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while !take("]") {
            let first = try classAtom()
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                ranges += first
                continue
            }
            position += 1
            let last = try classAtom()
            guard first.count == 1, last.count == 1, first[0].count == 1, last[0].count == 1,
                first[0].lowerBound <= last[0].lowerBound
            else { throw Unsupported() }
            ranges.append(first[0].lowerBound...last[0].lowerBound)
        }
        return set(ranges, isNegated: isNegated)
    }

    private mutating func classAtom() throws(Unsupported) -> [ClosedRange<UInt32>] {
        let scalar = try pop()
        guard scalar == "\\" else { return [scalar.value...scalar.value] }
        if take("b") { return [0x08...0x08] }
        return try escape()
    }

    private mutating func escape() throws(Unsupported) -> [ClosedRange<UInt32>] {
        let scalar = try pop()
        switch scalar {
        case "d": return ScalarSet.digits.ranges
        case "D": return ScalarSet.digits.complement
        case "w": return ScalarSet.words.ranges
        case "W": return ScalarSet.words.complement
        case "s": return ScalarSet.spaces.ranges
        case "S": return ScalarSet.spaces.complement
        case "t": return [0x09...0x09]
        case "n": return [0x0A...0x0A]
        case "v": return [0x0B...0x0B]
        case "f": return [0x0C...0x0C]
        case "r": return [0x0D...0x0D]
        case "x": return try hexadecimal(2)
        case "u": return try hexadecimal(4)
        default:
            // References to groups, properties of characters and the like.
            let isLetterOrDigit = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            if isLetterOrDigit { throw Unsupported() }
            return [scalar.value...scalar.value]
        }
    }

    private mutating func hexadecimal(_ length: Int) throws(Unsupported) -> [ClosedRange<UInt32>] {
        var digits = ""
        for _ in 0..<length { digits.unicodeScalars.append(try pop()) }
        guard digits.allSatisfy(\.isHexDigit), let number = UInt32(digits, radix: 16), Unicode.Scalar(number) != nil
        else { throw Unsupported() }
        return [number...number]
    }
}
