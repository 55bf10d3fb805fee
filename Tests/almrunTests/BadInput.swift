import Foundation

/// A command line that somebody may type by mistake, and what is said to it.
struct BadInput: Sendable, CustomStringConvertible {
    /// As typed, but for names that a case cannot know: `FINISHED`, `FAILED`, `WAITING`, `PACKAGE`.
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
    var person: String { TypedLine(line).person }
    var arguments: [String] { TypedLine(line).arguments }
    var command: String { TypedLine(line).command }
}
