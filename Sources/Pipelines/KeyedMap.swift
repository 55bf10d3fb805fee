import OrderedCollections

/// An ordered map as an object with its own keys; `OrderedDictionary` alone encodes as a list of keys and values.
struct KeyedMap<Content> {
    var map: OrderedDictionary<String, Content>

    init(_ map: OrderedDictionary<String, Content>) { self.map = map }
}

/// Any text as a coding key.
struct TextKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension KeyedMap: Encodable where Content: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: TextKey.self)
        for (key, value) in map { try container.encode(value, forKey: TextKey(key)) }
    }
}

extension KeyedMap: Decodable where Content: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: TextKey.self)
        map = [:]
        for key in container.allKeys { map[key.stringValue] = try container.decode(Content.self, forKey: key) }
    }
}
