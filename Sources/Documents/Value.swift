public import OrderedCollections

/// A plain JSON value without places.
///
/// Maps keep the order of their members, but two maps with the same members are equal in any order; an integer equals a
/// number of the same worth.
public enum Value: Sendable {
    public typealias Map = OrderedDictionary<String, Value>

    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list([Value])
    case map(Map)

    public var isNull: Bool { if case .null = self { true } else { false } }

    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// An integer, or a number that is one.
    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// Any number.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    public var string: String? { if case .string(let value) = self { value } else { nil } }

    public var list: [Value]? { if case .list(let value) = self { value } else { nil } }

    public var map: Map? { if case .map(let value) = self { value } else { nil } }

    /// The member with a key; setting nil removes it, setting anything makes a value that is no map into one.
    public subscript(_ key: String) -> Value? {
        get { map?[key] }
        set {
            var members = map ?? [:]
            members[key] = newValue
            self = .map(members)
        }
    }

    /// The element at an index.
    public subscript(_ index: Int) -> Value? {
        guard let list, list.indices.contains(index) else { return nil }
        return list[index]
    }

    /// The value at a path, nil when there is none.
    public subscript(_ pointer: Pointer) -> Value? {
        var value = self
        for part in pointer.parts {
            let next = value[part] ?? Int(part).flatMap { String($0) == part ? value[$0] : nil }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    /// What kind of value this is, in words ("a list").
    public var kindName: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .list: "a list"
        case .map: "a map"
        }
    }
}

extension Value: Hashable {
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.boolean(let left), .boolean(let right)): return left == right
        case (.integer(let left), .integer(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.integer(let left), .number(let right)), (.number(let right), .integer(let left)):
            return Int(exactly: right) == left
        case (.string(let left), .string(let right)): return left == right
        case (.list(let left), .list(let right)): return left == right
        case (.map(let left), .map(let right)):
            return left.count == right.count && left.allSatisfy { key, value in right[key] == value }
        default: return false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .boolean(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let value):
            if let integer = Int(exactly: value) { hasher.combine(integer) } else { hasher.combine(value) }
        case .string(let value): hasher.combine(value)
        case .list(let value): hasher.combine(value)
        case .map(let value):
            var sum = 0
            for (key, member) in value {
                var part = Hasher()
                part.combine(key)
                part.combine(member)
                sum ^= part.finalize()
            }
            hasher.combine(sum)
        }
    }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, Value)...) {
        self = .map(Map(elements, uniquingKeysWith: { _, last in last }))
    }
}

extension Value: CustomStringConvertible {
    /// The value as JSON on one line.
    public var description: String { json() }
}
