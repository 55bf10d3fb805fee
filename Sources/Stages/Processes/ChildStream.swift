/// What a process writes to.
enum ChildStream: Int, Sendable, CaseIterable {
    case output, error
}
