/// Files of the repository as a stage read them, before it makes a package of them or says what it found in them.
public struct ReadFiles: Sendable {
    /// The folder that was read, or the one file, relative to the repository's root, as it is named.
    public var path: String
    /// The bytes of each file, by path below the folder; of the one file by an empty path.
    public var contents: [String: [UInt8]]
    /// Whether a package is made of them.
    public var isForPackage: Bool
    /// Whether folders below the folder were looked into.
    public var isDeep: Bool
    /// Whether the path is that of a file, and what was read lies beside it: where links on the path lead.
    public var isBeside: Bool
    /// Whether a file below the folder is none of those that are read there.
    public var overlooks: @Sendable (String) -> Bool

    public init(
        _ path: String, contents: [String: [UInt8]], isForPackage: Bool = false, isDeep: Bool = true,
        isBeside: Bool = false,
        overlooks: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.path = path
        self.contents = contents
        self.isForPackage = isForPackage
        self.isDeep = isDeep
        self.isBeside = isBeside
        self.overlooks = overlooks
    }
}
