/// A version of one to four numbers, with or without a leading `v`, perhaps with a pre-release word.
public struct APIVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The numbers as written, one to four.
    public let numbers: [Int]
    /// Whether a `v` stands in front.
    public let hasPrefix: Bool
    /// What stands behind a hyphen.
    public let prerelease: String?

    /// Reads `1`, `1.0`, `1.2.3`, `1.2.3.4`, `v1.2`, `1.2.3-rc.1`; build words behind `+` are dropped.
    public init?(_ text: String) {
        var rest = text[...]
        while rest.first == " " { rest = rest.dropFirst() }
        while rest.last == " " { rest = rest.dropLast() }
        hasPrefix = rest.first == "v" || rest.first == "V"
        if hasPrefix { rest = rest.dropFirst() }
        rest = rest.prefix { $0 != "+" }
        let parts = rest.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let words = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
        let numbers = words.compactMap { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
        guard (1...4).contains(words.count), numbers.count == words.count else { return nil }
        self.numbers = numbers
        prerelease = parts.count > 1 ? String(parts[1]) : nil
    }

    private init(numbers: [Int], hasPrefix: Bool) {
        self.numbers = numbers
        self.hasPrefix = hasPrefix
        prerelease = nil
    }

    /// The first number.
    public var major: Int { number(0) }
    /// The second number; 0 where there is none.
    public var minor: Int { number(1) }

    private func number(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }

    /// The smallest version that makes room for a change; below 1.0.0 a breaking change needs the second number.
    ///
    /// It is written with as many numbers as this one, or with more where that takes it.
    public func next(_ bump: Bump) -> APIVersion {
        let position: Int
        switch bump {
        case .none: return self
        case .major: position = major == 0 ? 1 : 0
        case .minor: position = major == 0 ? 2 : 1
        case .patch: position = 2
        }
        var result = (0..<max(numbers.count, position + 1)).map(number)
        // A version that is not out yet already counts as the growth that it announces.
        let announces = prerelease != nil && result.dropFirst(position + 1).allSatisfy { $0 == 0 }
        if !announces { result[position] += 1 }
        for index in result.indices where index > position { result[index] = 0 }
        return APIVersion(numbers: result, hasPrefix: hasPrefix)
    }

    public var description: String {
        let text = numbers.map(String.init).joined(separator: ".")
        return (hasPrefix ? "v" : "") + text + (prerelease.map { "-\($0)" } ?? "")
    }

    public static func == (left: APIVersion, right: APIVersion) -> Bool {
        (0..<4).allSatisfy { left.number($0) == right.number($0) } && left.prerelease == right.prerelease
    }

    public func hash(into hasher: inout Hasher) {
        for index in 0..<4 { hasher.combine(number(index)) }
        hasher.combine(prerelease)
    }

    public static func < (left: APIVersion, right: APIVersion) -> Bool {
        for index in 0..<4 where left.number(index) != right.number(index) {
            return left.number(index) < right.number(index)
        }
        switch (left.prerelease, right.prerelease) {
        case (nil, _): return false
        case (_?, nil): return true
        case (let before?, let after?): return isOlder(before, after)
        }
    }

    private static func isOlder(_ left: String, _ right: String) -> Bool {
        let (before, after) = (left.split(separator: "."), right.split(separator: "."))
        for (one, other) in zip(before, after) where one != other {
            switch (Int(one), Int(other)) {
            case (let one?, let other?): return one < other
            case (_?, nil): return true
            case (nil, _?): return false
            case (nil, nil): return one < other
            }
        }
        return before.count < after.count
    }
}
