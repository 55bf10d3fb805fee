/// One file of an archive: its name with forward slashes, and its bytes.
public struct ZipEntry: Sendable, Hashable {
    /// The path inside the archive, such as `Workflows/Nightly.json`.
    public var name: String
    /// The uncompressed content.
    public var bytes: [UInt8]

    /// A file with a name and its content.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
