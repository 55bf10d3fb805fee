import Documents
import OpenAPI
import OrderedCollections

/// A list that heeds the conditions of its call: a query parameter named like a property of the items, and the page size.
struct MockList {
    private static let sizes: Set<String> = ["pagesize", "$top", "top", "limit", "per_page", "maxresults"]

    private let conditions: [(name: String, text: String)]
    private let size: Int?

    init(_ operation: Operation, _ request: MockRequest) {
        let declared = Set(operation.parameters.filter { $0.location == .query }.map(\.name))
        let given = request.query.filter { declared.contains($0.name) && !$0.value.isEmpty }
        self.size = given.first { Self.sizes.contains($0.name.lowercased()) }.flatMap { Int($0.value) }
        self.conditions = given.map { ($0.name, $0.value) }
    }

    /// The value with the items that meet the conditions; `fits` says whether the schema allows it.
    func narrowed(_ value: Value, _ fits: (Value) -> Bool) -> Value {
        guard !conditions.isEmpty else { return value }
        if case .list(let items) = value {
            let narrowed = Value.list(keep(items))
            return fits(narrowed) ? narrowed : value
        }
        guard case .map(var map) = value else { return value }
        let lists = map.filter { $0.value.list?.first?.map != nil }
        guard lists.count == 1, let (name, list) = lists.elements.first, let items = list.list else { return value }
        map[name] = .list(keep(items))
        return fits(.map(map)) ? .map(map) : value
    }

    private func keep(_ items: [Value]) -> [Value] {
        let kept = items.filter { item in
            conditions.allSatisfy { condition in
                guard let property = item[condition.name], property.list == nil, property.map == nil else {
                    return true
                }
                return RequestBuilder.text(property) == condition.text
            }
        }
        return size.map { Array(kept.prefix(max(0, $0))) } ?? kept
    }
}
