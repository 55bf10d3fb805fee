import Documents

extension SchemaCheck {
    /// Type and format.
    static let types = SchemaCheck { pair in
        if pair.base.isForbidden != pair.revision.isForbidden {
            if pair.revision.isForbidden {
                pair.report("schema-forbidden", text: "no value is allowed any more")
            } else {
                pair.report("type-generalized", text: "values are allowed that were not")
            }
            return
        }
        let (base, revision) = inferred(pair.base, pair.revision)
        let types = TypeRelation.of(base, revision)
        let relation = types.joined(formats(pair, base, revision))
        guard relation != .same else { return }
        let isTypeOther = types != .same
        pair.differences.append(
            SchemaDifference(
                kind: .type(
                    relation, toText: isTypeOther && revision == ["string"],
                    fromText: isTypeOther && base == ["string"],
                    toList: becomesList(pair, base, revision),
                    isList: pair.base.isTypeList || pair.revision.isTypeList),
                text: "type changed from '\(pair.base.typeText)' to '\(pair.revision.typeText)'",
                base: pair.base["type"] ?? pair.base.node, revision: pair.revision["type"] ?? pair.revision.node))
    }

    /// How the formats stand to each other; a format counts only for a type that both have.
    private static func formats(
        _ pair: SchemaComparison, _ base: [String]?, _ revision: [String]?
    ) -> TypeRelation {
        guard let base, let revision else { return .same }
        let (old, new) = (pair.base.format, pair.revision.format)
        if Set(base) == Set(revision) { return TypeRelation.ofFormats(old, new) }
        guard old != nil, new != nil, !Set(base).isDisjoint(with: revision) else { return .same }
        return TypeRelation.ofFormats(old, new)
    }

    /// Whether single values became lists of such values.
    private static func becomesList(
        _ pair: SchemaComparison, _ base: [String]?, _ revision: [String]?
    ) -> Bool {
        guard revision == ["array"], base != nil, let items = pair.revision["items"] else { return false }
        let reader = pair.graph.revision
        switch TypeRelation.of(base, reader.view(reader.anchor(items)).types) {
        case .same, .wider: return true
        case .narrower, .different: return false
        }
    }

    /// The types of both, where one says by its other keywords what the other says by its type.
    private static func inferred(_ base: SchemaView, _ revision: SchemaView) -> ([String]?, [String]?) {
        func guess(_ view: SchemaView, like other: [String]?) -> [String]? {
            if let types = view.types { return types }
            if other == ["object"], !view.properties.isEmpty || view["additionalProperties"] != nil { return other }
            if other == ["array"], view["items"] != nil { return other }
            return nil
        }
        return (guess(base, like: revision.types), guess(revision, like: base.types))
    }

    /// Whether null is allowed.
    static let nullability = SchemaCheck { pair in
        guard pair.base.isNullable != pair.revision.isNullable else { return }
        if pair.revision.isNullable {
            // A value of any type could be null already.
            guard pair.base.types != nil || pair.revision.types != nil || pair.revision["nullable"] != nil else {
                return
            }
            pair.report("became-nullable", text: "may now be null", revision: pair.revision["nullable"])
        } else if pair.revision.types != nil || pair.base.types == nil {
            pair.report("became-not-nullable", text: "may no longer be null", base: pair.base["nullable"])
        }
    }
}
