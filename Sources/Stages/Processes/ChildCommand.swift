/// A program to start, as the system takes it.
struct ChildCommand: Sendable {
    /// Absolute path of the program.
    var path: String
    /// The name that the program is called by, and its arguments.
    var arguments: [String]
    /// Its whole environment as `NAME=value`.
    var variables: [String]
    /// The folder it runs in.
    var folder: String
}
