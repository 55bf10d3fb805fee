public import Documents
public import OpenAPI
import OrderedCollections

/// Makes values that fit the schemas of a definition: its own examples where they fit, plain ones otherwise.
/// The same schema always gives the same value; recursion ends where a schema meets itself.
public struct SampleMaker: Sendable {
    let definition: APIDefinition
    let direction: SchemaValidator.Direction
    private let validator: SchemaValidator

    /// A maker of values that travel in one direction.
    public init(_ definition: APIDefinition, direction: SchemaValidator.Direction = .response) {
        self.definition = definition
        self.direction = direction
        self.validator = SchemaValidator(definition, direction: direction, issueLimit: 1)
    }

    /// A value for the schema; nil only where the schema allows none that can be made.
    public func value(for schema: Node) -> Value? {
        var work = Work()
        return make(schema, &work)
    }

    /// The first of the examples that fits the schema, else a made value.
    public func value(for schema: Node?, preferring examples: [Node]) -> Value? {
        guard let schema else { return examples.first?.value }
        for example in examples {
            let value = example.value
            if validator.accepts(value, as: schema) { return value }
        }
        return value(for: schema)
    }

    /// What bounds the making: the schemas above, and how many nodes may still be made.
    private struct Work {
        var above: [Node] = []
        var budget = 4_000
    }

    private func make(_ written: Node, _ work: inout Work) -> Value? {
        work.budget -= 1
        guard work.budget > 0, work.above.count < 24 else { return nil }
        let view = SchemaView(written, in: definition)
        if view.node.kind == .boolean { return view.node.boolean == true ? .string("text") : nil }
        for offer in view.offeredValues {
            let value = offer.value
            if validator.accepts(value, as: written) { return value }
        }
        if let choices = view["enum"], choices.kind == .array {
            let values = choices.elements.map(\.value)
            return values.first { validator.accepts($0, as: written) } ?? values.first
        }
        guard !work.above.contains(view.node) else { return view.allowsNull ? .null : nil }
        work.above.append(view.node)
        defer { work.above.removeLast() }
        if let combined = combined(view, &work) { return combined }
        return plain(view, &work)
    }

    // MARK: - Combinations

    private func combined(_ view: SchemaView, _ work: inout Work) -> Value? {
        let parts = view["allOf"].map { Array($0.elements) } ?? []
        let branches = view["oneOf"] ?? view["anyOf"]
        guard !parts.isEmpty || (branches?.count ?? 0) > 0 else { return nil }
        var candidates = parts.map { [$0] }
        if let branches { candidates.append(Array(branches.elements)) }
        var merged: OrderedDictionary<String, Value> = [:]
        var isObject = false
        var other: Value?
        for alternatives in candidates {
            var chosen: Value?
            for alternative in alternatives {
                guard let value = make(alternative, &work) else { continue }
                if chosen == nil { chosen = value }
                if alternatives.count == 1 || accepts(value, exactlyIn: view) {
                    chosen = value
                    break
                }
            }
            if case .map(let map) = chosen {
                isObject = true
                merged.merge(map) { _, new in new }
            } else if let chosen, other == nil || !accepts(other, exactlyIn: view) {
                other = chosen
            }
        }
        if view.leadingType == "object", case .map(let own)? = plain(view, &work) {
            isObject = true
            merged.merge(own) { old, _ in old }
        }
        return isObject ? .map(merged) : other
    }

    private func accepts(_ value: Value?, exactlyIn view: SchemaView) -> Bool {
        value.map { validator.accepts($0, as: view.node) } ?? false
    }

    // MARK: - Plain types

    private func plain(_ view: SchemaView, _ work: inout Work) -> Value? {
        switch view.leadingType {
        case "object": object(view, &work)
        case "array": list(view, &work)
        case "string": string(view)
        case "integer": integer(view)
        case "number": number(view)
        case "boolean": .boolean(true)
        case "file": .string("sample")
        case nil where view.node["type"]?.string == "null": .null
        case nil: view.node.count == 0 || view.properties.isEmpty ? .map([:]) : object(view, &work)
        default: .string("text")
        }
    }

    private func object(_ view: SchemaView, _ work: inout Work) -> Value? {
        var map: OrderedDictionary<String, Value> = [:]
        let required = Set(view.required)
        for (name, schema) in view.properties {
            let property = SchemaView(schema, in: definition)
            if property[direction == .request ? "readOnly" : "writeOnly"]?.boolean == true { continue }
            let isRequired = required.contains(name)
            if direction == .request, !isRequired, property.offeredValues.isEmpty { continue }
            if let value = make(schema, &work) {
                map[name] = value
            } else if isRequired, property.allowsNull {
                map[name] = .null
            }
        }
        for name in view.required where map[name] == nil {
            guard !view.properties.contains(where: { $0.name == name }) else { continue }
            let additional = view["additionalProperties"].flatMap { $0.kind == .object ? $0 : nil }
            map[name] = additional.flatMap { make($0, &work) } ?? .string("text")
        }
        fill(&map, view, &work)
        // A required part that meets its own schema cannot be made: neither can this, except at the top.
        let missing = view.required.contains { name in
            map[name] == nil && !isLeftOut(view.properties.first { $0.name == name }?.schema)
        }
        return missing && work.above.count > 1 ? nil : .map(map)
    }

    private func isLeftOut(_ schema: Node?) -> Bool {
        guard let schema else { return false }
        let view = SchemaView(schema, in: definition)
        return view[direction == .request ? "readOnly" : "writeOnly"]?.boolean == true
    }

    private func fill(_ map: inout OrderedDictionary<String, Value>, _ view: SchemaView, _ work: inout Work) {
        let least = min(view["minProperties"]?.integer ?? 0, 50)
        if map.count < least {
            for (name, schema) in view.properties where map[name] == nil && map.count < least {
                if let value = make(schema, &work) { map[name] = value }
            }
        }
        guard let additional = view["additionalProperties"], additional.kind == .object else { return }
        let wanted = max(least, view.properties.isEmpty && direction == .response ? 1 : 0)
        var index = 1
        while map.count < wanted, index <= 50 {
            guard let value = make(additional, &work) else { return }
            map["key\(index)"] = value
            index += 1
        }
    }

    private func list(_ view: SchemaView, _ work: inout Work) -> Value? {
        let least = max(0, min(view["minItems"]?.integer ?? 0, 100))
        let most = view["maxItems"]?.integer ?? Int.max
        var elements: [Value] = []
        for schema in view["prefixItems"].map({ Array($0.elements) }) ?? [] {
            elements.append(make(schema, &work) ?? .null)
        }
        let isUnique = view["uniqueItems"]?.boolean == true
        if let items = view["items"], items.kind != .array {
            let wanted = min(max(least, 1), most)
            let choices = isUnique ? distinct(items) : []
            while elements.count < wanted {
                if isUnique, !elements.isEmpty {
                    guard elements.count < choices.count else { break }
                    elements.append(choices[elements.count])
                } else if let value = isUnique ? choices.first ?? make(items, &work) : make(items, &work) {
                    elements.append(value)
                } else {
                    break
                }
            }
        } else {
            while elements.count < least { elements.append(.string("text\(elements.count + 1)")) }
        }
        return elements.count < least && work.above.count > 1 ? nil : .list(elements)
    }

    /// Values that differ from each other, for arrays without repetition.
    private func distinct(_ items: Node) -> [Value] {
        let view = SchemaView(items, in: definition)
        if let choices = view["enum"] { return choices.elements.map(\.value) }
        switch view.leadingType {
        case "integer", "number":
            let start = Int(view.minimum?.value.rounded(.up) ?? 1)
            return (0..<100).map { .integer(start + $0) }
        case "string" where view["format"] == nil && view["pattern"] == nil:
            return (1...100).map { .string("text\($0)") }
        default: return []
        }
    }

    private func string(_ view: SchemaView) -> Value? {
        let least = max(0, view["minLength"]?.integer ?? 0)
        let most = view["maxLength"]?.integer ?? Int.max
        if let pattern = view["pattern"]?.string, let text = TextPattern.sample(of: pattern) {
            if text.count >= least, text.count <= most { return .string(text) }
        }
        if let format = view["format"]?.string, let text = TextFormat.sample(of: format) { return .string(text) }
        guard least < 1_000_000, most >= least else { return .string("text") }
        var text = "text"
        if text.count < least { text += String(repeating: "x", count: least - text.count) }
        if text.count > most { text = String(text.prefix(max(0, most))) }
        return .string(text)
    }

    private func integer(_ view: SchemaView) -> Value? {
        guard let value = bounded(view, step: max(1, view["multipleOf"]?.number ?? 1)) else { return .integer(1) }
        return abs(value) < 9e15 ? .integer(Int(value)) : .number(value)
    }

    private func number(_ view: SchemaView) -> Value? {
        let step = view["multipleOf"]?.number
        if let step, step > 0, let value = bounded(view, step: step) { return .number(value) }
        let low = view.minimum
        let high = view.maximum
        switch (low, high) {
        case (nil, nil): return .number(1.5)
        case (let low?, nil): return .number(low.value < 1.5 ? 1.5 : low.value + 1)
        case (nil, let high?): return .number(high.value > 1.5 ? 1.5 : high.value - 1)
        case (let low?, let high?):
            if low.value < 1.5, high.value > 1.5 { return .number(1.5) }
            return .number(low.value + (high.value - low.value) / 2)
        }
    }

    /// A multiple of the step within the bounds, 1 or the one nearest to it.
    private func bounded(_ view: SchemaView, step: Double) -> Double? {
        var value = step
        if let (limit, exclusive) = view.minimum, exclusive ? value <= limit : value < limit {
            value = (limit / step).rounded(.up) * step
            if exclusive, value <= limit { value += step }
        }
        if let (limit, exclusive) = view.maximum, exclusive ? value >= limit : value > limit {
            value = (limit / step).rounded(.down) * step
            if exclusive, value >= limit { value -= step }
        }
        return value.isFinite ? value : nil
    }
}
