import Documents

extension OASRules {
    static let documentSchema2 = Rule(
        "oas2-schema", .error, [.oas2], resolved: false, given: ["$"], [.init(.shape(SwaggerShapes.document))],
        description: nil, message: "{{error}}.",
        page: RulePage(
            "The document has the structure that Swagger 2.0 prescribes.",
            why: "Readers ignore what they do not know and fail at what they miss.",
            fix: "correct the name, the type or the place of the value", example: "get:\n  responses: {...}"))

    static let documentSchema3 = Rule(
        "oas3-schema", .error, [.oas3], resolved: false, given: ["$"], [.init(.openAPIShape)], description: nil,
        message: "{{error}}.",
        page: RulePage(
            "The document has the structure that OpenAPI 3 prescribes.",
            why: "Readers ignore what they do not know and fail at what they miss.",
            fix: "correct the name, the type or the place of the value", example: "get:\n  responses: {...}"))
}
