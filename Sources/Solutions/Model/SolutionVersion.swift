/// A solution's version: `major.minor.build.revision`.
public struct SolutionVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var major: Int
    public var minor: Int
    public var build: Int
    public var revision: Int

    /// A version of four numbers.
    public init(_ major: Int, _ minor: Int, _ build: Int, _ revision: Int) {
        self.major = major
        self.minor = minor
        self.build = build
        self.revision = revision
    }

    /// Reads one to four numbers with dots; missing ones are 0, so `1.2.0` is `1.2.0.0`. A leading `v` is allowed.
    public init?(_ text: String) {
        let parts = (text.hasPrefix("v") ? text.dropFirst() : text[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard !part.isEmpty, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part),
                number <= Int(Int32.max)
            else { return nil }
            numbers.append(number)
        }
        numbers += [0, 0, 0].prefix(4 - numbers.count)
        self.init(numbers[0], numbers[1], numbers[2], numbers[3])
    }

    /// What is wrong with a text as the version to write into a package, nil when it is fine: two to four numbers to 65535.
    public static func problem(with text: String) -> String? {
        let parts = (text.hasPrefix("v") ? text.dropFirst() : text[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        let areNumbers = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard areNumbers, (2...4).contains(parts.count) else {
            return "'\(text)' is no solution version; write two to four numbers, such as 1.2.0"
        }
        // A number that does not fit an integer is too great as well.
        let part = parts.first { (Int($0) ?? Int.max) > Int(UInt16.max) }
        return part.map { "'\(text)' is no solution version: '\($0)' is greater than 65535" }
    }

    public static func < (left: SolutionVersion, right: SolutionVersion) -> Bool {
        (left.major, left.minor, left.build, left.revision) < (right.major, right.minor, right.build, right.revision)
    }

    public var description: String { "\(major).\(minor).\(build).\(revision)" }
}
