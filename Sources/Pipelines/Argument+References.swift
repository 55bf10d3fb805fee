public import Documents
import OrderedCollections

extension Argument {
    /// Pieces of text as the simplest argument: neighbouring literals joined, a lone reference by itself.
    static func joined(_ parts: [Part]) -> Argument {
        var merged: [Part] = []
        for part in parts {
            if case .literal(let text) = part, case .literal(let before)? = merged.last {
                merged[merged.count - 1] = .literal(before + text)
            } else {
                merged.append(part)
            }
        }
        if merged.isEmpty { return .literal(.string("")) }
        guard merged.count == 1 else { return .text(merged) }
        switch merged[0] {
        case .literal(let text): return .literal(.string(text))
        case .reference(let reference): return .reference(reference)
        }
    }

    /// A plain value as an argument; lists and maps become arguments of their own.
    static func plain(_ value: Value) -> Argument {
        switch value {
        case .list(let elements): .list(elements.map(plain))
        case .map(let members): .map(members.mapValues(plain))
        default: .literal(value)
        }
    }

    /// The value when nothing in it refers to the run.
    public var literal: Value? {
        switch self {
        case .literal(let value): return value
        case .reference, .text: return nil
        case .list(let elements):
            var values: [Value] = []
            for element in elements {
                guard let value = element.literal else { return nil }
                values.append(value)
            }
            return .list(values)
        case .map(let members):
            var values = OrderedDictionary<String, Value>()
            for (key, member) in members {
                guard let value = member.literal else { return nil }
                values[key] = value
            }
            return .map(values)
        }
    }

    /// Every reference in it, in order.
    public var references: [Reference] {
        switch self {
        case .literal: []
        case .reference(let reference): [reference]
        case .text(let parts):
            parts.compactMap { part in
                if case .reference(let reference) = part { reference } else { nil }
            }
        case .list(let elements): elements.flatMap(\.references)
        case .map(let members): members.values.flatMap(\.references)
        }
    }
}
