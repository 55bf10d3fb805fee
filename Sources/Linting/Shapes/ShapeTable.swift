/// The shapes of one version of the specification.
struct ShapeTable: Sendable {
    var root: String
    var objects: [String: ObjectShape]
    /// Picks the shape of a node that can be several things, by the name that stands for all of them.
    var choices: [String: ShapeChoice] = [:]
}
