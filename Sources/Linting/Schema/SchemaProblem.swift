import Documents

/// One keyword of a schema that a value does not satisfy.
struct SchemaProblem {
    var keyword: String
    /// Where in the value.
    var path: [String]
    var message: String
    /// The value it is about.
    var value: Node
    /// The values of `enum`.
    var allowed: [Node] = []
    /// The property that is missing or not expected.
    var property: String?
}
