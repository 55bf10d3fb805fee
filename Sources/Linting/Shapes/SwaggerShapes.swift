/// The structure of Swagger 2.0 documents.
enum SwaggerShapes {
    static let document = ShapeTable(root: "root", objects: objects, choices: choices)

    private static let mimeTypes = Shape.list(.text, least: 0)
    private static let security = Shape.list(.map(.list(.text, least: 0)), least: 0)
    private static let schemes = Shape.list(.choice(["http", "https", "ws", "wss"]), least: 0)

    /// The keywords that describe a value wherever it stands.
    private static let value: [String: Shape] = [
        "format": .text, "default": .any, "multipleOf": .number, "maximum": .number, "exclusiveMaximum": .boolean,
        "minimum": .number, "exclusiveMinimum": .boolean, "maxLength": .integer, "minLength": .integer,
        "pattern": .text, "maxItems": .integer, "minItems": .integer, "uniqueItems": .boolean,
        "enum": .list(.any, least: 1),
    ]

    private static let simple = value.merging(
        [
            "type": .choice(["string", "number", "integer", "boolean", "array"]), "items": .object("items"),
            "collectionFormat": .choice(["csv", "ssv", "tsv", "pipes"]),
        ]) { _, new in new }

    private static let parameter = simple.merging(
        [
            "name": .text, "in": .text, "description": .text, "required": .boolean, "allowEmptyValue": .boolean,
            "collectionFormat": .choice(["csv", "ssv", "tsv", "pipes", "multi"]),
        ]) { _, new in new }

    private static let objects: [String: ObjectShape] = [
        "root": ObjectShape(
            [
                "swagger": .choice(["2.0"]), "info": .object("info"), "host": .pattern("^[^{}/ :\\\\]+(?::\\d+)?$"),
                "basePath": .pattern("^/"), "schemes": schemes, "consumes": mimeTypes, "produces": mimeTypes,
                "paths": .object("paths"), "definitions": .map(.object("schema")),
                "parameters": .map(.object("parameter")), "responses": .map(.object("response")), "security": security,
                "securityDefinitions": .map(.object("securityScheme")), "tags": .list(.object("tag"), least: 0),
                "externalDocs": .object("externalDocs"),
            ], required: ["swagger", "info", "paths"]),
        "info": ObjectShape(
            [
                "title": .text, "version": .text, "description": .text, "termsOfService": .text,
                "contact": .object("contact"), "license": .object("license"),
            ], required: ["version", "title"]),
        "contact": ObjectShape(["name": .text, "url": .format("uri"), "email": .format("email")]),
        "license": ObjectShape(["name": .text, "url": .format("uri")], required: ["name"]),
        "paths": ObjectShape([:], others: .object("pathItem")),
        "pathItem": ObjectShape([
            "$ref": .text, "get": .object("operation"), "put": .object("operation"), "post": .object("operation"),
            "delete": .object("operation"), "options": .object("operation"), "head": .object("operation"),
            "patch": .object("operation"), "parameters": .list(.reference("parameter"), least: 0),
        ]),
        "operation": ObjectShape(
            [
                "tags": .list(.text, least: 0), "summary": .text, "description": .text,
                "externalDocs": .object("externalDocs"), "operationId": .text, "produces": mimeTypes,
                "consumes": mimeTypes, "parameters": .list(.reference("parameter"), least: 0),
                "responses": .object("responses"), "schemes": schemes, "deprecated": .boolean, "security": security,
            ], required: ["responses"]),
        "responses": ObjectShape([:], others: .reference("response")),
        "response": ObjectShape(
            [
                "description": .text, "schema": .object("schema"), "headers": .map(.object("header")),
                "examples": .map(.any),
            ], required: ["description"]),
        "header": ObjectShape(simple.merging(["description": .text]) { _, new in new }, required: ["type"]),
        "items": ObjectShape(simple.merging(["$ref": .text]) { _, new in new }),
        "bodyParameter": ObjectShape(
            [
                "name": .text, "in": .text, "description": .text, "required": .boolean, "schema": .object("schema"),
            ], required: ["name", "in", "schema"]),
        "anyParameter": ObjectShape([:], others: .any),
        "plainParameter": ObjectShape(parameter, required: ["name", "in", "type"]),
        "formParameter": ObjectShape(
            parameter.merging(
                ["type": .choice(["string", "number", "integer", "boolean", "array", "file"])]) { _, new in new },
            required: ["name", "in", "type"]),
        "pathParameter": ObjectShape(
            parameter, required: ["name", "in", "type", "required"]),
        "schema": ObjectShape(
            value.merging(
                [
                    "$ref": .text, "title": .text, "description": .text, "maxProperties": .integer,
                    "minProperties": .integer, "required": .list(.text, least: 1),
                    "additionalProperties": .either([.boolean, .object("schema")]),
                    "type": .either([
                        .list(.text, least: 1),
                        .choice(["array", "boolean", "integer", "null", "number", "object", "string", "file"]),
                    ]),
                    "items": .either([.list(.object("schema"), least: 1), .object("schema")]),
                    "allOf": .list(.object("schema"), least: 1), "anyOf": .any, "oneOf": .any,
                    "properties": .object("properties"), "discriminator": .text, "readOnly": .boolean,
                    "xml": .object("xml"), "externalDocs": .object("externalDocs"), "example": .any,
                ]) { _, new in new }),
        "properties": ObjectShape([:], others: .object("schema"), allowsExtensions: false),
        "xml": ObjectShape([
            "name": .text, "namespace": .text, "prefix": .text, "attribute": .boolean, "wrapped": .boolean,
        ]),
        "externalDocs": ObjectShape(["description": .text, "url": .format("uri")], required: ["url"]),
        "tag": ObjectShape(
            ["name": .text, "description": .text, "externalDocs": .object("externalDocs")], required: ["name"]),
        "basic": ObjectShape(["type": .text, "description": .text], required: ["type"]),
        "apiKey": ObjectShape(
            ["type": .text, "name": .text, "in": .choice(["header", "query"]), "description": .text],
            required: ["type", "name", "in"]),
        "oauth2": ObjectShape(
            [
                "type": .text, "flow": .choice(["implicit", "password", "application", "accessCode"]),
                "scopes": .map(.text), "authorizationUrl": .format("uri"), "tokenUrl": .format("uri"),
                "description": .text,
            ], required: ["type", "flow"]),
    ]

    private static let choices: [String: ShapeChoice] = [
        "parameter": ShapeChoice(
            key: "in",
            shapes: [
                "body": "bodyParameter", "query": "plainParameter", "header": "plainParameter",
                "path": "pathParameter", "formData": "formParameter",
            ], missing: "Parameter must have a valid \"in\" property",
            values: ["path", "query", "header", "body", "formData"], fallback: "anyParameter"),
        "securityScheme": ShapeChoice(
            key: "type", shapes: ["basic": "basic", "apiKey": "apiKey", "oauth2": "oauth2"],
            missing: "Security scheme must have a valid type", kindMessage: "Invalid security scheme",
            values: ["basic", "apiKey", "oauth2"]),
    ]
}
