/// Where text holds what CI services take for a command in the log of a job.
///
/// GitHub obeys `::name::` at the beginning of a line, after blanks, and `##[name]` anywhere; Azure Pipelines obeys
/// `##vso[` and `##[` anywhere, and other services have a word of their own there. What has no width or meaning of its
/// own may not hide one, since the services compare texts as people read them.
enum LogCommand {
    /// Whether the two colons of a command stand at an index.
    static func begins(in text: [Unicode.Scalar], at index: Int) -> Bool {
        guard text[index] == ":", let next = next(in: text, after: index) else { return false }
        return text[next] == ":"
    }

    /// The index of the second `#` of the command whose first one stands at an index; nil when none does.
    static func sign(in text: [Unicode.Scalar], at index: Int) -> Int? {
        guard text[index] == "#", let second = next(in: text, after: index), text[second] == "#" else { return nil }
        var at = next(in: text, after: second)
        while let found = at, text[found].properties.isAlphabetic { at = next(in: text, after: found) }
        return at.map { text[$0] == "[" } == true ? second : nil
    }

    /// The next scalar that counts.
    private static func next(in text: [Unicode.Scalar], after index: Int) -> Int? {
        var index = index + 1
        while index < text.count, text[index].properties.isDefaultIgnorableCodePoint { index += 1 }
        return index < text.count ? index : nil
    }
}
