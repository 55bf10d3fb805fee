import Documents

/// How to tell which of several shapes an object has.
struct ShapeChoice: Sendable {
    /// The member that says it.
    var key: String
    var shapes: [String: String]
    /// The message where the member is missing.
    var missing: String
    /// The message for a value that is no object.
    var kindMessage: String?
    /// The values in the order in which messages list them.
    var values: [String]
    /// The shape to compare with where the member says nothing known.
    var fallback: String?
}
