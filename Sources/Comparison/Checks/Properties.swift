import Documents
import OpenAPI

extension SchemaCheck {
    /// The described properties of an object.
    static let properties = SchemaCheck { pair in
        let (old, new) = (pair.base, pair.revision)
        compareUndeclared(&pair)
        guard !old.properties.isEmpty || !new.properties.isEmpty else { return }
        let before = Dictionary(old.properties.map { ($0.name, $0.node) }) { first, _ in first }
        let after = Dictionary(new.properties.map { ($0.name, $0.node) }) { first, _ in first }
        let (wasRequired, isRequired) = (Set(old.required), Set(new.required))
        for property in old.properties {
            let traits = Traits(property.node, pair.graph.base)
            guard let node = after[property.name] else {
                pair.add(
                    .init(kind: .removed, required: wasRequired.contains(property.name), traits), property.name,
                    "was removed", base: property.node, revision: new["properties"])
                continue
            }
            pair.compareProperty(
                property.name, property.node, node, traits, Traits(node, pair.graph.revision),
                wasRequired.contains(property.name), isRequired.contains(property.name))
        }
        for property in new.properties where before[property.name] == nil {
            let traits = Traits(property.node, pair.graph.revision)
            let required = isRequired.contains(property.name)
            pair.add(
                .init(kind: .added, required: required, traits), property.name,
                required ? "is new and required" : "is new", base: old["properties"], revision: property.node)
        }
    }
}

extension SchemaCheck {
    /// Names that are required without being described.
    fileprivate static func compareUndeclared(_ pair: inout SchemaComparison) {
        let (old, new) = (pair.base, pair.revision)
        func isDeclared(_ name: String) -> Bool { old.property(name) != nil || new.property(name) != nil }
        let event = { (kind: PropertyEvent.Kind, isRequired: Bool) in
            PropertyEvent(
                kind: kind, isRequired: isRequired, hasDefault: false, isReadOnly: false, isWriteOnly: false)
        }
        for name in new.required where !old.required.contains(name) && !isDeclared(name) {
            pair.add(
                event(.becameRequired, true), name, "became required", base: old["required"], revision: new["required"])
        }
        for name in old.required where !new.required.contains(name) && !isDeclared(name) {
            pair.add(
                event(.becameOptional, false), name, "became optional", base: old["required"], revision: new["required"]
            )
        }
    }
}

/// What counts for a property wherever it is.
private struct Traits {
    var isReadOnly: Bool
    var isWriteOnly: Bool
    var hasDefault: Bool
    var visibility: String

    init(_ node: Node, _ reader: SchemaReader) {
        let target = reader.definition.resolve(node)
        func flag(_ key: String) -> Bool { node[key]?.boolean ?? target[key]?.boolean ?? false }
        isReadOnly = flag("readOnly")
        isWriteOnly = flag("writeOnly")
        hasDefault = node["default"] != nil || target["default"] != nil
        visibility = node["x-ms-visibility"]?.string ?? target["x-ms-visibility"]?.string ?? "none"
    }
}

extension PropertyEvent {
    fileprivate init(kind: Kind, required: Bool, _ traits: Traits) {
        self.init(
            kind: kind, isRequired: required, hasDefault: traits.hasDefault, isReadOnly: traits.isReadOnly,
            isWriteOnly: traits.isWriteOnly)
    }
}

extension SchemaComparison {
    fileprivate mutating func add(
        _ event: PropertyEvent, _ name: String, _ text: String, base: Node?, revision: Node?
    ) {
        differences.append(
            SchemaDifference(
                kind: .property(event), property: name, text: text, base: base ?? self.base.node,
                revision: revision ?? self.revision.node))
    }

    fileprivate mutating func compareProperty(
        _ name: String, _ base: Node, _ revision: Node, _ old: Traits, _ new: Traits, _ wasRequired: Bool,
        _ isRequired: Bool
    ) {
        func event(_ kind: PropertyEvent.Kind) -> PropertyEvent { .init(kind: kind, required: isRequired, new) }
        if isRequired, !wasRequired {
            add(event(.becameRequired), name, "became required", base: base, revision: revision)
        } else if wasRequired, !isRequired {
            add(event(.becameOptional), name, "became optional", base: base, revision: revision)
        }
        if old.isReadOnly != new.isReadOnly {
            add(
                event(new.isReadOnly ? .becameReadOnly : .becameNotReadOnly), name,
                new.isReadOnly ? "became read-only" : "is no longer read-only", base: base, revision: revision)
        }
        if old.isWriteOnly != new.isWriteOnly {
            add(
                event(new.isWriteOnly ? .becameWriteOnly : .becameNotWriteOnly), name,
                new.isWriteOnly ? "became write-only" : "is no longer write-only", base: base, revision: revision)
        }
        if old.visibility != new.visibility {
            let isHidden = new.visibility == "internal"
            differences.append(
                SchemaDifference(
                    kind: .directed(
                        request: isHidden && isRequired && !new.hasDefault
                            ? "cx-parameter-internal" : "cx-visibility-changed",
                        response: isHidden ? "cx-response-property-internal" : "cx-visibility-changed"),
                    property: name,
                    text: "the visibility changed from '\(old.visibility)' to '\(new.visibility)'", base: base,
                    revision: revision))
        }
        children.append(
            Child(
                base: base, revision: revision, step: name, isReadOnly: new.isReadOnly, isWriteOnly: new.isWriteOnly))
    }
}
