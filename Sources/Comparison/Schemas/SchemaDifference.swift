import Documents

/// One thing that two schemas say differently, before it is known where and in which direction it counts.
struct SchemaDifference {
    enum Kind {
        /// Completes the beginning of an id that the place gives; the first that makes a known id counts.
        case suffixes([String])
        /// A whole id, the same at every place.
        case id(String)
        /// A whole id for requests and another for responses.
        case directed(request: String, response: String)
        /// Something about a property of the object.
        case property(PropertyEvent)
        /// The type; how it reads depends on place and media type.
        case type(TypeRelation, toText: Bool, fromText: Bool, toList: Bool, isList: Bool)
    }

    var kind: Kind
    /// The property that is meant, if it is not the schema itself.
    var property: String?
    /// What happened, for people: completes "request property 'price': ".
    var text: String
    var base: Node?
    var revision: Node?
}
