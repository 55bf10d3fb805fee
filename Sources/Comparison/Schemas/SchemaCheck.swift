/// Looks at one aspect of two schemas.
struct SchemaCheck: Sendable {
    let run: @Sendable (inout SchemaComparison) -> Void

    init(_ run: @escaping @Sendable (inout SchemaComparison) -> Void) { self.run = run }

    /// The checks that make sense where one schema stands against several.
    static let aroundAlternatives: [SchemaCheck] = [.nullability, .defaultValue, .lifecycle, .texts]

    /// Every check, in the order of their findings.
    static let all: [SchemaCheck] = [
        .types, .nullability, .enumeration, .constant, .bounds, .sizes, .pattern, .collections, .defaultValue,
        .lifecycle, .allOf, .anyOf, .oneOf, .discriminator, .properties, .additionalProperties, .elements, .conditions,
        .dependencies, .embeddedContent, .dynamicValues, .notificationURL, .texts,
    ]
}
