/// The keywords by what they do.
enum SchemaWords {
    /// Keywords that limit nothing.
    static let annotations: Set<String> = [
        "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly",
        "externalDocs", "$comment", "xml", "name", "in", "collectionFormat", "$schema", "$id", "$anchor",
    ]
}
