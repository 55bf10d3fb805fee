public import Documents

/// An OpenAPI description of any supported version, read in place: every value stays a node of its document.
public struct APIDefinition: Sendable {
    /// The dialects that are read natively.
    public enum Version: String, Sendable, Codable {
        case swagger2 = "2.0"
        case openAPI30 = "3.0"
        case openAPI31 = "3.1"
    }

    /// The document that holds the definition.
    public let document: Document
    /// The dialect in which the definition is written.
    public let version: Version
    /// The operations under `paths` (and `x-ms-paths`), in document order.
    public let operations: [Operation]
    /// The operations under `webhooks`; the path of each is the webhook's name.
    public let webhooks: [Operation]
    private let references: ReferenceTable

    /// Reads a definition; refuses only what is no OpenAPI document at all.
    public init(_ document: Document) throws(Rejected) {
        let root = document.root
        guard root.kind == .object else {
            throw Rejected(diagnostics: [
                Diagnostic(
                    "openapi/not-an-object", "an OpenAPI document is an object, this is \(Self.name(of: root.kind))",
                    at: root.location)
            ])
        }
        self.version = try Self.version(of: root)
        self.document = document
        self.references = ReferenceTable(document)
        let reader = OperationReader(root: root, version: version, references: references)
        self.operations = reader.operations(under: ["paths", "x-ms-paths"])
        self.webhooks = reader.operations(under: ["webhooks", "x-webhooks"])
    }

    /// The document's root object.
    public var root: Node { document.root }

    /// The API's title.
    public var title: String? { root["info"]?["title"]?.scalarText }

    /// The version that the definition says it has, as written.
    public var declaredVersion: String? { root["info"]?["version"]?.scalarText }

    /// The node at the end of a chain of local references; a reference that leads nowhere gives the node itself.
    public func resolve(_ node: Node) -> Node { references.resolve(node) }

    /// The node that a local reference such as `#/definitions/Invoice` names.
    public func target(of reference: String) -> Node? { references.target(of: reference) }

    /// The text of `$ref` where the node is a reference object.
    public func reference(of node: Node) -> String? { references.reference(of: node) }

    /// The base addresses: for 2.0 every scheme with the host and base path.
    public var servers: [String] {
        guard version == .swagger2 else {
            return (root["servers"].map { Array($0.elements) } ?? []).compactMap { $0["url"]?.string }
        }
        let basePath = root["basePath"]?.string ?? ""
        guard let host = root["host"]?.string, !host.isEmpty else { return basePath.isEmpty ? [] : [basePath] }
        let schemes = (root["schemes"].map { Array($0.elements) } ?? []).compactMap(\.string)
        return (schemes.isEmpty ? ["https"] : schemes).map { "\($0)://\(host)\(basePath)" }
    }

    /// The declared ways to authenticate, references followed.
    public var securitySchemes: [(name: String, node: Node)] {
        let holder = version == .swagger2 ? root["securityDefinitions"] : root["components"]?["securitySchemes"]
        return named(holder)
    }

    /// The named schemas, as written.
    public var schemas: [(name: String, node: Node)] {
        let holder = version == .swagger2 ? root["definitions"] : root["components"]?["schemas"]
        return holder.map { $0.members.map { ($0.key, $0.value) } } ?? []
    }

    /// The schema that a response header declares; for 2.0 the header object is the schema.
    public func schema(ofHeader node: Node) -> Node? {
        guard version != .swagger2 else { return node }
        if let schema = node["schema"] { return schema }
        guard let content = node["content"] else { return nil }
        for member in content.members { return member.value["schema"] }
        return nil
    }

    private func named(_ holder: Node?) -> [(name: String, node: Node)] {
        holder.map { $0.members.map { ($0.key, resolve($0.value)) } } ?? []
    }

    private static func version(of root: Node) throws(Rejected) -> Version {
        if let node = root["swagger"], let text = node.scalarText {
            guard text == "2" || text.hasPrefix("2.") else { throw unsupported("swagger", text, at: node.location) }
            return .swagger2
        }
        if let node = root["openapi"], let text = node.scalarText {
            if text == "3" || text.hasPrefix("3.0") { return .openAPI30 }
            guard text.hasPrefix("3.") else { throw unsupported("openapi", text, at: node.location) }
            return .openAPI31
        }
        let has = { (key: String) in root[key] != nil }
        if has("paths") || has("webhooks") || has("components") || has("definitions") {
            let old = ["host", "basePath", "schemes", "definitions", "securityDefinitions", "consumes", "produces"]
            if old.contains(where: has) { return .swagger2 }
            return has("webhooks") ? .openAPI31 : .openAPI30
        }
        throw Rejected(diagnostics: [
            Diagnostic(
                "openapi/not-a-definition", "this is no OpenAPI document: neither 'swagger' nor 'openapi' is there",
                at: root.location)
        ])
    }

    private static func unsupported(_ key: String, _ text: String, at location: Location) -> Rejected {
        Rejected(diagnostics: [
            Diagnostic(
                "openapi/unsupported-version", "'\(key)' is '\(text)'; 2.0, 3.0 and 3.1 are supported", at: location)
        ])
    }

    private static func name(of kind: Node.Kind) -> String {
        switch kind {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
