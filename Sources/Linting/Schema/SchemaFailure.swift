/// A schema that cannot be used.
struct SchemaFailure: Error {
    var reason: String
}
