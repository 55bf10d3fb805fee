/// A line of a file, as kept in plans and events.
public struct SourcePlace: Sendable, Hashable, Codable {
    /// Relative to the repository's root.
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}
