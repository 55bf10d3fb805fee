/// Why a text is no JSONPath expression.
struct JSONPathError: Error, Sendable {
    /// What is wrong, in words.
    var reason: String
    /// Where, in characters from the start of the text.
    var offset: Int
}
