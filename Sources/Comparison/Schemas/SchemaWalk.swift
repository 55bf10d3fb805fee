import Documents

/// Walks the pairs of schemas that a place reaches, each once, and adds what counts there.
struct SchemaWalk {
    private struct Step {
        var pair: Int
        var parent: Int
        var name: String
        var isReadOnly: Bool
        var isWriteOnly: Bool
    }

    let graph: SchemaGraph
    let place: SchemaPlace
    let reference: OperationReference
    private var trail: [Step] = []

    init(graph: SchemaGraph, place: SchemaPlace, reference: OperationReference) {
        self.graph = graph
        self.place = place
        self.reference = reference
    }

    mutating func run(from start: Int, prefix: String? = nil, into collector: inout ChangeCollector) {
        guard graph.leadsToDifferences(start) else { return }
        graph.beginWalk()
        trail = []
        if let prefix {
            trail.append(Step(pair: -1, parent: -1, name: prefix, isReadOnly: false, isWriteOnly: false))
        }
        trail.append(
            Step(pair: start, parent: prefix == nil ? -1 : 0, name: "", isReadOnly: false, isWriteOnly: false))
        var open = [trail.count - 1]
        while let index = open.popLast() {
            let step = trail[index]
            guard graph.visit(step.pair) else { continue }
            let differences = graph.differences(of: step.pair)
            if !differences.isEmpty { add(differences, index, &collector) }
            for edge in graph.edges(of: step.pair).reversed()
            where !graph.isVisited(edge.target) && graph.leadsToDifferences(edge.target) {
                trail.append(
                    Step(
                        pair: edge.target, parent: index, name: edge.step,
                        isReadOnly: step.isReadOnly || edge.isReadOnly,
                        isWriteOnly: step.isWriteOnly || edge.isWriteOnly))
                open.append(trail.count - 1)
            }
        }
    }

    private func route(to index: Int) -> [String] {
        var names: [String] = []
        var index = index
        while index >= 0 {
            if !trail[index].name.isEmpty { names.append(trail[index].name) }
            index = trail[index].parent
        }
        return names.reversed()
    }

    private func add(_ differences: [SchemaDifference], _ index: Int, _ collector: inout ChangeCollector) {
        let step = trail[index]
        let isInside = step.parent >= 0
        let kind = place.number(inProperty: isInside, isReadOnly: step.isReadOnly, isWriteOnly: step.isWriteOnly)
        var route: [String]?
        for (number, difference) in differences.enumerated() {
            let key = UInt64(step.pair) << 32 | UInt64(number & 0xFFFF) << 16 | kind
            if number <= 0xFFFF, collector.add(again: key, in: reference) { continue }
            let names = route ?? self.route(to: index)
            route = names
            collector.remember(key, add(difference, step, names, &collector))
        }
    }

    private func add(
        _ difference: SchemaDifference, _ step: Step, _ route: [String], _ collector: inout ChangeCollector
    ) -> Int? {
        let names = route + [difference.property].compactMap { $0 }
        let isHidden = place.isRequest ? step.isReadOnly : step.isWriteOnly
        var id: String?
        switch difference.kind {
        case .id(let whole): id = whole
        case .directed(let request, let response): id = place.isRequest ? request : response
        case .property(let event): id = isHidden ? nil : place.id(for: event)
        case .suffixes(let suffixes): id = firstID(suffixes, step, route)
        case .type(let relation, let toText, let fromText, let toList, let isList):
            let suffixes = place.suffixes(
                for: relation, toText: toText, fromText: fromText, toList: toList, isList: isList)
            id = firstID(suffixes, step, route)
        }
        if id == nil {
            // Seen only from the other direction, or harmless here.
            guard !isHidden, case .suffixes = difference.kind else {
                collector.addInvisible()
                return nil
            }
            id = "api-definition-changed"
        }
        return collector.add(
            id ?? "api-definition-changed", difference.text, part: place.phrase(names.joined(separator: "/")),
            in: reference, base: difference.base, revision: difference.revision)
    }

    private func firstID(_ suffixes: [String], _ step: Step, _ route: [String]) -> String? {
        for suffix in suffixes {
            for prefix in place.prefixes(
                inProperty: !route.isEmpty, isReadOnly: step.isReadOnly, isWriteOnly: step.isWriteOnly)
            where ChangeCatalogue.kind(prefix + suffix) != nil { return prefix + suffix }
        }
        return nil
    }
}
