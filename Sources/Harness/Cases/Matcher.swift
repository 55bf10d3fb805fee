public import Documents
import OrderedCollections

/// What a case demands of one value.
public enum Matcher: Sendable, Hashable {
    /// The value itself, numbers by their worth.
    case equals(Value)
    /// Anything but this value.
    case differs(Value)
    /// A string in which the regular expression occurs.
    case matches(String)
    /// Whether the value is there at all.
    case exists(Bool)
    /// A value of the JSON type.
    case type(String)
    /// One of these values.
    case oneOf([Value])
    /// A string with this part, or a list with this element.
    case contains(Value)
    /// A number of at least this.
    case atLeast(Double)
    /// A number of at most this.
    case atMost(Double)
    /// A string, list or object with this many characters, elements or properties.
    case count(Int)
    /// A string, list or object with at least this many.
    case minCount(Int)
    /// A string, list or object with at most this many.
    case maxCount(Int)
    /// A string, list or object with something in it.
    case notEmpty(Bool)

    /// The operators as they are written in a case.
    static let operators = [
        "equals", "not", "matches", "exists", "type", "oneOf", "contains", "min", "max", "count", "minCount",
        "maxCount",
        "notEmpty",
    ]
    static let typeNames = ["string", "number", "integer", "boolean", "array", "object", "null"]

    /// Why the value does not meet the demand; nil where it does. The value is nil where nothing is there.
    func problem(with value: Value?) -> String? {
        if case .exists(let wanted) = self {
            return (value != nil) == wanted ? nil : wanted ? "is not there" : "is there"
        }
        guard let value else { return "is not there" }
        switch self {
        case .equals(let wanted):
            return Self.same(value, wanted) ? nil : "is \(Self.shown(value)), not \(Self.shown(wanted))"
        case .differs(let other): return Self.same(value, other) ? "is \(Self.shown(value))" : nil
        case .matches(let pattern):
            let text = value.string ?? value.json()
            return TextPattern.matches(text, pattern) == true
                ? nil : "is \(Self.shown(value)), which does not match \(pattern)"
        case .exists: return nil
        case .type(let name): return Self.isA(name, value) ? nil : "is \(Self.shown(value)), not of type \(name)"
        case .oneOf(let choices):
            return choices.contains { Self.same(value, $0) }
                ? nil : "is \(Self.shown(value)), not one of \(choices.map(Self.shown).joined(separator: ", "))"
        case .contains(let part): return containing(part, value)
        case .atLeast(let limit):
            guard let number = value.double else { return "is \(Self.shown(value)), not a number" }
            return number >= limit ? nil : "is \(Self.shown(value)), below \(SchemaJudgement.text(limit))"
        case .atMost(let limit):
            guard let number = value.double else { return "is \(Self.shown(value)), not a number" }
            return number <= limit ? nil : "is \(Self.shown(value)), above \(SchemaJudgement.text(limit))"
        case .count(let wanted): return counting(value) { $0 == wanted ? nil : "has \($0) entries, not \(wanted)" }
        case .minCount(let least):
            return counting(value) { $0 >= least ? nil : "has \($0) entries, fewer than \(least)" }
        case .maxCount(let most): return counting(value) { $0 <= most ? nil : "has \($0) entries, more than \(most)" }
        case .notEmpty(let wanted):
            return counting(value) { ($0 > 0) == wanted ? nil : wanted ? "is empty" : "has \($0) entries" }
        }
    }

    private func containing(_ part: Value, _ value: Value) -> String? {
        if let text = value.string, let wanted = part.string {
            return text.contains(wanted) ? nil : "is \(Self.shown(value)), without \(Self.shown(part))"
        }
        guard let elements = value.list else { return "is \(Self.shown(value)), neither a string nor a list" }
        return elements.contains { Self.same($0, part) } ? nil : "does not contain \(Self.shown(part))"
    }

    private func counting(_ value: Value, _ judge: (Int) -> String?) -> String? {
        switch value {
        case .string(let text): judge(text.count)
        case .list(let elements): judge(elements.count)
        case .map: judge(value.map?.count ?? 0)
        default: "is \(Self.shown(value)), which has no entries"
        }
    }

    /// Equal values, where `1` and `1.0` are the same at any depth.
    static func same(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.list(let first), .list(let second)):
            first.count == second.count && zip(first, second).allSatisfy { same($0, $1) }
        case (.map(let first), .map(let second)):
            first.count == second.count
                && first.allSatisfy { key, value in second[key].map { same(value, $0) } ?? false }
        default: SchemaJudgement.same(left, right)
        }
    }

    private static func shown(_ value: Value) -> String { SchemaJudgement.excerpt(value) }

    private static func isA(_ type: String, _ value: Value) -> Bool {
        switch (type, value) {
        case ("string", .string), ("boolean", .boolean), ("array", .list), ("object", .map), ("null", .null): true
        case ("integer", .integer), ("number", .integer), ("number", .number): true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }
}
