public import Environments

/// A package that somebody means, as far as it is known.
public struct KnownPackage: Sendable, Hashable {
    /// SHA-256, 64 hexadecimal digits.
    public var digest: String
    public var solution: String?
    public var version: String?
    /// The package itself, where its file is still there.
    public var contents: PackageContents?

    public init(digest: String, solution: String? = nil, version: String? = nil, contents: PackageContents? = nil) {
        self.digest = digest
        self.solution = contents?.solution ?? solution
        self.version = contents?.version ?? version
        self.contents = contents
    }

    /// Such as `ContosoSales 1.2.0.0 (sha256 0123456789ab)`.
    public var title: String {
        let name = [solution, version].compactMap { $0 }.joined(separator: " ")
        return "\(name.isEmpty ? "package" : name) (sha256 \(digest.prefix(12)))"
    }
}
