import Documents

extension OASRules {
    /// What Spectral reports while it follows references; here it is a rule like the others.
    static let invalidReference = Rule(
        "invalid-ref", .error, resolved: false, given: ["$..['$ref']"], [.init(existingTarget)], description: nil,
        page: RulePage(
            "Each reference within the document leads somewhere.",
            why:
                "What a lost reference stands for is unknown: imports fail, and tests and mocks have nothing to go by.",
            fix: "correct the path behind '#', or add what it names",
            example: "schema: {$ref: '#/definitions/Invoice'}"))

    private static let existingTarget = RuleFunction("existingTarget") { target, context in
        guard let text = target.value?.string, text.hasPrefix("#"), let holder = context.parent(of: target.site),
            context.key(of: holder) != "properties", context.target(of: text) == nil
        else { return [] }
        // Within examples and values a member of that name is data.
        let data: Set = ["example", "examples", "default", "enum", "const", "value", "x-example"]
        if !data.isDisjoint(with: context.path(of: holder)) { return [] }
        let names = context.siblings(ofReference: text)
        let hint = suggestion(for: ReferenceText.last(of: text), among: names).map { "; did you mean '\($0)'?" } ?? ""
        return [Remark("'\(text)' does not exist\(hint)", at: target.site)]
    }
}
