import Documents

/// The structure of OpenAPI 3.0 and 3.1 documents.
enum OpenAPIShapes {
    static let version30 = ShapeTable(
        root: "root", objects: shared.merging(only30) { _, new in new }, choices: choices)
    static let version31 = ShapeTable(
        root: "root", objects: shared.merging(only31) { _, new in new }, choices: choices31)

    private static let security = Shape.list(.map(.list(.text, least: 0)), least: 0)
    private static let servers = Shape.list(.object("server"), least: 0)
    private static let content = Shape.map(.object("media"))

    private static let root: [String: Shape] = [
        "info": .object("info"), "externalDocs": .object("externalDocs"), "servers": servers, "security": security,
        "tags": .list(.object("tag"), least: 0), "paths": .object("paths"), "components": .object("components"),
    ]

    private static let components: [String: Shape] = [
        "schemas": .map(.reference("schema")), "responses": .map(.reference("response")),
        "parameters": .map(.reference("parameter")), "examples": .map(.reference("example")),
        "requestBodies": .map(.reference("requestBody")), "headers": .map(.reference("header")),
        "securitySchemes": .map(.reference("securityScheme")), "links": .map(.reference("link")),
        "callbacks": .map(.reference("callback")),
    ]

    private static let parameter: [String: Shape] = [
        "name": .text, "in": .text, "description": .text, "required": .boolean, "deprecated": .boolean,
        "allowEmptyValue": .boolean, "explode": .boolean, "allowReserved": .boolean, "schema": .reference("schema"),
        "content": content, "example": .any, "examples": .map(.reference("example")),
    ]

    private static let header: [String: Shape] = [
        "description": .text, "required": .boolean, "deprecated": .boolean, "allowEmptyValue": .boolean,
        "style": .choice(["simple"]), "explode": .boolean, "allowReserved": .boolean, "schema": .reference("schema"),
        "content": content, "example": .any, "examples": .map(.reference("example")),
    ]

    private static let hasSchema = ObjectShape.Demand(
        isMet: { $0["schema"] != nil || $0["content"] != nil }, message: "\"schema\" or \"content\" must be present")

    private static func parameter(styles: [String], required: [String] = []) -> ObjectShape {
        ObjectShape(
            parameter.merging(["style": .choice(styles)]) { _, new in new }, required: ["name", "in"] + required,
            demands: [hasSchema])
    }

    private static let shared: [String: ObjectShape] = [
        "contact": ObjectShape(["name": .text, "url": .format("uri-reference"), "email": .format("email")]),
        "externalDocs": ObjectShape(["description": .text, "url": .format("uri-reference")], required: ["url"]),
        "tag": ObjectShape(
            ["name": .text, "description": .text, "externalDocs": .object("externalDocs")], required: ["name"]),
        "server": ObjectShape(
            ["url": .text, "description": .text, "variables": .map(.object("serverVariable"))], required: ["url"]),
        "serverVariable": ObjectShape(
            ["enum": .list(.text, least: 0), "default": .text, "description": .text], required: ["default"]),
        "paths": ObjectShape([:], others: .object("pathItem")),
        "pathItem": ObjectShape([
            "$ref": .text, "summary": .text, "description": .text, "servers": servers,
            "parameters": .list(.reference("parameter"), least: 0), "get": .object("operation"),
            "put": .object("operation"), "post": .object("operation"), "delete": .object("operation"),
            "options": .object("operation"), "head": .object("operation"), "patch": .object("operation"),
            "trace": .object("operation"),
        ]),
        "responses": ObjectShape([:], others: .reference("response")),
        "response": ObjectShape(
            [
                "description": .text, "headers": .map(.reference("header")), "content": content,
                "links": .map(.reference("link")),
            ], required: ["description"]),
        "requestBody": ObjectShape(
            ["description": .text, "content": content, "required": .boolean], required: ["content"]),
        "media": ObjectShape([
            "schema": .reference("schema"), "example": .any, "examples": .map(.reference("example")),
            "encoding": .map(.object("encoding")),
        ]),
        "encoding": ObjectShape([
            "contentType": .text, "headers": .map(.reference("header")),
            "style": .choice(["form", "spaceDelimited", "pipeDelimited", "deepObject"]), "explode": .boolean,
            "allowReserved": .boolean,
        ]),
        "example": ObjectShape([
            "summary": .text, "description": .text, "value": .any, "externalValue": .format("uri-reference"),
        ]),
        "header": ObjectShape(header, demands: [hasSchema]),
        "anyParameter": ObjectShape(parameter, others: .any),
        "pathParameter": parameter(styles: ["matrix", "label", "simple"], required: ["required"]),
        "queryParameter": parameter(styles: ["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        "headerParameter": parameter(styles: ["simple"]),
        "cookieParameter": parameter(styles: ["form"]),
        "link": ObjectShape([
            "operationId": .text, "operationRef": .format("uri-reference"), "parameters": .any, "requestBody": .any,
            "description": .text, "server": .object("server"),
        ]),
        "callback": ObjectShape([:], others: .object("pathItem")),
        "apiKey": ObjectShape(
            ["type": .text, "name": .text, "in": .choice(["header", "query", "cookie"]), "description": .text],
            required: ["type", "name", "in"]),
        "http": ObjectShape(
            ["type": .text, "scheme": .text, "bearerFormat": .text, "description": .text],
            required: ["scheme", "type"]),
        "oauth2": ObjectShape(
            ["type": .text, "flows": .object("flows"), "description": .text], required: ["type", "flows"]),
        "openIdConnect": ObjectShape(
            ["type": .text, "openIdConnectUrl": .format("uri-reference"), "description": .text],
            required: ["type", "openIdConnectUrl"]),
        "mutualTLS": ObjectShape(["type": .text, "description": .text], required: ["type"]),
        "flows": ObjectShape([
            "implicit": .object("implicitFlow"), "password": .object("tokenFlow"),
            "clientCredentials": .object("tokenFlow"), "authorizationCode": .object("codeFlow"),
        ]),
        "implicitFlow": ObjectShape(flow, required: ["authorizationUrl", "scopes"]),
        "tokenFlow": ObjectShape(flow, required: ["tokenUrl", "scopes"]),
        "codeFlow": ObjectShape(flow, required: ["authorizationUrl", "tokenUrl", "scopes"]),
        "xml": ObjectShape([
            "name": .text, "namespace": .format("uri"), "prefix": .text, "attribute": .boolean, "wrapped": .boolean,
        ]),
        "discriminator": ObjectShape(
            ["propertyName": .text, "mapping": .map(.text)], required: ["propertyName"]),
        "properties": ObjectShape([:], others: .reference("schema"), allowsExtensions: false),
    ]

    private static let flow: [String: Shape] = [
        "authorizationUrl": .format("uri-reference"), "tokenUrl": .format("uri-reference"),
        "refreshUrl": .format("uri-reference"), "scopes": .map(.text),
    ]

    private static let operation: [String: Shape] = [
        "tags": .list(.text, least: 0), "summary": .text, "description": .text, "externalDocs": .object("externalDocs"),
        "operationId": .text, "parameters": .list(.reference("parameter"), least: 0),
        "requestBody": .reference("requestBody"), "responses": .object("responses"),
        "callbacks": .map(.reference("callback")), "deprecated": .boolean, "security": security, "servers": servers,
    ]

    private static let info: [String: Shape] = [
        "title": .text, "description": .text, "termsOfService": .format("uri-reference"), "contact": .object("contact"),
        "license": .object("license"), "version": .text,
    ]

    private static let only30: [String: ObjectShape] = [
        "root": ObjectShape(
            root.merging(["openapi": .pattern("^3\\.0\\.\\d(-.+)?$")]) { _, new in new },
            required: ["openapi", "info", "paths"]),
        "info": ObjectShape(info, required: ["title", "version"]),
        "license": ObjectShape(["name": .text, "url": .format("uri-reference")], required: ["name"]),
        "components": ObjectShape(components),
        "operation": ObjectShape(operation, required: ["responses"]),
        "schema": ObjectShape([
            "title": .text, "multipleOf": .number, "maximum": .number, "exclusiveMaximum": .boolean, "minimum": .number,
            "exclusiveMinimum": .boolean, "maxLength": .integer, "minLength": .integer, "pattern": .text,
            "maxItems": .integer, "minItems": .integer, "uniqueItems": .boolean, "maxProperties": .integer,
            "minProperties": .integer, "required": .list(.text, least: 1), "enum": .list(.any, least: 1),
            "type": .choice(["array", "boolean", "integer", "number", "object", "string"]),
            "not": .reference("schema"), "allOf": .list(.reference("schema"), least: 0),
            "oneOf": .list(.reference("schema"), least: 0), "anyOf": .list(.reference("schema"), least: 0),
            "items": .reference("schema"), "properties": .object("properties"),
            "additionalProperties": .either([.boolean, .reference("schema")]), "description": .text, "format": .text,
            "default": .any, "nullable": .boolean, "discriminator": .object("discriminator"), "readOnly": .boolean,
            "writeOnly": .boolean, "example": .any, "externalDocs": .object("externalDocs"), "deprecated": .boolean,
            "xml": .object("xml"),
        ]),
    ]

    private static let only31: [String: ObjectShape] = [
        "root": ObjectShape(
            root.merging([
                "openapi": .pattern("^3\\.1\\.\\d+(-.+)?$"), "jsonSchemaDialect": .format("uri"),
                "webhooks": .map(.object("pathItem")),
            ]) { _, new in new }, required: ["openapi", "info"],
            demands: [
                .init(
                    isMet: { $0["paths"] != nil || $0["webhooks"] != nil || $0["components"] != nil },
                    message: "The document must have either \"paths\", \"webhooks\" or \"components\"")
            ]),
        "info": ObjectShape(info.merging(["summary": .text]) { _, new in new }, required: ["title", "version"]),
        "license": ObjectShape(
            ["name": .text, "identifier": .text, "url": .format("uri-reference")], required: ["name"]),
        "components": ObjectShape(components.merging(["pathItems": .map(.object("pathItem"))]) { _, new in new }),
        "operation": ObjectShape(operation),
        "schema": ObjectShape(["type": .any], others: .any, allowsBoolean: true),
    ]

    private static let places = ["path", "query", "header", "cookie"]

    private static let choices = choices(schemes: ["apiKey", "http", "oauth2", "openIdConnect"])
    private static let choices31 = choices(schemes: ["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"])

    private static func choices(schemes: [String]) -> [String: ShapeChoice] {
        [
            "parameter": ShapeChoice(
                key: "in", shapes: Dictionary(uniqueKeysWithValues: places.map { ($0, $0 + "Parameter") }),
                missing: "Parameter must have a valid \"in\" property", values: places,
                fallback: "anyParameter"),
            "securityScheme": ShapeChoice(
                key: "type", shapes: Dictionary(uniqueKeysWithValues: schemes.map { ($0, $0) }),
                missing: "Security scheme must have a valid type", kindMessage: "Invalid security scheme",
                values: schemes),
        ]
    }
}
