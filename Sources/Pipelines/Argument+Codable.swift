public import Documents
import OrderedCollections

extension Argument: Codable {
    /// Reads a value in which references are `${{ path }}`.
    public init(_ value: Value) throws(ArgumentError) {
        switch value {
        case .list(let elements):
            var arguments: [Argument] = []
            for element in elements { arguments.append(try Argument(element)) }
            self = .list(arguments)
        case .map(let members):
            var arguments = OrderedDictionary<String, Argument>()
            for (key, member) in members { arguments[key] = try Argument(member) }
            self = .map(arguments)
        case .string(let text) where ReferenceText.isNeeded(text):
            var parts: [Part] = []
            for part in ReferenceText(text).parts {
                switch part {
                case .literal(let text): parts.append(.literal(text))
                case .path(let path, _):
                    guard let reference = Reference(path) else { throw ArgumentError(text: text) }
                    parts.append(.reference(reference))
                case .broken: throw ArgumentError(text: text)
                }
            }
            self = .joined(parts)
        default: self = .literal(value)
        }
    }

    public init(from decoder: any Decoder) throws {
        let value = try Value(from: decoder)
        do throws(ArgumentError) {
            try self.init(value)
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "'\(error.text)' is no argument"))
        }
    }

    public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }

    /// As a plain value: references are `${{ path }}`, a literal `${{` is `$${{`.
    public var value: Value {
        switch self {
        case .literal(let value): Self.escaped(value)
        case .reference(let reference): .string("${{ \(reference) }}")
        case .text(let parts):
            .string(
                parts.map { part in
                    switch part {
                    case .literal(let text): ReferenceText.escaped(text)
                    case .reference(let reference): "${{ \(reference) }}"
                    }
                }.joined())
        case .list(let elements): .list(elements.map(\.value))
        case .map(let members): .map(members.mapValues(\.value))
        }
    }

    private static func escaped(_ value: Value) -> Value {
        switch value {
        case .string(let text): .string(ReferenceText.escaped(text))
        case .list(let elements): .list(elements.map(escaped))
        case .map(let members): .map(members.mapValues(escaped))
        default: value
        }
    }
}

/// A text with a `${{ }}` that is no reference.
public struct ArgumentError: Error, Sendable, Hashable {
    public var text: String
}
