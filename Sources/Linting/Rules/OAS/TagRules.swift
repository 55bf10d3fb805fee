import Documents

extension OASRules {
    static let tagsAlphabetical = Rule(
        "openapi-tags-alphabetical", .warning, recommended: false, given: ["$"],
        [.field("tags", .alphabetical(keyedBy: "name"))],
        description: "OpenAPI object must have alphabetical \"tags\".",
        page: RulePage(
            "The tags of the definition are in alphabetical order.", why: "An order makes long lists readable.",
            fix: "sort 'tags' by name", example: "tags: [{name: customers}, {name: invoices}]"))

    static let tagsUniqueness = Rule(
        "openapi-tags-uniqueness", .error, given: ["$.tags"], [.init(uniqueTags)], description: nil,
        message: "{{error}}",
        page: RulePage(
            "No tag is declared twice.", why: "Tools keep one of the two, and which one differs.",
            fix: "remove the second declaration", example: "tags: [{name: customers}, {name: invoices}]"))

    static let tags = Rule(
        "openapi-tags", .warning, recommended: false, given: ["$"], [.field("tags", .nonEmptyList)],
        description: "OpenAPI object must have non-empty \"tags\" array.",
        page: RulePage(
            "The definition declares its tags.", why: "Tags group operations in documentation.",
            fix: "add 'tags' to the root", example: "tags: [{name: invoices, description: Bills and credit notes}]"))

    static let tagDescription = Rule(
        "tag-description", .warning, recommended: false, given: ["$.tags[*]"], [.field("description", .truthy)],
        description: "Tag object must have \"description\".",
        page: RulePage(
            "Each tag is described.", why: "The name of a group rarely says what belongs to it.",
            fix: "add 'description' to the tag",
            example: "tags: [{name: invoices, description: Bills and credit notes}]"))

    private static let uniqueTags = RuleFunction("uniqueTags") { target, _ in
        guard let list = target.value, list.kind == .array else { return [] }
        var seen: Set<String> = []
        var remarks: [Remark] = []
        for (index, tag) in list.elements.enumerated() {
            guard let name = tag["name"]?.string else { return [] }
            if !seen.insert(name).inserted {
                remarks.append(
                    Remark("\"tags\" object contains duplicate tag name \"\(name)\".", path: [String(index), "name"]))
            }
        }
        return remarks
    }
}

extension RuleFunction {
    /// Wants a list with at least one element.
    static let nonEmptyList = RuleFunction("nonEmptyList") { target, context in
        guard let value = target.value, value.kind == .array, value.count > 0 else {
            return [Remark("\(context.title(of: target))must be a list with at least one entry")]
        }
        return []
    }
}
