import Documents

/// The rules of `almrun:connector`: what Power Platform wants of a custom connector beyond a valid definition.
enum ConnectorRules {
    static let all: [Rule] =
        [
            swaggerVersion, title, titleWords, infoDescription, descriptionWords, metadata, definitionSize,
            host, privateHost, schemes, hardCodedAddress,
            operationID, operationIDUnique, operationIDShape, summary, summaryShape, summaryEnding, description,
            descriptionDiffers, descriptionEnding, actionCount, getBody, deprecatedReplacement,
            parameterSummary, parameterDescription, duplicateSummary, internalDefault, reservedParameter, urlEncoding,
            collectionFormat, enumValues,
            onlyDefaultResponse, defaultResponseSchema, responseSchema, missingExample,
            pathCase, unknownExtension, visibility, pageable, triggerKind, webhook,
            dynamicOperation, dynamicParameters,
            propertiesMissing, brandColor, connectionParameterTypes, securityParameters, oauthSingle, oauthAddresses,
            oauthScopes, literalSecret, policyTemplate, policyParameters, policyOperation, policyConnectionParameter,
            scriptOperation, scriptFile,
        ]

    static func rule(
        _ code: String, _ severity: Severity, _ formats: Set<DocumentFormat> = [.oas2], page: RulePage,
        _ check: @escaping @Sendable (LintContext) -> [Remark]
    ) -> Rule {
        Rule(
            code, severity, formats, given: ["$"], [.init(RuleFunction(code) { _, context in check(context) })],
            description: nil, page: page)
    }
}
