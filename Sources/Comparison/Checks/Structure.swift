import Documents

extension SchemaCheck {
    /// Properties that are not described.
    static let additionalProperties = SchemaCheck { pair in
        let key = "additionalProperties"
        func form(_ node: Node?) -> Openness {
            guard let node, node.kind == .object, node.count > 0 else {
                return node?.boolean == false ? .closed : .open
            }
            return .schema(node)
        }
        switch (form(pair.base[key]), form(pair.revision[key])) {
        case (.open, .open), (.closed, .closed): break
        case (.schema(let base), .schema(let revision)):
            pair.children.append(.init(base: base, revision: revision, step: key))
        case (_, .closed):
            pair.report(
                "additional-properties-closed", text: "properties that are not described are no longer allowed",
                base: pair.base[key], revision: pair.revision[key])
        case (.closed, _):
            pair.report(
                "additional-properties-opened", text: "properties that are not described are now allowed",
                base: pair.base[key], revision: pair.revision[key])
        case (.open, .schema(let node)):
            pair.report(
                "additional-properties-schema-added", text: "properties that are not described must now meet a schema",
                revision: node)
        case (.schema(let node), .open):
            pair.report(
                "additional-properties-schema-removed", text: "properties that are not described may now be anything",
                base: node)
        }
    }

    private enum Openness {
        case open, closed
        case schema(Node)
    }

    /// The elements of arrays.
    static let elements = SchemaCheck { pair in
        switch (pair.base["items"], pair.revision["items"]) {
        case (let base?, let revision?):
            pair.children.append(.init(base: base, revision: revision, step: "items"))
        case (nil, let revision?) where pair.base.types == ["array"]:
            if !pair.graph.revision.isAnnotationOnly(revision) {
                pair.report("items-added", text: "the elements must now meet a schema", revision: revision)
            }
        case (let base?, nil) where pair.revision.types == ["array"]:
            if !pair.graph.base.isAnnotationOnly(base) {
                pair.report("items-removed", text: "the elements may now be anything", base: base)
            }
        default: break
        }
        pair.compare("contains", added: "contains-added", removed: "contains-removed")
        let old = pair.base["prefixItems"].map { Array($0.elements) } ?? []
        let new = pair.revision["prefixItems"].map { Array($0.elements) } ?? []
        for (index, (base, revision)) in zip(old, new).enumerated() {
            pair.children.append(.init(base: base, revision: revision, step: "prefixItems[\(index)]"))
        }
        for (index, node) in new.enumerated().dropFirst(old.count) {
            pair.report("prefix-items-added", text: "position \(index + 1) is newly described", revision: node)
        }
        for (index, node) in old.enumerated().dropFirst(new.count) {
            pair.report("prefix-items-removed", text: "position \(index + 1) is no longer described", base: node)
        }
        pair.compare("unevaluatedItems", added: "unevaluated-items-added", removed: "unevaluated-items-removed")
    }

    /// Schemas that count on a condition, and schemas that must not be met.
    static let conditions = SchemaCheck { pair in
        for key in ["if", "then", "else"] { pair.compare(key, added: "\(key)-added", removed: "\(key)-removed") }
        switch (pair.base["not"], pair.revision["not"]) {
        case (nil, let new?): pair.report("not-added", text: "must now differ from a schema", revision: new)
        case (let old?, nil): pair.report("not-removed", text: "need not differ from a schema any more", base: old)
        case (let old?, let new?):
            // What narrows the forbidden schema widens the allowed one, so the parts are not looked at one by one.
            if !pair.graph.areEquivalent(old, new) {
                pair.report(
                    "not-changed", text: "the schema that it must differ from changed", base: old, revision: new)
            }
        case (nil, nil): break
        }
    }

    /// Schemas that depend on the names of properties.
    static let dependencies = SchemaCheck { pair in
        pair.compare("propertyNames", added: "property-names-added", removed: "property-names-removed")
        pair.compare(
            "unevaluatedProperties", added: "unevaluated-properties-added", removed: "unevaluated-properties-removed")
        pair.compareMembers("patternProperties", "pattern-property", "the properties that match")
        pair.compareMembers("dependentSchemas", "dependent-schema", "the schema that depends on")
        let (old, new) = (pair.base["dependentRequired"], pair.revision["dependentRequired"])
        for member in old?.members.map({ $0 }) ?? [] {
            let before = member.value.elements.compactMap(\.string)
            guard let other = new?[member.key] else {
                pair.report(
                    "dependent-required-removed", text: "with '\(member.key)' nothing else is needed any more",
                    base: member.keyNode)
                continue
            }
            let after = other.elements.compactMap(\.string)
            guard Set(before) != Set(after) else { continue }
            pair.report(
                "dependent-required-changed",
                text: "with '\(member.key)' now \(list(after)) is needed instead of \(list(before))",
                base: member.value, revision: other)
        }
        for member in new?.members.map({ $0 }) ?? [] where old?[member.key] == nil {
            pair.report(
                "dependent-required-added",
                text: "with '\(member.key)' now \(list(member.value.elements.compactMap(\.string))) is needed",
                revision: member.keyNode)
        }
    }

    /// Texts that hold other content.
    static let embeddedContent = SchemaCheck { pair in
        for (key, suffix) in [
            ("contentEncoding", "content-encoding-changed"), ("contentMediaType", "content-media-type-changed"),
        ] {
            let (old, new) = (pair.base[key], pair.revision[key])
            guard old?.string != new?.string else { continue }
            pair.report(
                suffix, text: "'\(key)' changed from '\(old?.string ?? "")' to '\(new?.string ?? "")'", base: old,
                revision: new)
        }
        pair.compare("contentSchema", added: "content-schema-added", removed: "content-schema-removed")
    }
}

extension SchemaComparison {
    fileprivate mutating func compareMembers(_ key: String, _ word: String, _ phrase: String) {
        let (old, new) = (base[key], revision[key])
        for member in old?.members.map({ $0 }) ?? [] {
            if let other = new?[member.key] {
                children.append(Child(base: member.value, revision: other, step: "\(key)[\(member.key)]"))
            } else {
                report("\(word)-removed", text: "\(phrase) '\(member.key)' is gone", base: member.keyNode)
            }
        }
        for member in new?.members.map({ $0 }) ?? [] where old?[member.key] == nil {
            report("\(word)-added", text: "\(phrase) '\(member.key)' is new", revision: member.keyNode)
        }
    }
}
