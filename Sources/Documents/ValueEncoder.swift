import FoundationEssentials
import OrderedCollections

/// Encodes anything encodable as a ``Value``; dates become ISO 8601 text in UTC with milliseconds, data Base64.
public struct ValueEncoder: Sendable {
    public init() {}

    public func encode(_ value: some Encodable) throws -> Value {
        let slot = EncodedSlot()
        try ValueEncoding(slot: slot, codingPath: []).encode(value)
        return slot.value
    }
}

/// A value that is being made.
final class EncodedSlot {
    enum Content {
        case empty
        case value(Value)
        case list([EncodedSlot])
        case map([(key: String, slot: EncodedSlot)])
    }

    var content = Content.empty

    var value: Value {
        switch content {
        case .empty: .map([:])
        case .value(let value): value
        case .list(let slots): .list(slots.map(\.value))
        case .map(let slots):
            .map(Value.Map(slots.map { ($0.key, $0.slot.value) }, uniquingKeysWith: { _, last in last }))
        }
    }

    func sortMembers() {
        if case .map(let slots) = content { content = .map(slots.sorted { $0.key < $1.key }) }
    }

    func addElement() -> EncodedSlot {
        let slot = EncodedSlot()
        if case .list(var slots) = content {
            content = .empty
            slots.append(slot)
            content = .list(slots)
        } else {
            content = .list([slot])
        }
        return slot
    }

    func addMember(_ key: String) -> EncodedSlot {
        let slot = EncodedSlot()
        if case .map(var slots) = content {
            content = .empty
            slots.append((key, slot))
            content = .map(slots)
        } else {
            content = .map([(key, slot)])
        }
        return slot
    }
}

/// The encoder of one value.
struct ValueEncoding: Encoder {
    let slot: EncodedSlot
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func encode(_ value: some Encodable) throws {
        switch value {
        case let value as Value: slot.content = .value(value)
        case let value as Date: slot.content = .value(.string(Timestamp.text(of: value)))
        case let value as Data: slot.content = .value(.string(value.base64EncodedString()))
        case let value as URL: slot.content = .value(.string(value.absoluteString))
        case let value as any OrderedMembers: try value.encodeMembers(to: self)
        default:
            try value.encode(to: self)
            if value is any UnorderedMembers { slot.sortMembers() }
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .map = slot.content {} else { slot.content = .map([]) }
        return KeyedEncodingContainer(KeyedValueEncoding(slot: slot, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .list = slot.content {} else { slot.content = .list([]) }
        return UnkeyedValueEncoding(slot: slot, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleValueEncoding(encoding: self) }
}

private struct KeyedValueEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: EncodedSlot
    let codingPath: [any CodingKey]

    private func encoding(_ key: some CodingKey) -> ValueEncoding {
        ValueEncoding(slot: slot.addMember(key.stringValue), codingPath: codingPath + [key])
    }

    func encodeNil(forKey key: Key) { encoding(key).slot.content = .value(.null) }

    func encode(_ value: some Encodable, forKey key: Key) throws { try encoding(key).encode(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoding(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoding(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { encoding(TextKey("super")) }

    func superEncoder(forKey key: Key) -> any Encoder { encoding(key) }
}

private struct UnkeyedValueEncoding: UnkeyedEncodingContainer {
    let slot: EncodedSlot
    let codingPath: [any CodingKey]
    var count = 0

    private mutating func encoding() -> ValueEncoding {
        defer { count += 1 }
        return ValueEncoding(slot: slot.addElement(), codingPath: codingPath + [IndexKey(count)])
    }

    mutating func encodeNil() { encoding().slot.content = .value(.null) }

    mutating func encode(_ value: some Encodable) throws { try encoding().encode(value) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        encoding().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoding().unkeyedContainer() }

    mutating func superEncoder() -> any Encoder { encoding() }
}

private struct SingleValueEncoding: SingleValueEncodingContainer {
    let encoding: ValueEncoding
    var codingPath: [any CodingKey] { encoding.codingPath }

    private func set(_ value: Value) { encoding.slot.content = .value(value) }

    private func set(_ value: some BinaryInteger) throws {
        guard let integer = Int(exactly: value) else {
            throw EncodingError.invalidValue(
                value,
                EncodingError.Context(
                    codingPath: codingPath, debugDescription: "\(value) does not fit a 64-bit integer"))
        }
        set(.integer(integer))
    }

    func encodeNil() { set(.null) }
    func encode(_ value: Bool) { set(.boolean(value)) }
    func encode(_ value: String) { set(.string(value)) }
    func encode(_ value: Double) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value, EncodingError.Context(codingPath: codingPath, debugDescription: "JSON has no number \(value)"))
        }
        set(.number(value))
    }
    func encode(_ value: Float) throws { try encode(Double(value)) }
    func encode(_ value: Int) throws { try set(value) }
    func encode(_ value: Int8) throws { try set(value) }
    func encode(_ value: Int16) throws { try set(value) }
    func encode(_ value: Int32) throws { try set(value) }
    func encode(_ value: Int64) throws { try set(value) }
    func encode(_ value: UInt) throws { try set(value) }
    func encode(_ value: UInt8) throws { try set(value) }
    func encode(_ value: UInt16) throws { try set(value) }
    func encode(_ value: UInt32) throws { try set(value) }
    func encode(_ value: UInt64) throws { try set(value) }
    func encode(_ value: some Encodable) throws { try encoding.encode(value) }
}
