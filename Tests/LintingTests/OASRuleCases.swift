/// A good and a bad document for each rule of `spectral:oas`.
enum OASRuleCases {
    static let all: [RuleCase] = info + tags + operations + paths + schemas + references + servers + examples + shapes

    static func v2(_ rest: String) -> String { "swagger: '2.0'\n" + rest }
    static func v3(_ rest: String) -> String { "openapi: 3.0.3\n" + rest }
    static func v31(_ rest: String) -> String { "openapi: 3.1.0\n" + rest }

    static let info: [RuleCase] = [
        RuleCase("info-contact", v2("◆info: {title: A}")),
        RuleCase("info-contact", v2("info: {contact: {name: A}}")),
        RuleCase("contact-properties", v2("info: {◆contact: {name: A, url: https://a.example}}")),
        RuleCase("contact-properties", v2("info: {contact: {name: A, url: https://a.example, email: a@a.example}}")),
        RuleCase("info-description", v2("info: {description: ◆''}")),
        RuleCase("info-description", v2("info: {description: A}")),
        RuleCase("info-license", v2("◆info: {}")),
        RuleCase("info-license", v2("info: {license: {name: MIT}}")),
        RuleCase("license-url", v2("info: {◆license: {name: MIT}}")),
        RuleCase("license-url", v2("info: {license: {url: https://a.example}}")),
        RuleCase("no-eval-in-markdown", v2("info: {title: ◆'eval(1)', description: 'so eval (1) goes'}")),
        RuleCase("no-eval-in-markdown", v2("info: {title: evaluate}")),
        RuleCase("no-script-tags-in-markdown", v2("paths: {/a: {get: {description: ◆'<script>x'}}}")),
        RuleCase("no-script-tags-in-markdown", v2("paths: {/a: {get: {description: a script}}}")),
    ]

    static let tags: [RuleCase] = [
        RuleCase("openapi-tags-alphabetical", v2("◆tags: [{name: b}, {name: a}]")),
        RuleCase("openapi-tags-alphabetical", v2("tags: [{name: a}, {name: b}]")),
        RuleCase("openapi-tags-uniqueness", v2("tags: [{name: a}, {name: ◆a}]"), message: "duplicate tag name \"a\""),
        RuleCase("openapi-tags-uniqueness", v2("tags: [{name: a}, {name: b}]")),
        RuleCase("openapi-tags", v2("◆tags: []")),
        RuleCase("openapi-tags", v2("tags: [{name: a}]")),
        RuleCase("tag-description", v2("tags: [◆{name: a}]")),
        RuleCase("tag-description", v2("tags: [{name: a, description: A}]")),
        RuleCase("operation-tag-defined", v2("tags: [{name: a}]\npaths: {/a: {get: {tags: [a, ◆b]}}}")),
        RuleCase("operation-tag-defined", v2("tags: [{name: a}]\npaths: {/a: {get: {tags: [a]}}}")),
        RuleCase("operation-tags", v2("paths: {/a: {◆get: {}, put: {tags: [a]}}}")),
        RuleCase("operation-tags", v2("paths: {/a: {get: {tags: [a]}}}")),
        RuleCase("operation-singular-tag", v2("paths: {/a: {get: {◆tags: [a, b]}}}")),
        RuleCase("operation-singular-tag", v2("paths: {/a: {get: {tags: [a]}}}")),
    ]

    static let operations: [RuleCase] = [
        RuleCase("operation-description", v3("paths: {/a: {◆get: {}, x-own: {}}}")),
        RuleCase("operation-description", v3("paths: {/a: {get: {description: A}}}")),
        RuleCase("operation-operationId", v3("paths: {/a: {◆get: {}}}")),
        RuleCase("operation-operationId", v3("paths: {/a: {get: {operationId: A}}}")),
        RuleCase(
            "operation-operationId-unique",
            v3("paths:\n  /b: {get: {operationId: A}, put: {operationId: ◆A}}\n  /a: {get: {operationId: ◆A}}")),
        RuleCase("operation-operationId-unique", v3("paths: {/a: {get: {operationId: A}, put: {operationId: a}}}")),
        RuleCase("operation-operationId-valid-in-url", v3("paths: {/a: {get: {operationId: ◆'ä b'}}}")),
        RuleCase("operation-operationId-valid-in-url", v3("paths: {/a: {get: {operationId: 'a-b_[1]'}}}")),
        RuleCase("operation-success-response", v2("paths: {/a: {get: {◆responses: {default: {}, '404': {}}}}}")),
        RuleCase("operation-success-response", v2("paths: {/a: {get: {responses: {'302': {}}}}}")),
        RuleCase("operation-success-response", v3("paths: {/a: {get: {responses: {2XX: {}}}}}")),
        RuleCase(
            "operation-parameters",
            v2("paths: {/a: {get: {parameters: [{in: query, name: a}, {in: path, name: a}, ◆{in: query, name: a}]}}}"),
            message: "already exposes"),
        RuleCase(
            "operation-parameters",
            v2("paths: {/a: {put: {◆parameters: [{in: body, name: a}, {in: formData, name: b}]}}}"),
            message: "in:formData"),
        RuleCase(
            "operation-parameters", v2("paths: {/a: {put: {parameters: [{in: body, name: a}, ◆{in: body, name: b}]}}}"),
            message: "single instance"),
        RuleCase(
            "operation-parameters", v2("paths: {/a: {get: {parameters: [{in: query, name: a}, {in: path, name: a}]}}}")),
        RuleCase(
            "oas2-operation-formData-consume-check",
            v2("paths: {/a: {◆post: {consumes: [application/json], parameters: [{in: formData, name: a}]}}}")),
        RuleCase(
            "oas2-operation-formData-consume-check",
            v2("paths: {/a: {post: {consumes: [multipart/form-data], parameters: [{in: formData, name: a}]}}}")),
    ]

    static let paths: [RuleCase] = [
        RuleCase("path-declarations-must-exist", v2("paths: {◆'/a/{}': {}, '/b/{c}': {}}")),
        RuleCase("path-declarations-must-exist", v2("paths: {'/b/{c}': {}}")),
        RuleCase("path-keys-no-trailing-slash", v2("paths: {◆/a/: {}, /: {}}")),
        RuleCase("path-keys-no-trailing-slash", v2("paths: {/: {}, /a: {}}")),
        RuleCase("path-not-include-query", v2("paths: {◆'/a?b=c': {}}")),
        RuleCase("path-not-include-query", v2("paths: {/a: {}}")),
        RuleCase("path-params", v2("paths: {'/a/{b}': {◆get: {}}}"), message: "must define parameter \"{b}\""),
        RuleCase("path-params", v2("paths: {'/a/{b}': {}, ◆'/a/{c}': {}}"), message: "must not be equivalent"),
        RuleCase("path-params", v2("paths: {◆'/a/{b}/{b}': {}}"), message: "multiple times"),
        RuleCase(
            "path-params",
            v2("paths:\n  /a:\n    get: {parameters: [◆{in: path, name: b, required: true}]}\n"),
            message: "must be used in path"),
        RuleCase(
            "path-params",
            v2(
                "paths:\n  '/a/{b}':\n    get: {parameters: [{$ref: '#/parameters/b'}]}\nparameters: {b: {in: path, name: b, required: true}}"
            )),
        RuleCase(
            "path-params",
            v2(
                "paths:\n  '/a/{My Id}':\n    get: {parameters: [{in: path, name: My Id, required: true, type: string}]}"
            )),
        RuleCase(
            "path-params",
            v2(
                "paths:\n  '/a/{b}':\n    get: {parameters: [◆{$ref: '#/parameters/b'}]}\nparameters: {b: {in: path, name: b}}"
            ),
            message: "\"required\" property"),
    ]

    static let schemas: [RuleCase] = [
        RuleCase("no-$ref-siblings", v2("definitions: {A: {$ref: '#/definitions/B', description: ◆a}, B: {}}")),
        RuleCase(
            "no-$ref-siblings", v31("components: {schemas: {A: {$ref: '#/components/schemas/B', description: a}}}")),
        RuleCase("no-$ref-siblings", v2("definitions: {A: {$ref: '#/definitions/B'}, B: {}}")),
        RuleCase("array-items", v2("definitions: {◆A: {type: array}, B: {type: array, items: {}}}")),
        RuleCase("array-items", v31("components: {schemas: {◆A: {type: [array, 'null']}}}")),
        RuleCase("array-items", v2("definitions: {B: {type: array, items: {}}}")),
        RuleCase(
            "typed-enum", v2("definitions: {A: {type: integer, enum: [1, ◆a, ◆1.5]}}"), message: "must be \"integer\""),
        RuleCase("typed-enum", v2("definitions: {A: {type: string, x-nullable: true, enum: [a, null]}}")),
        RuleCase("typed-enum", v31("components: {schemas: {A: {type: [string, 'null'], enum: [a, null, ◆1]}}}")),
        RuleCase(
            "duplicated-entry-in-enum", v2("definitions: {A: {◆enum: [1, {a: 1}, {a: 1}]}}"),
            message: "items ## 1 and 2"),
        RuleCase("duplicated-entry-in-enum", v2("definitions: {A: {properties: {enum: [1, 1]}}}")),
        RuleCase("oas2-discriminator", v2("definitions: {A: {discriminator: k, ◆properties: {}, ◆required: []}}")),
        RuleCase("oas2-discriminator", v2("definitions: {A: {discriminator: k, properties: {k: {}}, required: [k]}}")),
        RuleCase("oas2-anyOf", v2("definitions: {A: {◆anyOf: []}}")),
        RuleCase("oas2-anyOf", v2("definitions: {A: {allOf: []}}")),
        RuleCase("oas2-oneOf", v2("definitions: {A: {◆oneOf: []}}")),
        RuleCase("oas2-oneOf", v2("definitions: {A: {allOf: []}}")),
        RuleCase("oas2-unused-definition", v2("definitions: {◆A: {}, B: {}}\nx-use: {$ref: '#/definitions/B'}")),
        RuleCase("oas2-unused-definition", v2("definitions: {'A/B': {}}\nx-use: {$ref: '#/definitions/A~1B'}")),
        RuleCase(
            "oas3-unused-component", v3("components: {schemas: {◆A: {}}, headers: {◆B: {}}, securitySchemes: {c: {}}}")),
        RuleCase(
            "oas3-unused-component", v3("components: {schemas: {A: {}}}\nx-use: {$ref: '#/components/schemas/A'}")),
        RuleCase("oas2-parameter-description", v2("paths: {/a: {parameters: [◆{in: query, name: a}, {name: b}]}}")),
        RuleCase("oas2-parameter-description", v2("paths: {/a: {parameters: [{in: query, name: a, description: A}]}}")),
        RuleCase("oas3-parameter-description", v3("components: {parameters: {◆A: {in: query, name: a}}}")),
        RuleCase(
            "oas3-parameter-description", v3("components: {parameters: {A: {in: query, name: a, description: A}}}")),
    ]

    static let references: [RuleCase] = [
        RuleCase(
            "invalid-ref", v2("definitions: {Invoice: {}}\nx-use: {$ref: ◆'#/definitions/Invoise'}"),
            message: "did you mean 'Invoice'?"),
        RuleCase("invalid-ref", v2("x-use: {$ref: other.yaml}\ndefinitions: {A: {example: {$ref: '#/b'}}}")),
    ]

    static let servers: [RuleCase] = [
        RuleCase("oas2-api-host", v2("host: ◆''")),
        RuleCase("oas2-api-host", v2("host: a.example")),
        RuleCase("oas2-api-schemes", v2("◆schemes: []")),
        RuleCase("oas2-api-schemes", v2("schemes: [https]")),
        RuleCase("oas2-host-not-example", v2("host: ◆example.com")),
        RuleCase("oas2-host-not-example", v2("host: contoso.example")),
        RuleCase("oas2-host-trailing-slash", v2("host: ◆a.example/")),
        RuleCase("oas2-host-trailing-slash", v2("host: a.example")),
        RuleCase("oas3-api-servers", v3("◆servers: []")),
        RuleCase("oas3-api-servers", v3("servers: [{url: /}]")),
        RuleCase("oas3-server-not-example.com", v3("servers: [{url: ◆'https://example.com'}]")),
        RuleCase("oas3-server-not-example.com", v3("servers: [{url: 'https://a.example'}]")),
        RuleCase("oas3-server-trailing-slash", v3("servers: [{url: ◆'https://a.example/'}, {url: /}]")),
        RuleCase("oas3-server-trailing-slash", v3("servers: [{url: /}]")),
        RuleCase("oas3-server-variables", v3("servers: [◆{url: 'https://{a}.example'}]"), message: "Missed: a"),
        RuleCase(
            "oas3-server-variables", v3("servers: [{url: 'https://a.example', variables: {◆b: {default: c}}}]"),
            message: "unused defined \"b\""),
        RuleCase(
            "oas3-server-variables",
            v3("servers: [{url: 'https://a.example:{p}', ◆variables: {p: {enum: ['1', x], default: '1'}}}]"),
            message: "invalid URLs: https://a.example:x"),
        RuleCase("oas3-server-variables", v3("servers: [{url: 'https://{a}.example', variables: {a: {default: b}}}]")),
        RuleCase(
            "oas3-callbacks-in-callbacks", v3("paths: {/a: {get: {callbacks: {c: {'{x}': {post: {◆callbacks: {}}}}}}}}")
        ),
        RuleCase("oas3-callbacks-in-callbacks", v3("paths: {/a: {get: {callbacks: {c: {'{x}': {post: {}}}}}}}")),
        RuleCase("oas3_1-servers-in-webhook", v31("webhooks: {a: {post: {◆servers: []}}}")),
        RuleCase("oas3_1-servers-in-webhook", v31("webhooks: {a: {post: {}}}")),
        RuleCase("oas3_1-callbacks-in-webhook", v31("webhooks: {a: {post: {◆callbacks: {}}}}")),
        RuleCase("oas3_1-callbacks-in-webhook", v31("webhooks: {a: {post: {}}}")),
        RuleCase(
            "oas2-operation-security-defined",
            v2(
                "securityDefinitions: {o: {scopes: {r: R}}}\nsecurity: [{o: [r, ◆w]}]\npaths: {/a: {get: {security: [{◆k: []}]}}}"
            )),
        RuleCase("oas2-operation-security-defined", v2("securityDefinitions: {k: {}}\nsecurity: [{k: []}, {}]")),
        RuleCase("oas3-operation-security-defined", v3("components: {securitySchemes: {k: {}}}\nsecurity: [{◆l: []}]")),
        RuleCase("oas3-operation-security-defined", v3("components: {securitySchemes: {k: {}}}\nsecurity: [{k: []}]")),
    ]

    static let examples: [RuleCase] = [
        RuleCase(
            "oas2-valid-schema-example",
            v2(
                "definitions: {A: {type: object, properties: {a: {$ref: '#/definitions/B'}}, example: {a: ◆1}}, B: {type: string}}"
            ),
            message: "\"a\" property type must be string"),
        RuleCase("oas2-valid-schema-example", v2("definitions: {A: {type: string, x-nullable: true, example: null}}")),
        RuleCase(
            "oas2-valid-schema-example",
            v2("definitions: {A: {type: object, properties: {a: {$ref: '#/definitions/A'}}, example: {a: {a: {}}}}}")),
        RuleCase(
            "oas3-valid-schema-example", v3("components: {schemas: {A: {type: number, maximum: 3, example: ◆4}}}"),
            message: "must be <= 3"),
        RuleCase(
            "oas3-valid-schema-example", v3("components: {schemas: {A: {type: number, nullable: true, default: null}}}")
        ),
        RuleCase(
            "oas2-valid-media-example",
            v2(
                "paths: {/a: {get: {responses: {'200': {schema: {type: array, items: {type: string}}, examples: {application/json: [a, ◆1]}}}}}}"
            )),
        RuleCase(
            "oas2-valid-media-example",
            v2("paths: {/a: {get: {responses: {'200': {schema: {type: string}, examples: {application/json: a}}}}}}")),
        RuleCase(
            "oas3-valid-media-example",
            v3(
                "paths: {/a: {get: {responses: {'200': {content: {a/b: {schema: {type: string}, examples: {e: {value: ◆1}}}}}}}}}"
            )),
        RuleCase(
            "oas3-valid-media-example",
            v31(
                "paths: {/a: {get: {responses: {'200': {content: {a/b: {schema: {type: [string, integer]}, example: 1}}}}}}}"
            )),
        RuleCase("oas3-examples-value-or-externalValue", v3("components: {examples: {◆a: {}, b: {value: 1}}}")),
        RuleCase("oas3-examples-value-or-externalValue", v3("components: {examples: {b: {value: 1}}}")),
    ]

    static let shapes: [RuleCase] = [
        RuleCase(
            "oas2-schema",
            v2(
                "info: {title: A, version: '1'}\npaths:\n  /a: {get: {responses: {'200': {description: A}}, ◆sumary: x}}\ndefinitions: {A: {type: ◆strin}}"
            )),
        RuleCase(
            "oas2-schema",
            v2(
                "info: {title: A, version: '1'}\npaths:\n  /a: {post: {parameters: [◆{in: body, name: b}], responses: {'200': {description: A}}}}"
            ),
            message: "must have required property \"schema\""),
        RuleCase(
            "oas2-schema",
            v2(
                "info: {title: A, version: '1', x-y: 1}\npaths:\n  /a: {get: {responses: {'200': {description: A, schema: {$ref: '#/definitions/A'}}}}}\ndefinitions: {A: {type: object, properties: {x-z: {type: string}}}}"
            )),
        RuleCase(
            "oas3-schema", v3("info: {title: A, version: ◆1}\npaths: {}"),
            message: "\"version\" property must be string."),
        RuleCase(
            "oas3-schema", v3("info: {title: A, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {◆typ: string}}}")),
        RuleCase(
            "oas3-schema",
            v3("info: {title: A, version: '1'}\npaths: {/a: {get: {responses: {default: {description: A}}}}}")),
        RuleCase(
            "oas3-schema",
            v31("info: {title: A, version: '1'}\nwebhooks: {}\ncomponents: {schemas: {A: {const: 1}, B: true}}")),
    ]
}
