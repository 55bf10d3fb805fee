/// A good and a bad document for each rule of `almrun:connector`.
enum ConnectorRuleCases {
    static let all: [RuleCase] =
        info + operations + parameters + responses + extensions + properties + security + policies

    private static func v2(_ rest: String) -> String { "swagger: '2.0'\n" + rest }
    private static func get(_ operation: String) -> String { v2("paths: {/a: {get: {\(operation)}}}") }
    private static func properties(_ rest: String) -> String { "properties: {\(rest)}" }

    static let info: [RuleCase] = [
        RuleCase("connector-swagger-version", "openapi: ◆3.0.3"),
        RuleCase("connector-swagger-version", v2("info: {}")),
        RuleCase(
            "connector-title", v2("info: {title: ◆A title of more than thirty characters}"), message: "38 characters"),
        RuleCase("connector-title", v2("◆info: {description: A}"), message: "missing"),
        RuleCase("connector-title", v2("info: {title: Contoso Sales}")),
        RuleCase("connector-title-words", v2("info: {title: ◆Contoso API}"), message: "'api'"),
        RuleCase("connector-title-words", v2("info: {title: Rapid Capital (Independent Publisher)}")),
        RuleCase("connector-description-length", v2("info: {description: ◆Too short}")),
        RuleCase(
            "connector-description-length", v2("info: {description: Contoso Sales keeps invoices and customers.}")),
        RuleCase("connector-description-words", v2("info: {description: ◆Use it in Power Automate}")),
        RuleCase("connector-description-words", v2("info: {description: Use it in flows}")),
        RuleCase("connector-metadata", "◆swagger: '2.0'"),
        RuleCase(
            "connector-metadata",
            v2("◆x-ms-connector-metadata: [{propertyName: Website}, {propertyName: Privacy policy}]"),
            message: "'Categories'"),
        RuleCase(
            "connector-metadata",
            v2(
                "x-ms-connector-metadata: [{propertyName: Website}, {propertyName: Privacy policy}, {propertyName: Categories}]"
            )),
        RuleCase("connector-definition-size", v2("info: {}")),
        RuleCase("connector-definition-size", "swagger: ◆'2.0'\nx: '" + String(repeating: "x", count: 500_000) + "'"),
        RuleCase("connector-host", v2("host: ◆https://a.example")),
        RuleCase("connector-host", v2("host: ◆a.example/v1")),
        RuleCase("connector-host", v2("host: a.example:8443")),
        RuleCase("connector-host-private", v2("host: ◆localhost:5000")),
        RuleCase("connector-host-private", v2("host: ◆172.20.1.1")),
        RuleCase("connector-host-private", v2("host: ◆api.example.com"), message: "placeholder"),
        RuleCase(
            "connector-host-private", v2("host: 10.0.0.1"),
            properties: properties("connectionParameters: {gateway: {type: gatewaySetting}}")),
        RuleCase("connector-schemes", v2("schemes: [https, ◆http]")),
        RuleCase("connector-schemes", v2("schemes: [https]")),
        RuleCase("connector-hard-coded-uri", get("parameters: [{name: u, in: query, default: ◆'https://a.example'}]")),
        RuleCase(
            "connector-hard-coded-uri", v2("paths: {}"),
            properties: properties(
                "policyTemplateInstances: [{templateId: dynamichosturl, parameters: {x-ms-apimTemplateParameter.urlTemplate: ◆'https://a.example'}}]"
            )),
        RuleCase(
            "connector-hard-coded-uri", v2("paths: {}"),
            properties: properties(
                "policyTemplateInstances: [{templateId: dynamichosturl, parameters: {x-ms-apimTemplateParameter.urlTemplate: \"https://@connectionParameters('host')\"}}]"
            )),
        RuleCase("connector-path-case", v2("paths: {/a: {}, ◆/A: {}}")),
        RuleCase("connector-path-case", v2("paths: {/a: {}, /b: {}}")),
    ]

    static let operations: [RuleCase] = [
        RuleCase("connector-operation-id", v2("paths: {/a: {◆get: {}}}")),
        RuleCase("connector-operation-id", get("operationId: A")),
        RuleCase(
            "connector-operation-id-unique", v2("paths: {/a: {get: {operationId: GetA}, put: {operationId: ◆geta}}}")),
        RuleCase(
            "connector-operation-id-unique", v2("paths: {/a: {get: {operationId: GetA}, put: {operationId: PutA}}}")),
        RuleCase("connector-operation-id-shape", get("operationId: ◆get_a")),
        RuleCase("connector-operation-id-shape", get("operationId: ◆getA"), message: "PascalCase"),
        RuleCase("connector-operation-id-shape", get("operationId: GetA2_V3")),
        RuleCase("connector-operation-summary", v2("paths: {/a: {◆get: {}, put: {x-ms-visibility: internal}}}")),
        RuleCase("connector-operation-summary", get("summary: List invoices")),
        RuleCase("connector-summary-shape", get("summary: ◆Create/update")),
        RuleCase("connector-summary-shape", get("summary: Create or update")),
        RuleCase("connector-summary-ending", get("summary: ◆List invoices.")),
        RuleCase("connector-summary-ending", get("summary: List invoices (V2)")),
        RuleCase("connector-operation-description", v2("paths: {/a: {◆get: {}}}")),
        RuleCase("connector-operation-description", get("description: Lists.")),
        RuleCase("connector-description-differs", get("summary: List invoices, description: ◆List invoices.")),
        RuleCase("connector-description-differs", get("summary: List invoices, description: Gives all of them.")),
        RuleCase("connector-description-ending", get("description: ◆Gives all of them")),
        RuleCase("connector-description-ending", get("description: Gives all of them.")),
        RuleCase("connector-action-count", actions(50)),
        RuleCase("connector-action-count", actions(51).replacing("paths", with: "◆paths"), message: "51 actions"),
        RuleCase("connector-get-body", get("parameters: [◆{name: b, in: body}]")),
        RuleCase("connector-get-body", v2("paths: {/a: {post: {parameters: [{name: b, in: body}]}}}")),
        RuleCase("connector-deprecated-replacement", get("deprecated: ◆true")),
        RuleCase(
            "connector-deprecated-replacement",
            get("deprecated: true, x-ms-api-annotation: {replacement: {operationId: ◆ListV2}}"), message: "'ListV2'"),
        RuleCase(
            "connector-deprecated-replacement",
            get("operationId: List, deprecated: true, x-ms-api-annotation: {replacement: {operationId: List}}")),
    ]

    private static func actions(_ count: Int) -> String {
        v2("paths:\n" + (1...count).map { "  /a\($0): {get: {operationId: Get\($0)}}" }.joined(separator: "\n"))
    }

    static let parameters: [RuleCase] = [
        RuleCase(
            "connector-parameter-summary",
            get("parameters: [◆{name: a, in: query}, {name: b, in: query, x-ms-visibility: internal}]")),
        RuleCase("connector-parameter-summary", get("parameters: [{name: a, in: query, x-ms-summary: A}]")),
        RuleCase(
            "connector-parameter-description",
            v2(
                "parameters: {◆A: {name: a, in: query}}\npaths:\n  /a: {get: {parameters: [{$ref: '#/parameters/A'}]}}\n  /b: {get: {parameters: [{$ref: '#/parameters/A'}]}}"
            )),
        RuleCase("connector-parameter-description", get("parameters: [{name: a, in: query, description: A}]")),
        RuleCase(
            "connector-parameter-label-unique",
            get("parameters: [{name: a, in: query, x-ms-summary: A}, ◆{name: b, in: query, x-ms-summary: a}]")),
        RuleCase(
            "connector-parameter-label-unique",
            get("parameters: [{name: a, in: query, x-ms-summary: A}, {name: b, in: query, x-ms-summary: B}]")),
        RuleCase(
            "connector-internal-default",
            get("parameters: [◆{name: a, in: query, required: true, x-ms-visibility: internal}]")),
        RuleCase(
            "connector-internal-default",
            get("parameters: [{name: a, in: query, required: true, x-ms-visibility: internal, default: b}]")),
        RuleCase("connector-reserved-parameter", get("parameters: [◆{name: connectionId, in: query}]")),
        RuleCase("connector-reserved-parameter", get("parameters: [{name: id, in: query}]")),
        RuleCase(
            "connector-url-encoding",
            get("parameters: [◆{name: a, in: path, type: string}, {name: b, in: path, type: integer}]")),
        RuleCase(
            "connector-url-encoding", get("parameters: [{name: a, in: path, type: string, x-ms-url-encoding: double}]")),
        RuleCase(
            "connector-collection-format",
            get("parameters: [{name: a, in: query, type: array, collectionFormat: ◆multi}]")),
        RuleCase(
            "connector-collection-format", get("parameters: [{name: a, in: query, type: array, collectionFormat: csv}]")
        ),
        RuleCase(
            "connector-enum-values",
            v2("definitions: {A: {enum: [1], x-ms-enum-values: [{value: ◆2, displayName: B}, ◆{value: 1}]}}")),
        RuleCase(
            "connector-enum-values", v2("definitions: {A: {enum: [1], x-ms-enum-values: [{value: 1, displayName: B}]}}")
        ),
    ]

    static let responses: [RuleCase] = [
        RuleCase("connector-response-success", v2("paths: {/a: {◆get: {}, put: {◆responses: {default: {}}}}}")),
        RuleCase("connector-response-success", get("responses: {'204': {}}")),
        RuleCase("connector-default-response-schema", get("responses: {default: {◆schema: {type: string}}}")),
        RuleCase("connector-default-response-schema", get("responses: {default: {description: A}}")),
        RuleCase("connector-response-schema", get("responses: {◆'200': {}, '202': {}}")),
        RuleCase("connector-response-schema", get("responses: {'200': {◆schema: {}}}"), message: "empty"),
        RuleCase("connector-response-schema", v2("paths: {/a: {delete: {responses: {'200': {}}}}}")),
        RuleCase("connector-missing-example", get("responses: {◆'200': {schema: {type: string}}}")),
        RuleCase(
            "connector-missing-example",
            get("responses: {'200': {schema: {type: string, example: a}}, '201': {schema: {}, examples: {a/b: 1}}}")),
    ]

    static let extensions: [RuleCase] = [
        RuleCase(
            "connector-unknown-extension", get("◆x-ms-visibilty: internal"), message: "did you mean 'x-ms-visibility'"),
        RuleCase("connector-unknown-extension", v2("definitions: {A: {x-own: 1, properties: {x-ms-own: {}}}}")),
        RuleCase("connector-visibility", get("x-ms-visibility: ◆hidden")),
        RuleCase("connector-visibility", get("x-ms-visibility: advanced")),
        RuleCase("connector-pageable", get("x-ms-pageable: {nextLinkName: ◆next}")),
        RuleCase("connector-pageable", get("x-ms-pageable: {nextLinkName: '@odata.nextLink'}")),
        RuleCase("connector-trigger-kind", get("x-ms-trigger: ◆many")),
        RuleCase("connector-trigger-kind", get("x-ms-trigger: batch")),
        RuleCase(
            "connector-webhook",
            v2(
                "paths: {/a: {x-ms-notification-content: {}, post: {x-ms-trigger: ◆single, parameters: [{name: b, in: body, schema: {properties: {u: {x-ms-notification-url: true, x-ms-visibility: internal}}}}]}}}"
            ),
            message: "DELETE"),
        RuleCase(
            "connector-webhook",
            v2(
                "paths: {/a: {x-ms-notification-content: {}, delete: {}, post: {x-ms-trigger: single, parameters: [{name: b, in: body, schema: {properties: {u: {x-ms-notification-url: true, x-ms-visibility: internal}}}}]}}}"
            )),
        RuleCase(
            "connector-dynamic-operation",
            get("operationId: ListA, parameters: [{name: a, in: query, x-ms-dynamic-values: {operationId: ◆LisA}}]"),
            message: "did you mean 'ListA'"),
        RuleCase(
            "connector-dynamic-operation",
            get("operationId: ListA, parameters: [{name: a, in: query, x-ms-dynamic-values: {operationId: ListA}}]")),
        RuleCase(
            "connector-dynamic-parameters",
            get(
                "operationId: ListA, parameters: [{name: a, in: query, required: true, ◆x-ms-dynamic-values: {operationId: ListA, parameters: {◆b: 1}}}]"
            )),
        RuleCase(
            "connector-dynamic-parameters",
            get(
                "operationId: ListA, parameters: [{name: a, in: query, required: true, x-ms-dynamic-values: {operationId: ListA, parameters: {a: 1}}}]"
            )),
    ]

    static let properties: [RuleCase] = [
        RuleCase("connector-properties", v2("info: {}"), properties: "◆a: 1"),
        RuleCase("connector-properties", v2("info: {}"), properties: properties("iconBrandColor: '#112233'")),
        RuleCase("connector-brand-color", v2("info: {}"), properties: properties("iconBrandColor: ◆'#007EE5'")),
        RuleCase("connector-brand-color", v2("info: {}"), properties: properties("iconBrandColor: ◆blue")),
        RuleCase("connector-brand-color", v2("info: {}"), properties: properties("iconBrandColor: '#112233'")),
        RuleCase(
            "connector-connection-parameters", v2("info: {}"),
            properties: properties(
                "connectionParameters: {a: {type: ◆text}, ◆b: {}, c: {type: oAuthSetting, uiDefinition: {constraints: {required: ◆true}}}}"
            )),
        RuleCase(
            "connector-connection-parameters", v2("info: {}"),
            properties: properties(
                "connectionParameters: {a: {type: securestring, uiDefinition: {constraints: {required: 'true'}}}}")),
        RuleCase(
            "connector-literal-secret", v2("info: {}"),
            properties: properties(
                "connectionParameters: {a: {type: oauthSetting, oAuthSettings: {clientSecret: ◆abc}}}")),
        RuleCase(
            "connector-literal-secret", v2("info: {}"),
            properties: properties("connectionParameters: {a: {type: oauthSetting, oAuthSettings: {clientSecret: ''}}}")
        ),
        RuleCase(
            "connector-script-operation", get("operationId: ListA"),
            properties: properties("scriptOperations: [ListA, ◆ListB]")),
        RuleCase(
            "connector-script-operation", get("operationId: ListA"), properties: properties("scriptOperations: [ListA]")
        ),
        RuleCase(
            "connector-script-file", get("operationId: ListA"), properties: properties("◆scriptOperations: [ListA]"),
            hasScript: false),
        RuleCase(
            "connector-script-file", get("operationId: ListA"), properties: properties("scriptOperations: [ListA]"),
            hasScript: true),
    ]

    private static let oauth = "securityDefinitions: {o: {type: oauth2, tokenUrl: https://a.example/t, scopes: {r: R}}}"

    static let security: [RuleCase] = [
        RuleCase(
            "connector-security-parameters",
            v2("securityDefinitions: {◆k: {type: apiKey}, ◆b: {type: basic}, ◆o: {type: oauth2}}"),
            properties: properties("connectionParameters: {}")),
        RuleCase(
            "connector-security-parameters", v2("securityDefinitions: {}"),
            properties: properties("connectionParameters: {◆t: {type: oauthSetting}}")),
        RuleCase(
            "connector-security-parameters", v2("securityDefinitions: {k: {type: apiKey}}"),
            properties: properties("connectionParameters: {api_key: {type: securestring}}")),
        RuleCase(
            "connector-oauth-single", v2("info: {}"),
            properties: properties("connectionParameters: {a: {type: oauthSetting}, ◆b: {type: oauthSetting}}")),
        RuleCase(
            "connector-oauth-single", v2("info: {}"),
            properties: properties("connectionParameters: {a: {type: oauthSetting}}")),
        RuleCase(
            "connector-oauth-addresses", v2(oauth.replacing("tokenUrl: ", with: "tokenUrl: ◆")),
            properties: properties(
                "connectionParameters: {t: {type: oauthSetting, oAuthSettings: {identityProvider: oauth2, customParameters: {TokenUrl: {value: https://b.example/t}}}}}"
            )),
        RuleCase(
            "connector-oauth-addresses", v2(oauth),
            properties: properties(
                "connectionParameters: {t: {type: oauthSetting, oAuthSettings: {identityProvider: oauth2, customParameters: {tokenUrl: {value: https://a.example/t}}}}}"
            )),
        RuleCase(
            "connector-oauth-scopes", v2(oauth),
            properties: properties("connectionParameters: {t: {type: oauthSetting, oAuthSettings: {◆scopes: [r, w]}}}"),
            message: "'w'"),
        RuleCase(
            "connector-oauth-scopes", v2(oauth),
            properties: properties("connectionParameters: {t: {type: oauthSetting, oAuthSettings: {scopes: [r]}}}")),
    ]

    private static func policy(_ id: String, _ parameters: String) -> String {
        properties(
            "connectionParameters: {host: {type: string}}, policyTemplateInstances: [{templateId: \(id), title: P, parameters: {\(parameters)}}]"
        )
    }

    static let policies: [RuleCase] = [
        RuleCase(
            "connector-policy-template", v2("info: {}"), properties: policy("◆sethead", ""),
            message: "did you mean 'setheader'"),
        RuleCase("connector-policy-template", v2("info: {}"), properties: policy("SetHeader", "")),
        RuleCase(
            "connector-policy-parameters", v2("info: {}"),
            properties: policy("setheader", "x-ms-apimTemplateParameter.name: a").replacing(
                "parameters: {x", with: "◆parameters: {x"),
            message: "'value'"),
        RuleCase(
            "connector-policy-parameters", v2("info: {}"),
            properties: policy("setheader", "x-ms-apimTemplateParameter.name: a, x-ms-apimTemplateParameter.value: b")),
        RuleCase(
            "connector-policy-operation", get("operationId: ListA"),
            properties: policy("setheader", "x-ms-apimTemplate-operationName: [ListA, ◆ListB]")),
        RuleCase(
            "connector-policy-operation", get("operationId: ListA"),
            properties: policy("setheader", "x-ms-apimTemplate-operationName: [ListA]")),
        RuleCase(
            "connector-policy-connection-parameter", v2("info: {}"),
            properties: policy(
                "dynamichosturl", "x-ms-apimTemplateParameter.urlTemplate: ◆\"https://@connectionParameters('hots')\""),
            message: "'hots'"),
        RuleCase(
            "connector-policy-connection-parameter", v2("info: {}"),
            properties: policy(
                "dynamichosturl",
                "x-ms-apimTemplateParameter.urlTemplate: \"@connectionParameters('host') @connectionParameters('x', 'y')\""
            )),
    ]
}
