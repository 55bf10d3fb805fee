/// The files of a folder as a stage read them, before it makes a package of them.
public struct ReadFiles: Sendable {
    /// The folder, relative to the repository's root, as it is named.
    public var folder: String
    /// The bytes of each file, by path below the folder.
    public var contents: [String: [UInt8]]
    /// Whether a file below the folder is none of those that go into a package.
    public var overlooks: @Sendable (String) -> Bool

    public init(
        folder: String, contents: [String: [UInt8]],
        overlooks: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.folder = folder
        self.contents = contents
        self.overlooks = overlooks
    }
}
