/// The part of a matched value that a rule judges.
enum FieldPath: Sendable {
    /// The value itself.
    case whole
    /// `@key`: each member's name.
    case names
    /// Names one below the other, as in `info.contact` or `a[0]["x.y"]`.
    case members([String])
    /// A path of its own from the value.
    case query(JSONPath)

    init(_ text: String?) throws(JSONPathError) {
        guard let text else {
            self = .whole
            return
        }
        if text == "@key" {
            self = .names
        } else if text.hasPrefix("$") {
            self = .query(try JSONPath(text))
        } else {
            self = .members(FieldPath.split(text))
        }
    }

    private static func split(_ text: String) -> [String] {
        var parts: [String] = []
        var current = ""
        var rest = Substring(text)
        while let next = rest.popFirst() {
            switch next {
            case ".":
                if !current.isEmpty { parts.append(current) }
                current = ""
            case "[":
                if !current.isEmpty { parts.append(current) }
                current = ""
                guard let end = rest.firstIndex(of: "]") else { return [text] }
                if let quote = rest.first, quote == "\"" || quote == "'" {
                    rest.removeFirst()
                    guard let close = rest.firstIndex(of: quote) else { return [text] }
                    parts.append(String(rest[..<close]))
                    rest = rest[close...].dropFirst(2)
                } else {
                    parts.append(String(rest[..<end]))
                    rest = rest[end...].dropFirst()
                }
            default: current.append(next)
            }
        }
        if !current.isEmpty { parts.append(current) }
        return parts
    }
}
