/// A version as tags carry it: two to four numbers, and perhaps a pre-release part.
public struct ReleaseVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The numbers, as many as were written.
    public var numbers: [Int]
    /// The identifiers after `-`; empty for a release.
    public var preRelease: [String]
    /// The text as written, without a leading `v`.
    public var text: String
    public var description: String { text }
    public var isPreRelease: Bool { !preRelease.isEmpty }

    /// Nil unless the text is a version such as `1.2.0`, `v1.2.0.4` or `1.2.0-rc.1+build`.
    public init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        if rest.hasPrefix("v") || rest.hasPrefix("V") { rest = rest.dropFirst() }
        self.text = String(rest)
        if let plus = rest.firstIndex(of: "+") { rest = rest[..<plus] }
        var before = rest
        preRelease = []
        if let dash = rest.firstIndex(of: "-") {
            before = rest[..<dash]
            let parts = rest[rest.index(after: dash)...].split(separator: ".", omittingEmptySubsequences: false)
            guard
                parts.allSatisfy({
                    !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
                })
            else { return nil }
            preRelease = parts.map(String.init)
        }
        let parts = before.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...4).contains(parts.count) else { return nil }
        numbers = []
        for part in parts {
            guard part.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(part) else { return nil }
            numbers.append(number)
        }
    }

    public static func == (left: Self, right: Self) -> Bool { !(left < right) && !(right < left) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(padded)
        hasher.combine(preRelease)
    }

    public static func < (left: Self, right: Self) -> Bool {
        if left.padded != right.padded { return left.padded.lexicographicallyPrecedes(right.padded) }
        if left.isPreRelease != right.isPreRelease { return left.isPreRelease }
        for (one, other) in zip(left.preRelease, right.preRelease) where one != other {
            switch (Int(one), Int(other)) {
            case (let a?, let b?): return a < b
            case (.some, nil): return true
            case (nil, .some): return false
            case (nil, nil): return one < other
            }
        }
        return left.preRelease.count < right.preRelease.count
    }

    private var padded: [Int] { numbers + Array(repeating: 0, count: 4 - numbers.count) }
}
