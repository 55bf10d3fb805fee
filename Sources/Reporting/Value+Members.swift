import Documents
import OrderedCollections

extension Value {
    /// A map of these members in this order, without those that are nil; a later one with the same key replaces the earlier.
    init(members: [(String, Value?)]) {
        var map: OrderedDictionary<String, Value> = [:]
        for (key, value) in members {
            if let value { map[key] = value }
        }
        self = .map(map)
    }
}
