import Documents

/// A path that a stage reads and that leads nowhere when the plan is made.
struct MissingFile {
    var reader: StepID
    var path: String
    var node: Node
    /// The input, for people.
    var what: String
}
