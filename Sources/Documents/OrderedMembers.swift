import OrderedCollections

/// A dictionary whose order means nothing: it is encoded with sorted keys, so that equal ones give equal text.
protocol UnorderedMembers {}

extension Dictionary: UnorderedMembers where Key == String {}

/// A dictionary that keeps its order: it is encoded as a map, not as the list that it makes of itself.
protocol OrderedMembers {
    init(members decoding: ValueDecoding) throws
    func encodeMembers(to encoding: ValueEncoding) throws
}

extension OrderedDictionary: OrderedMembers where Key == String, Value: Codable {
    init(members decoding: ValueDecoding) throws {
        self.init()
        for (key, value) in decoding.value.map ?? [:] {
            let member = ValueDecoding(value: value, codingPath: decoding.codingPath + [TextKey(key)])
            self[key] = try member.decode(Value.self)
        }
    }

    func encodeMembers(to encoding: ValueEncoding) throws {
        var container = encoding.container(keyedBy: TextKey.self)
        for (key, value) in self { try container.encode(value, forKey: TextKey(key)) }
    }
}
