import Foundation

/// The values of secrets: taken from the process environment or a file, put in inside a stage, masked everywhere else.
public struct Secrets: Sendable {
    private let values: [String: String]
    /// The names that may be revealed; nil when all may.
    private var allowed: Set<String>?
    /// What is looked for when text is masked, longest first.
    private let patterns: [String]

    /// Secrets by name.
    public init(_ values: [String: String] = [:]) {
        self.values = values
        var patterns: Set<String> = []
        for value in values.values where value.count >= 4 {
            patterns.insert(value)
            for line in value.split(separator: "\n") where line.count >= 8 { patterns.insert(String(line)) }
        }
        self.patterns = patterns.sorted { ($0.count, $0) > ($1.count, $1) }
    }

    /// The same, of which only these are revealed; all of them are still masked.
    public func allowing(_ names: some Sequence<String>) -> Secrets {
        var limited = self
        limited.allowed = Set(names)
        return limited
    }

    /// Adds those of a later source that are not there yet.
    public func merging(_ others: [String: String]) -> Secrets {
        Secrets(values.merging(others) { mine, _ in mine })
    }

    /// Whether there is a value of that name, which is not empty.
    public func holds(_ name: String) -> Bool { values[name]?.isEmpty == false }

    /// Puts values in place of each `${{ secrets.NAME }}`; an unknown one is a failure that names it.
    public func reveal(_ text: String) throws(StageFailure) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.range(of: "${{"), let end = rest[start.upperBound...].range(of: "}}") {
            let path = rest[start.upperBound..<end.lowerBound].trimmingCharacters(in: .whitespaces)
            result += rest[..<start.lowerBound]
            if path.hasPrefix("secrets.") {
                let name = String(path.dropFirst("secrets.".count))
                guard allowed?.contains(name) ?? true else {
                    throw StageFailure(
                        .broken, "secret/not-meant", "secret '\(name)' is not revealed here",
                        notes: ["neither the stage nor its environment's file names it; the text came from elsewhere"])
                }
                guard let value = values[name], !value.isEmpty else {
                    throw StageFailure(
                        .broken, "secret/missing", "secret '\(name)' has no value",
                        notes: ["set it in the environment of the process, or in the environment's secrets file"])
                }
                result += value
            } else {
                result += rest[start.lowerBound..<end.upperBound]
            }
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    /// The text with `***` in place of every secret value in it; values shorter than 4 characters are not looked for.
    public func mask(_ text: String) -> String {
        var result = text
        for pattern in patterns where result.contains(pattern) { result = result.replacing(pattern, with: "***") }
        guard !patterns.isEmpty else { return result }
        // An accent after a value makes its last character another one.
        let bytes = Array(result.utf8)
        let masked = mask(bytes)
        return masked == bytes ? result : String(decoding: masked, as: UTF8.self)
    }

    /// The same of bytes, which may be no text.
    public func mask(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for pattern in patterns { Self.mask(Array(pattern.utf8), in: &result) }
        return result
    }

    private static func mask(_ pattern: [UInt8], in bytes: inout [UInt8]) {
        var result: [UInt8] = []
        var (kept, place) = (0, 0)
        while let found = bytes[place...].firstIndex(of: pattern[0]) {
            place = found + 1
            guard bytes[found...].starts(with: pattern) else { continue }
            result += bytes[kept..<found]
            result += "***".utf8
            place = found + pattern.count
            kept = place
        }
        if kept > 0 { bytes = result + bytes[kept...] }
    }
}
