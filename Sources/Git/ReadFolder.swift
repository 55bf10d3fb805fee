/// What was read of a folder of the work tree, or of one file, whatever is there by now.
public struct ReadFolder: Sendable {
    /// From the top of the work tree, as it was named: links on it are not followed yet.
    public var path: String
    /// The bytes of each file, by path below the folder; of the one file by an empty path.
    public var contents: [String: [UInt8]]
    /// Whether a file below the folder is none of those that are read there.
    public var overlooks: @Sendable (String) -> Bool

    public init(
        path: String, contents: [String: [UInt8]], overlooks: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.path = path
        self.contents = contents
        self.overlooks = overlooks
    }
}
