import Documents

/// Walks one path step by step from any node: for `field: $...` and for paths that go up in their middle.
struct JSONPathQuery {
    struct Place: Hashable {
        var site: Node
        var value: Node
        var key: String?
    }

    var context: LintContext
    var followsReferences: Bool

    func matches(of path: JSONPath, from start: Node) -> [Place] {
        var places = [Place(site: start, value: followed(start), key: context.key(of: start))]
        for segment in path.segments {
            var next: [Place] = []
            for place in places {
                for holder in segment.isDeep ? descendants(of: place) : [place] {
                    next.append(contentsOf: children(of: holder, segment.selector))
                }
            }
            var seen: Set<Place> = []
            places = next.filter { seen.insert($0).inserted }
        }
        return places
    }

    static func slice(_ start: Int?, _ end: Int?, _ step: Int, holds index: Int, of count: Int) -> Bool {
        func bound(_ value: Int) -> Int { value < 0 ? max(0, count + value) : min(value, count) }
        let first = bound(start ?? 0)
        return index >= first && index < bound(end ?? count) && (index - first) % step == 0
    }

    private func followed(_ node: Node) -> Node { followsReferences ? context.resolve(node) : node }

    private func descendants(of place: Place) -> [Place] {
        var found: [Place] = []
        var seen: Set<Node> = []
        var pending = [place]
        while let next = pending.popLast() {
            guard seen.insert(next.value).inserted else { continue }
            found.append(next)
            pending.append(contentsOf: children(of: next, .wildcard).reversed())
        }
        return found
    }

    private func children(of place: Place, _ selector: JSONPath.Selector) -> [Place] {
        if case .parent = selector {
            guard let parent = context.parent(of: place.site) else { return [] }
            return [Place(site: parent, value: followed(parent), key: context.key(of: parent))]
        }
        if case .names(let names) = selector {
            return names.compactMap { name in
                context.child(of: place.value, name).map { Place(site: $0, value: followed($0), key: name) }
            }
        }
        var places: [Place] = []
        switch place.value.kind {
        case .object:
            for member in place.value.members {
                places.append(Place(site: member.value, value: followed(member.value), key: member.key))
            }
        case .array:
            for (index, element) in place.value.elements.enumerated() {
                places.append(Place(site: element, value: followed(element), key: String(index)))
            }
        default: return []
        }
        switch selector {
        case .filter(let filter):
            return places.filter {
                filter.accepts(.init(value: $0.value, key: $0.key ?? "", site: $0.site, context: context))
            }
        case .slice(let start, let end, let step):
            guard place.value.kind == .array else { return [] }
            let count = places.count
            return places.enumerated().compactMap { index, element in
                JSONPathQuery.slice(start, end, step, holds: index, of: count) ? element : nil
            }
        default: return places
        }
    }
}
