/// A JSONPath expression in Spectral's dialect, read once and then walked many times.
struct JSONPath: Sendable {
    /// One step of a path: which children it takes, and from how deep.
    struct Segment: Sendable {
        var selector: Selector
        /// Takes matching children of every descendant and of the node itself, as `..` does.
        var isDeep: Bool
    }

    enum Selector: Sendable {
        case names([String])
        case wildcard
        case slice(start: Int?, end: Int?, step: Int)
        case filter(FilterExpression)
        /// `^` in the middle of a path.
        case parent
    }

    /// What is done with each match at the end of a path.
    enum Modifier: Sendable {
        /// `~`: the name under which the value was found.
        case key
        /// `^`: the value that holds it.
        case parent
    }

    var text: String
    var segments: [Segment]
    var modifiers: [Modifier]

    /// A path without a step up in its middle, which one traversal of the document can follow.
    var isDownward: Bool {
        !segments.contains { if case .parent = $0.selector { true } else { false } }
    }

    init(_ text: String) throws(JSONPathError) {
        var parser = JSONPathParser(text)
        self = try parser.path()
    }

    init(text: String, segments: [Segment], modifiers: [Modifier]) {
        self.text = text
        self.segments = segments
        self.modifiers = modifiers
    }
}
