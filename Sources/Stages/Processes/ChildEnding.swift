/// What became of a command.
struct ChildEnding: Sendable, Hashable {
    var status: ChildStatus
    /// The processes that were still there after its first one and were ended, as `name (number)`.
    var leftBehind: [String] = []
}
