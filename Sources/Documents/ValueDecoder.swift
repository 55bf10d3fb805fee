import FoundationEssentials
import OrderedCollections

/// Decodes anything decodable from a ``Value``; dates are ISO 8601 text, data Base64. Throws ``ValueMismatch``.
public struct ValueDecoder: Sendable {
    public init() {}

    public func decode<Decoded: Decodable>(_ type: Decoded.Type, from value: Value) throws(ValueMismatch) -> Decoded {
        do {
            return try ValueDecoding(value: value, codingPath: []).decode(type)
        } catch let error as DecodingError {
            throw Self.mismatch(error)
        } catch let error as ValueMismatch {
            throw error
        } catch {
            throw ValueMismatch(pointer: Pointer(), message: "\(error)")
        }
    }

    private static func mismatch(_ error: DecodingError) -> ValueMismatch {
        func made(_ context: DecodingError.Context, _ message: String) -> ValueMismatch {
            ValueMismatch(pointer: Pointer(parts: context.codingPath.map(\.stringValue)), message: message)
        }
        switch error {
        case .keyNotFound(let key, let context): return made(context, "'\(key.stringValue)' is missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return made(context, context.debugDescription)
        @unknown default: return ValueMismatch(pointer: Pointer(), message: "\(error)")
        }
    }
}

/// The decoder of one value.
struct ValueDecoding: Decoder {
    let value: Value
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    var context: DecodingError.Context { DecodingError.Context(codingPath: codingPath, debugDescription: "") }

    func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
        DecodingError.typeMismatch(
            type,
            DecodingError.Context(
                codingPath: codingPath, debugDescription: "\(expected) is expected, not \(value.kindName)"))
    }

    func corrupted(_ message: String) -> DecodingError {
        DecodingError.dataCorrupted(DecodingError.Context(codingPath: codingPath, debugDescription: message))
    }

    func decode<Decoded: Decodable>(_ type: Decoded.Type) throws -> Decoded {
        let special: (any Sendable)? =
            if type == Value.self {
                value
            } else if type == Date.self {
                try text("a date").flatMap(
                    Timestamp.date, orThrow: corrupted("a date such as 2026-11-21T04:05:06Z is expected"))
            } else if type == Data.self {
                try text("Base64 text").flatMap(
                    { Data(base64Encoded: $0) }, orThrow: corrupted("Base64 text is expected"))
            } else if type == URL.self {
                try text("a URL").flatMap({ URL(string: $0) }, orThrow: corrupted("a URL is expected"))
            } else {
                nil
            }
        if let special = special as? Decoded { return special }
        if value.map != nil, let type = type as? any OrderedMembers.Type,
            let members = try type.init(members: self) as? Decoded
        {
            return members
        }
        return try Decoded(from: self)
    }

    func text(_ expected: String) throws -> String {
        guard let string = value.string else { throw mismatch(String.self, expected) }
        return string
    }

    func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        guard let integer = value.integer else { throw mismatch(type, "an integer") }
        guard let number = Number(exactly: integer) else { throw corrupted("the number \(integer) is out of range") }
        return number
    }

    func double() throws -> Double {
        guard let double = value.double else { throw mismatch(Double.self, "a number") }
        return double
    }

    func boolean() throws -> Bool {
        guard let boolean = value.boolean else { throw mismatch(Bool.self, "true or false") }
        return boolean
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let map = value.map else { throw mismatch(Value.Map.self, "a map") }
        return KeyedDecodingContainer(KeyedValueDecoding(map: map, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let list = value.list else { throw mismatch([Value].self, "a list") }
        return UnkeyedValueDecoding(list: list, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { SingleValueDecoding(decoding: self) }
}

extension String {
    fileprivate func flatMap<Result>(_ transform: (String) -> Result?, orThrow error: DecodingError) throws -> Result {
        guard let result = transform(self) else { throw error }
        return result
    }
}

private struct KeyedValueDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let map: Value.Map
    let codingPath: [any CodingKey]

    var allKeys: [Key] { map.keys.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { map[key.stringValue] != nil }

    private func decoding(_ key: some CodingKey) throws -> ValueDecoding {
        guard let value = map[key.stringValue] else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "'\(key.stringValue)' is missing"))
        }
        return ValueDecoding(value: value, codingPath: codingPath + [key])
    }

    func decodeNil(forKey key: Key) throws -> Bool { try decoding(key).value.isNull }

    func decode<Decoded: Decodable>(_ type: Decoded.Type, forKey key: Key) throws -> Decoded {
        try decoding(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoding(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoding(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoding(TextKey("super")) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoding(key) }
}

private struct UnkeyedValueDecoding: UnkeyedDecodingContainer {
    let list: [Value]
    let codingPath: [any CodingKey]
    var currentIndex = 0

    init(list: [Value], codingPath: [any CodingKey]) {
        self.list = list
        self.codingPath = codingPath
    }

    var count: Int? { list.count }
    var isAtEnd: Bool { currentIndex >= list.count }

    private func decoding(_ type: Any.Type) throws -> ValueDecoding {
        let path = codingPath + [IndexKey(currentIndex)]
        guard currentIndex < list.count else {
            throw DecodingError.valueNotFound(
                type,
                DecodingError.Context(codingPath: path, debugDescription: "the list has only \(list.count) elements"))
        }
        return ValueDecoding(value: list[currentIndex], codingPath: path)
    }

    mutating func decodeNil() throws -> Bool {
        guard try decoding(Value.self).value.isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Decoded: Decodable>(_ type: Decoded.Type) throws -> Decoded {
        let decoded = try decoding(type).decode(type)
        currentIndex += 1
        return decoded
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let container = try decoding(Value.Map.self).container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try decoding([Value].self).unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try decoding(Value.self)
        currentIndex += 1
        return decoder
    }
}

private struct SingleValueDecoding: SingleValueDecodingContainer {
    let decoding: ValueDecoding
    var codingPath: [any CodingKey] { decoding.codingPath }

    func decodeNil() -> Bool { decoding.value.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try decoding.boolean() }
    func decode(_ type: String.Type) throws -> String { try decoding.text("a string") }
    func decode(_ type: Double.Type) throws -> Double { try decoding.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try decoding.double()) }
    func decode(_ type: Int.Type) throws -> Int { try decoding.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoding.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoding.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoding.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoding.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoding.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoding.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoding.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoding.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoding.integer(type) }
    func decode<Decoded: Decodable>(_ type: Decoded.Type) throws -> Decoded { try decoding.decode(type) }
}
