/// How a person names a package: by the beginning of its digest, as a file, or by solution and version.
public enum PackageName: Sendable, Hashable {
    /// At least six hexadecimal digits, lower case.
    case digest(String)
    case file(String)
    case version(solution: String, version: String)

    /// Nil for a text that can mean no package.
    public init?(_ text: String) {
        if text.lowercased().hasSuffix(".zip") {
            self = .file(text)
            return
        }
        if let at = text.lastIndex(of: "@"), at != text.startIndex, text.index(after: at) != text.endIndex {
            self = .version(solution: String(text[..<at]), version: String(text[text.index(after: at)...]))
            return
        }
        let lower = text.lowercased()
        let digits = lower.hasPrefix("sha256:") ? String(lower.dropFirst("sha256:".count)) : lower
        guard (6...64).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self = .digest(digits)
    }
}
