/// What became of a command.
struct ChildEnding: Sendable, Hashable {
    var status: ChildStatus
    /// Whether it was asked to stop while it was at work, so that its status does not say whether it was done.
    var wasStopped = false
    /// The processes that were still there after its first one and were ended, as `name (number)`.
    var leftBehind: [String] = []
}
