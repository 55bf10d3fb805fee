public import OpenAPI

/// What changed between two definitions.
public struct Comparison: Sendable {
    /// The older definition.
    public let base: APIDefinition
    /// The newer definition.
    public let revision: APIDefinition
    /// The differences in the order of the base document: the whole definition first, then operation by operation.
    public let changes: [Change]
    /// Who uses the API, as far as this comparison is concerned.
    public let profile: ComparisonOptions.Profile

    /// Compares two definitions, whatever their dialects.
    public init(base: APIDefinition, revision: APIDefinition, options: ComparisonOptions = ComparisonOptions()) {
        self.base = base
        self.revision = revision
        let comparer = DefinitionComparer(base: base, revision: revision, options: options)
        self.profile = comparer.profile
        self.changes = comparer.changes()
    }

    /// The largest version part that a change asks for.
    public var level: Bump { changes.map(\.semver).max() ?? .none }

    /// How many changes have the level.
    public func count(_ level: Level) -> Int { changes.reduce(0) { $0 + ($1.level == level ? 1 : 0) } }
}
