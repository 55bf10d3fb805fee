import Documents
import OpenAPI

@testable import Comparison

/// Writes the same small API in any dialect, in YAML flow style.
enum Dialect: CaseIterable {
    case swagger2, openAPI30, openAPI31

    private var head: String {
        switch self {
        case .swagger2: "swagger: '2.0'"
        case .openAPI30: "openapi: 3.0.3"
        case .openAPI31: "openapi: 3.1.0"
        }
    }

    /// An API with the paths; `schemas` are the named schemas.
    func definition(paths: String, schemas: String = "{}", more: String = "") throws -> APIDefinition {
        let holder = self == .swagger2 ? "definitions: \(schemas)" : "components: {schemas: \(schemas)}"
        let text = "\(head)\ninfo: {title: T, version: 1.0.0}\npaths: \(paths)\n\(holder)\n\(more)\n"
        return try APIDefinition(Document(text: text, file: "api.yaml"))
    }

    /// One operation that takes the schema as its body.
    func taking(_ schema: String, schemas: String = "{}", required: Bool = true) throws -> APIDefinition {
        let operation =
            self == .swagger2
            ? "parameters: [{name: body, in: body, required: \(required), schema: \(schema)}]"
            : "requestBody: {required: \(required), content: {application/json: {schema: \(schema)}}}"
        return try definition(
            paths: "{/a: {post: {\(operation), responses: {'204': {description: ok}}}}}", schemas: schemas)
    }

    /// One operation that answers with the schema.
    func giving(_ schema: String, schemas: String = "{}") throws -> APIDefinition {
        let content =
            self == .swagger2 ? "schema: \(schema)" : "content: {application/json: {schema: \(schema)}}"
        return try definition(
            paths: "{/a: {post: {responses: {'200': {description: ok, \(content)}}}}}", schemas: schemas)
    }

    /// One operation with the parameters, written for the dialect.
    func passing(_ parameters: String) throws -> APIDefinition {
        try definition(
            paths: "{/a: {get: {parameters: [\(parameters)], responses: {'204': {description: ok}}}}}")
    }

    /// A query parameter `q` with the words about its values.
    func query(_ schema: String) -> String {
        self == .swagger2 ? "{name: q, in: query, \(schema)}" : "{name: q, in: query, schema: {\(schema)}}"
    }
}

/// The ids of the changes, sorted.
func ids(
    _ base: APIDefinition, _ revision: APIDefinition, _ profile: ComparisonOptions.Profile = .http,
    options: ComparisonOptions? = nil
) -> [String] {
    changes(base, revision, profile, options: options).map(\.id).sorted()
}

func changes(
    _ base: APIDefinition, _ revision: APIDefinition, _ profile: ComparisonOptions.Profile = .http,
    options: ComparisonOptions? = nil
) -> [Change] {
    let options = options ?? ComparisonOptions(profile: profile)
    return Comparison(base: base, revision: revision, options: options).changes
}
