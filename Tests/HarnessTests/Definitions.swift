import Documents
import Foundation
import OpenAPI

/// Definitions that the tests use.
enum Definitions {
    /// The checkout's root, from this file's place.
    static let root: String = {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let here = FileManager.default.currentDirectoryPath
        return FileManager.default.fileExists(atPath: here + "/examples/contoso-sales") ? here : folder.path
    }()

    static let samples: String = {
        let beside = URL(filePath: root).deletingLastPathComponent().path + "/shared/data/power-platform"
        return beside
    }()

    static var hasSamples: Bool { FileManager.default.fileExists(atPath: samples) }

    static func contoso() throws -> APIDefinition {
        try APIDefinition(
            Document(path: root + "/examples/contoso-sales/connector/apiDefinition.swagger.json"))
    }

    /// A definition from JSON or YAML text.
    static func text(_ text: String) throws -> APIDefinition {
        try APIDefinition(Document(text: text, file: "api.yaml"))
    }

    /// A definition that holds nothing but one named schema `S` and others beside it, in YAML flow or JSON.
    static func schema(_ schema: String, version: String = "2.0", besides: String = "") throws -> (APIDefinition, Node)
    {
        let head = version == "2.0" ? "swagger: \"2.0\"" : "openapi: \"\(version)\""
        let holder = version == "2.0" ? "definitions" : "components"
        let body = version == "2.0" ? "{ S: \(schema) \(besides) }" : "{ schemas: { S: \(schema) \(besides) } }"
        let definition = try text("\(head)\ninfo: { title: T, version: 1.0.0 }\npaths: {}\n\(holder): \(body)\n")
        let node = definition.schemas.first { $0.name == "S" }?.node
        return (definition, node ?? definition.root)
    }

    /// One operation `Act` at `GET /act` unless said otherwise, in Swagger 2.0.
    static func operation(_ body: String, method: String = "get", path: String = "/act", more: String = "") throws
        -> APIDefinition
    {
        let indented = body.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
        return try text(
            """
            swagger: "2.0"
            info: { title: Small, version: 1.0.0 }
            host: small.example.com
            basePath: /v1
            schemes: [https]
            consumes: [application/json]
            produces: [application/json]
            paths:
              \(path):
                \(method):
                  operationId: Act
            \(indented)
            \(more)
            """)
    }
}
