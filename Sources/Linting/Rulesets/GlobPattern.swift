/// A file pattern of an override: `*`, `**`, `?`, `[a-z]` and `{a,b}`; one without a slash matches the file's name alone.
struct GlobPattern: Sendable {
    let text: String
    private let pattern: ScriptPattern
    private let isName: Bool

    init(_ text: String) throws(ScriptPattern.Failure) {
        self.text = text
        isName = !text.contains("/")
        var expression = "^"
        var rest = Substring(text.hasPrefix("./") ? text.dropFirst(2) : text[...])
        var depth = 0
        while let next = rest.popFirst() {
            switch next {
            case "*":
                if rest.hasPrefix("*") {
                    rest = rest.drop { $0 == "*" }
                    if rest.hasPrefix("/") {
                        rest.removeFirst()
                        expression += "(?:.*/)?"
                    } else {
                        expression += ".*"
                    }
                } else {
                    expression += "[^/]*"
                }
            case "?": expression += "[^/]"
            case "{":
                depth += 1
                expression += "(?:"
            case "}" where depth > 0:
                depth -= 1
                expression += ")"
            case "," where depth > 0: expression += "|"
            case "[", "]": expression.append(next)
            case ".", "(", ")", "+", "^", "$", "|", "\\", "}": expression += "\\\(next)"
            default: expression.append(next)
            }
        }
        pattern = try ScriptPattern(expression + "$")
    }

    /// How many folders up a path starts.
    private static func climbs(_ path: String) -> Int {
        path.split(separator: "/").drop { $0 == "." }.prefix { $0 == ".." }.count
    }

    func matches(_ path: String) -> Bool {
        guard isName else {
            // Wildcards do not lead out of the folder: `..` is written in the pattern or does not match.
            return GlobPattern.climbs(path) == GlobPattern.climbs(text) && pattern.matches(path)
        }
        return pattern.matches(path.split(separator: "/").last.map(String.init) ?? path)
    }
}
