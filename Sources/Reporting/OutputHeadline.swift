import Documents
import OrderedCollections

/// What a step's outputs come to, in a few words.
enum OutputHeadline {
    /// Its `summary` if it has one, a package by name and digest, and otherwise its short plain members.
    static func of(_ output: Value) -> String {
        guard let members = output.map else { return "" }
        if let summary = members["summary"]?.string, !summary.isEmpty { return firstLine(summary) }
        var parts: [String] = []
        for (name, value) in members {
            if let digest = value["digest"]?.string, let solution = value["solution"]?.string {
                let version = value["version"]?.string ?? ""
                parts.append("\(solution) \(version) sha256 \(digest.prefix(12))")
                continue
            }
            switch value {
            case .string(let text) where !text.isEmpty && text.count < 40 && !text.contains("\n"):
                parts.append("\(name) \(text)")
            case .integer(let number) where number != 0 || parts.isEmpty: parts.append("\(name) \(number)")
            case .number(let number): parts.append("\(name) \(number)")
            case .boolean(true): parts.append(name)
            case .null, .boolean, .integer, .string, .list, .map: continue
            }
        }
        return parts.prefix(5).joined(separator: ", ")
    }

    private static func firstLine(_ text: String) -> String {
        String(text.split(separator: "\n", maxSplits: 1).first ?? "")
    }
}
