import Documents

/// The version of JSON Schema that a schema is read as.
enum SchemaDialect: Int, Sendable, Comparable {
    case draft4, draft6, draft7, draft2019, draft2020

    static func < (left: SchemaDialect, right: SchemaDialect) -> Bool { left.rawValue < right.rawValue }

    /// The dialect that a rule names; with `auto` the one of the schema's `$schema`, draft 7 without it.
    init(named name: String?, schema: Node) {
        switch name {
        case "draft4": self = .draft4
        case "draft6": self = .draft6
        case "draft7": self = .draft7
        case "draft2019-09": self = .draft2019
        case "draft2020-12": self = .draft2020
        default: self = SchemaDialect(identifier: schema["$schema"]?.string) ?? .draft7
        }
    }

    init?(identifier: String?) {
        guard let identifier else { return nil }
        if identifier.contains("draft-04") {
            self = .draft4
        } else if identifier.contains("draft-06") {
            self = .draft6
        } else if identifier.contains("draft-07") {
            self = .draft7
        } else if identifier.contains("2019-09") {
            self = .draft2019
        } else if identifier.contains("2020-12") {
            self = .draft2020
        } else {
            return nil
        }
    }
}
