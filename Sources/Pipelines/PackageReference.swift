/// A solution package as stages pass it on: its content is an object in the object store.
public struct PackageReference: Sendable, Hashable, Codable {
    /// SHA-256 of the zip file, 64 lower-case hexadecimal digits; also the name of the object.
    public var digest: String
    /// Unique name of the solution.
    public var solution: String
    /// Such as `1.2.0.0`.
    public var version: String
    public var managed: Bool
    /// Bytes of the zip file.
    public var size: Int

    public init(digest: String, solution: String, version: String, managed: Bool, size: Int) {
        self.digest = digest
        self.solution = solution
        self.version = version
        self.managed = managed
        self.size = size
    }
}
