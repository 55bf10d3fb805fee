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
        return result
    }
}
