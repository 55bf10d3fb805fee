/// What a comparison means for the next release.
public struct Verdict: Sendable {
    /// Which part of the version has to grow.
    public let level: Bump
    /// The version of the base, if it could be read.
    public let baseVersion: APIVersion?
    /// The version that the revision says it is, if it could be read.
    public let declaredVersion: APIVersion?
    /// The smallest version that makes room for the changes; nil where the base version is unknown.
    public let neededVersion: APIVersion?
    /// Whether the declared version is too small for the changes.
    public let isVersionTooSmall: Bool
    /// The changes that ask for more than the declared version gives; breaking first.
    public let demanding: [Change]
    /// Breaking changes that nobody approved.
    public let unapproved: [Change]
    /// Approvals that match no change any more.
    public let unusedApprovals: [String]

    /// Judges a comparison.
    ///
    /// - Parameters:
    ///   - baseVersion: the version of the base; usually a tag's or `info.version`.
    ///   - declaredVersion: the version that is about to be released; nil asks for no proof.
    ///   - approved: the fingerprints of changes that somebody accepted; they need the same version, but nobody is asked again.
    public init(
        _ comparison: Comparison, baseVersion: String? = nil, declaredVersion: String? = nil,
        approved: Set<String> = []
    ) {
        let open = comparison.changes.filter { !approved.contains($0.fingerprint) }
        let level = comparison.level
        let base = baseVersion.flatMap { APIVersion($0) }
        let declared = declaredVersion.flatMap { APIVersion($0) }
        self.level = level
        self.baseVersion = base
        self.declaredVersion = declared
        self.neededVersion = base.map { $0.next(level) }
        self.unapproved = open.filter { $0.level == .breaking }
        self.unusedApprovals = approved.subtracting(comparison.changes.map(\.fingerprint)).sorted()
        guard let base, let declared, declared < base.next(level) else {
            self.isVersionTooSmall = false
            self.demanding = []
            return
        }
        self.isVersionTooSmall = true
        self.demanding = comparison.changes.filter { declared < base.next($0.semver) }.sorted { $0.level > $1.level }
    }
}
