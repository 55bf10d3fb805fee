/// Looks at one aspect of two whole definitions.
struct DefinitionCheck: Sendable {
    let run: @Sendable (DefinitionComparer, inout ChangeCollector) -> Void

    init(_ run: @escaping @Sendable (DefinitionComparer, inout ChangeCollector) -> Void) { self.run = run }

    /// Every check, in the order of their findings.
    static let all: [DefinitionCheck] = [
        .addresses, .globalSecurity, .securitySchemes, .namedSchemas, .capabilities, .metadata,
    ]
}
