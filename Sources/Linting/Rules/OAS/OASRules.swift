/// The rules of `spectral:oas`.
enum OASRules {
    static let all: [Rule] = listed.map { rule in
        var rule = rule
        if rule.formats.isEmpty { rule.formats = [.oas2, .oas3] }
        return rule
    }

    private static let listed: [Rule] =
        [
            infoContact, contactProperties, infoDescription, infoLicense, licenseURL,
            noEval, noScriptTags,
            tagsAlphabetical, tagsUniqueness, tags, tagDescription,
            operationDescription, operationID, operationIDUnique, operationIDValidInURL, operationSuccessResponse,
            operationParameters, operationTags, operationSingularTag, operationTagDefined, formDataConsumes,
            pathParams, pathDeclarations, pathTrailingSlash, pathQuery,
            referenceSiblings, arrayItems, typedEnum, duplicatedEnum,
            apiHost, apiSchemes, hostNotExample, hostTrailingSlash, discriminator, anyOf, oneOf,
            parameterDescription2, parameterDescription3,
            securityDefined2, securityDefined3,
            schemaExample2, schemaExample3, mediaExample2, mediaExample3, examplesValue,
            unusedDefinition, unusedComponent,
            apiServers, serverNotExample, serverTrailingSlash, serverVariables,
            callbacksInCallbacks, serversInWebhook, callbacksInWebhook,
            documentSchema2, documentSchema3, invalidReference,
        ]

    static let methods = "get,put,post,delete,options,head,patch,trace"
    static let pathItem = "$.paths[*]"
    static let operation = "$.paths[*][\(methods)]"
    static let methodNames = methods.split(separator: ",").map(String.init)
}
