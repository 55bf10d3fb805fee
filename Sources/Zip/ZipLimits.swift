/// How much an archive may hold before it is refused.
public struct ZipLimits: Sendable, Hashable {
    /// The most entries.
    public var entries: Int
    /// The most bytes of one entry, uncompressed.
    public var entryBytes: Int
    /// The most bytes of all entries together, uncompressed.
    public var totalBytes: Int
    /// The most bytes that one compressed byte may become, once an entry is larger than ``ratioFloor``.
    public var ratio: Int
    /// Entries up to this size are believed whatever their ratio.
    public var ratioFloor: Int

    /// Limits that every real solution package is far below; Dataverse itself takes up to 95 MB, compressed.
    public init(
        entries: Int = 100_000, entryBytes: Int = 512 << 20, totalBytes: Int = 1 << 30, ratio: Int = 400,
        ratioFloor: Int = 8 << 20
    ) {
        self.entries = entries
        self.entryBytes = entryBytes
        self.totalBytes = totalBytes
        self.ratio = ratio
        self.ratioFloor = ratioFloor
    }
}
