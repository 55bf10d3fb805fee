import Documents

extension SchemaCheck {
    /// Schemas that must all be met.
    static let allOf = SchemaCheck { compare("allOf", "all-of", \.allOf, &$0) }
    /// Schemas of which one or more must be met.
    static let anyOf = SchemaCheck { compare("anyOf", "any-of", \.anyOf, &$0) }
    /// Schemas of which exactly one must be met.
    static let oneOf = SchemaCheck { compare("oneOf", "one-of", \.oneOf, &$0) }

    private static func compare(
        _ key: String, _ word: String, _ list: KeyPath<SchemaView, [Node]>, _ pair: inout SchemaComparison
    ) {
        let (old, new) = (pair.base[keyPath: list], pair.revision[keyPath: list])
        guard !old.isEmpty || !new.isEmpty else { return }
        let matching = MemberMatching(old, new, graph: pair.graph, isAlternative: key != "allOf")
        for match in matching.pairs {
            pair.children.append(
                .init(base: match.base, revision: match.revision, step: "\(key)[\(pair.graph.name(of: match.base))]"))
        }
        for member in matching.added {
            let suffix =
                key == "allOf" && pair.graph.revision.isAnnotationOnly(member)
                ? "\(word)-added-annotation-only" : "\(word)-added"
            pair.report(
                suffix, text: "'\(pair.graph.name(ofRevision: member))' was added to '\(key)'",
                base: pair.base[key], revision: member)
        }
        for member in matching.removed {
            let suffix =
                key == "allOf" && pair.graph.base.isAnnotationOnly(member)
                ? "\(word)-removed-annotation-only" : "\(word)-removed"
            pair.report(
                suffix, text: "'\(pair.graph.name(of: member))' was removed from '\(key)'", base: member,
                revision: pair.revision[key])
        }
    }

    /// The property that decides which form is meant.
    static let discriminator = SchemaCheck { pair in
        switch (pair.base["discriminator"], pair.revision["discriminator"]) {
        case (nil, nil): break
        case (nil, let new?): pair.report("discriminator-added", text: "a discriminator was added", revision: new)
        case (let old?, nil): pair.report("discriminator-removed", text: "the discriminator was removed", base: old)
        case (let old?, let new?):
            let (from, to) = (old.string ?? old["propertyName"]?.string, new.string ?? new["propertyName"]?.string)
            if from != to {
                pair.report(
                    "discriminator-property-name-changed",
                    text: "the discriminator changed from '\(from ?? "")' to '\(to ?? "")'", base: old, revision: new)
            }
            let (before, after) = (old["mapping"], new["mapping"])
            for member in before?.members.map({ $0 }) ?? [] {
                guard let other = after?[member.key] else {
                    pair.report(
                        "discriminator-mapping-deleted", text: "the discriminator value '\(member.key)' is gone",
                        base: member.keyNode, revision: new)
                    continue
                }
                guard !pair.graph.doReferToTheSame(member.value, other) else { continue }
                pair.report(
                    "discriminator-mapping-changed",
                    text: "the discriminator value '\(member.key)' now stands for \(shortText(other)) instead of "
                        + shortText(member.value), base: member.value, revision: other)
            }
            for member in after?.members.map({ $0 }) ?? [] where before?[member.key] == nil {
                pair.report(
                    "discriminator-mapping-added", text: "the discriminator value '\(member.key)' is new", base: old,
                    revision: member.keyNode)
            }
        }
    }
}
