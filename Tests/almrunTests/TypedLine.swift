/// A command line as somebody types it, but for names of runs and files that a table of them cannot know.
///
/// It may begin with who types it: `mads:`, who may approve. Otherwise it is Rana, who asked for the runs.
struct TypedLine: Sendable, Hashable {
    var text: String

    init(_ text: String) { self.text = text }

    /// The first name of who types it.
    var person: String { words.first { $0.hasSuffix(":") }.map { String($0.dropLast()) } ?? "rana" }

    /// The words of the line without who types it.
    var arguments: [String] { words.first?.hasSuffix(":") == true ? Array(words.dropFirst()) : words }

    /// Between single quotes a word may be empty or have spaces.
    private var words: [String] {
        text.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { number, part in
            number % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
        }
    }

    /// The command that it is for, with the part of it: `runs prune`.
    var command: String {
        let words = arguments
        guard words.count > 1, ["locks", "runs"].contains(words[0]), ["list", "release", "prune"].contains(words[1])
        else { return words.first ?? "" }
        return "\(words[0]) \(words[1])"
    }
}
