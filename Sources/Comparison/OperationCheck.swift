/// Looks at one aspect of an operation before and after.
struct OperationCheck: Sendable {
    let run: @Sendable (inout OperationPair) -> Void

    init(_ run: @escaping @Sendable (inout OperationPair) -> Void) { self.run = run }

    /// Every check, in the order of their findings.
    static let all: [OperationCheck] = [
        .identity, .deprecation, .stability, .tags, .parameters, .parameterOrder, .requestBody, .responses,
        .operationSecurity, .trigger, .presentation, .annotation, .paging,
    ]
}
