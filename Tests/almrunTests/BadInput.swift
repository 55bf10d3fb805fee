import Foundation

/// A command line that somebody may type by mistake, and what is said to it.
struct BadInput: Sendable, CustomStringConvertible {
    /// As typed, but for names of runs and files that a case cannot know: `FINISHED`, `FAILED`, `WAITING`, `PACKAGE`.
    ///
    /// It may begin with who types it: `mads:`, who may approve. Otherwise it is Rana, who asked for the runs.
    var line: String
    var status: Int32
    /// What standard error must hold: the code of the error, or words of it.
    var words: [String]

    init(_ line: String, _ status: Int32 = 2, _ words: String...) {
        self.line = line
        self.status = status
        self.words = words
    }

    var description: String { line }

    /// The first name of who types it.
    var person: String { words(of: line).first { $0.hasSuffix(":") }.map { String($0.dropLast()) } ?? "rana" }

    /// The words of the line without who types it.
    var arguments: [String] {
        let words = words(of: line)
        return words.first?.hasSuffix(":") == true ? Array(words.dropFirst()) : words
    }

    /// Between single quotes a word may be empty or have spaces.
    private func words(of line: String) -> [String] {
        line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { number, part in
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
