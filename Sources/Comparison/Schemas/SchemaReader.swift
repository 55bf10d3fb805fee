import Documents
import OpenAPI

/// Reads schemas of one definition into views.
struct SchemaReader {
    let definition: APIDefinition

    /// The node that stands for a schema: the end of its references, unless words beside the reference count.
    func anchor(_ node: Node) -> Node {
        guard definition.reference(of: node) != nil else { return node }
        if definition.version == .openAPI31, node.count > 1 { return node }
        return definition.resolve(node)
    }

    /// What a schema says.
    func view(_ node: Node) -> SchemaView {
        var view = SchemaView(node: node)
        guard node.kind == .object else {
            view.isForbidden = node.boolean == false
            return view
        }
        if definition.reference(of: node) != nil {
            let target = definition.resolve(node)
            guard target != node, target.kind == .object else { return view }
            add(target, to: &view)
        }
        add(node, to: &view)
        readBounds(&view)
        dropNull(\.anyOf, in: &view)
        dropNull(\.oneOf, in: &view)
        gatherTypes(&view)
        return view
    }

    /// The view with the given members merged into it, allOf lists of the members included.
    func merged(_ view: SchemaView, with members: [Node], seen: Set<Node> = []) -> SchemaView {
        var result = view
        for member in members {
            let anchor = anchor(member)
            guard !seen.contains(anchor), seen.count < 64 else { continue }
            var other = self.view(anchor)
            let inner = other.allOf
            other.allOf = []
            other = merged(other, with: inner, seen: seen.union([anchor]))
            for entry in other.keywords where result[entry.key] == nil { result.keywords.append(entry) }
            for property in other.properties where result.property(property.name) == nil {
                result.properties.append(property)
            }
            for name in other.required where !result.required.contains(name) { result.required.append(name) }
            if result.types == nil {
                result.types = other.types
                result.isTypeList = other.isTypeList
            }
            result.isNullable = result.isNullable || other.isNullable
            result.isForbidden = result.isForbidden || other.isForbidden
            if let lower = other.lower, lower.value > result.lower?.value ?? -.infinity { result.lower = lower }
            if let upper = other.upper, upper.value < result.upper?.value ?? .infinity { result.upper = upper }
            result.anyOf += other.anyOf
            result.oneOf += other.oneOf
        }
        return result
    }

    private func add(_ node: Node, to view: inout SchemaView) {
        for member in node.members {
            let value = member.value
            switch member.key {
            case "$ref": continue
            case "type":
                var types =
                    value.kind == .array ? value.elements.compactMap(\.string) : [value.string].compactMap { $0 }
                if types.contains("null") {
                    view.isNullable = true
                    types.removeAll { $0 == "null" }
                }
                view.types = types.isEmpty ? nil : types
            case "nullable", "x-nullable":
                if value.boolean == true { view.isNullable = true }
                continue
            case "properties" where value.kind == .object:
                view.properties = value.members.map { ($0.key, $0.value) }
            case "required" where value.kind == .array: view.required = value.elements.compactMap(\.scalarText)
            case "allOf" where value.kind == .array: view.allOf = Array(value.elements)
            case "anyOf" where value.kind == .array: view.anyOf = Array(value.elements)
            case "oneOf" where value.kind == .array: view.oneOf = Array(value.elements)
            default: break
            }
            if let index = view.keywords.firstIndex(where: { $0.key == member.key }) {
                view.keywords[index].value = value
            } else {
                view.keywords.append((member.key, value))
            }
        }
    }

    /// A boolean `exclusiveMinimum` (2.0, 3.0) qualifies `minimum`, a number (3.1) stands beside it.
    private func readBounds(_ view: inout SchemaView) {
        view.lower = bound(view["minimum"], view["exclusiveMinimum"]) { $0 > $1 }
        view.upper = bound(view["maximum"], view["exclusiveMaximum"]) { $0 < $1 }
    }

    private func bound(_ plain: Node?, _ exclusive: Node?, _ isTighter: (Double, Double) -> Bool) -> SchemaBound? {
        let inclusive = plain.flatMap { SchemaBound($0, isExclusive: exclusive?.boolean == true) }
        guard let other = exclusive.flatMap({ SchemaBound($0, isExclusive: true) }) else { return inclusive }
        guard let inclusive else { return other }
        return isTighter(inclusive.value, other.value) ? inclusive : other
    }

    /// Takes the branch that allows null, and nothing but null, out of a list of alternatives.
    private func dropNull(_ list: WritableKeyPath<SchemaView, [Node]>, in view: inout SchemaView) {
        let branches = view[keyPath: list]
        guard branches.count > 1 else { return }
        let rest = branches.filter { !isNull($0) }
        guard rest.count < branches.count else { return }
        view.isNullable = true
        view[keyPath: list] = rest
    }

    private func isNull(_ node: Node) -> Bool {
        guard let type = definition.resolve(node)["type"] else { return false }
        return type.string == "null" || (type.count == 1 && type[0]?.string == "null")
    }

    /// A list of alternatives that name nothing but types is one set of types.
    private func gatherTypes(_ view: inout SchemaView) {
        guard view.types == nil else { return }
        for list in [view.oneOf, view.anyOf] where list.count > 1 {
            var types: [String] = []
            for branch in list {
                let node = definition.resolve(branch)
                guard node.kind == .object, let type = node["type"]?.string,
                    SchemaReader.simpleTypes.contains(type),
                    node.members.allSatisfy({ $0.key == "type" || SchemaWords.annotations.contains($0.key) })
                else {
                    types = []
                    break
                }
                types.append(type)
            }
            guard !types.isEmpty else { continue }
            view.types = types
            view.isTypeList = true
            if view.oneOf.isEmpty { view.anyOf = [] } else { view.oneOf = [] }
            return
        }
    }

    private static let simpleTypes: Set<String> = ["string", "number", "integer", "boolean"]
}
