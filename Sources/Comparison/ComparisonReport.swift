import Documents

/// A comparison and its verdict as plain values, for JSON.
public struct ComparisonReport: Sendable, Codable {
    /// One change as plain values.
    public struct Entry: Sendable, Codable {
        public var id: String
        public var level: Level
        public var semver: Bump
        public var message: String
        public var operations: [OperationReference]
        public var part: String?
        public var pointer: String?
        public var base: Spot?
        public var revision: Spot?
        public var consumerNote: String?
        public var fingerprint: String
        public var isApproved: Bool
    }

    /// A place in a file, counted from 1.
    public struct Spot: Sendable, Codable {
        public var file: String
        public var line: Int
        public var column: Int
    }

    public var profile: ComparisonOptions.Profile
    public var level: Bump
    public var breaking: Int
    public var warnings: Int
    public var infos: Int
    public var baseVersion: String?
    public var declaredVersion: String?
    public var neededVersion: String?
    public var isVersionTooSmall: Bool
    public var changes: [Entry]

    /// The report of a comparison.
    public init(_ comparison: Comparison, verdict: Verdict, approved: Set<String> = []) {
        profile = comparison.profile
        level = verdict.level
        breaking = comparison.count(.breaking)
        warnings = comparison.count(.warning)
        infos = comparison.count(.info)
        baseVersion = verdict.baseVersion?.description
        declaredVersion = verdict.declaredVersion?.description
        neededVersion = verdict.neededVersion?.description
        isVersionTooSmall = verdict.isVersionTooSmall
        changes = comparison.changes.map { change in
            Entry(
                id: change.id, level: change.level, semver: change.semver, message: change.message,
                operations: change.operations, part: change.part, pointer: change.pointer?.description,
                base: Self.spot(change.base), revision: Self.spot(change.revision),
                consumerNote: change.consumerNote, fingerprint: change.fingerprint,
                isApproved: approved.contains(change.fingerprint))
        }
    }

    private static func spot(_ node: Node?) -> Spot? {
        node.map { node in
            let start = node.location.utf16Start
            return Spot(file: node.document.source.name, line: start.line, column: start.column)
        }
    }
}
