extension ValueType: CustomStringConvertible {
    /// The type in words, for messages and documentation: `text`, `a whole number`, `a list of paths`.
    public var phrase: String {
        switch self {
        case .string: "text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .path: "a path"
        case .duration: "a duration"
        case .percentage: "a percentage"
        case .list: "a list"
        case .map: "a map"
        case .environment: "an environment"
        case .package: "a package"
        case .secret: "a secret"
        case .choice(let words): words.count == 1 ? "'\(words[0])'" : "one of \(Problems.list(words))"
        case .any: "a value"
        }
    }

    /// The type's short name: `string`, `list of path`, `major | minor`.
    public var description: String {
        switch self {
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .path: "path"
        case .duration: "duration"
        case .percentage: "percentage"
        case .list(let element): "list of \(element)"
        case .map(let element): "map of \(element)"
        case .environment: "environment"
        case .package: "package"
        case .secret: "secret"
        case .choice(let words): words.joined(separator: " | ")
        case .any: "any"
        }
    }
}

extension ValueType {
    /// Whether its values are written as text.
    var isText: Bool {
        switch self {
        case .string, .path, .duration, .percentage, .environment, .choice: true
        default: false
        }
    }

    /// Whether its values may stand inside a text.
    var isScalar: Bool {
        switch self {
        case .integer, .number, .boolean, .secret, .any: true
        default: isText
        }
    }

    /// Whether every value of this type, unknown as yet, may stand where the other is due.
    func fits(_ wanted: ValueType) -> Bool {
        if self == wanted { return true }
        switch (self, wanted) {
        case (_, .any): return true
        case (.any, .package), (.any, .secret), (.any, .environment): return false
        case (.any, _): return true
        case (.path, .string), (.duration, .string), (.percentage, .string), (.environment, .string),
            (.choice, .string), (.secret, .string), (.string, .path), (.integer, .number):
            return true
        case (.choice(let mine), .choice(let theirs)): return mine.allSatisfy(theirs.contains)
        case (.list(let mine), .list(let theirs)), (.map(let mine), .map(let theirs)): return mine.fits(theirs)
        default: return false
        }
    }
}
