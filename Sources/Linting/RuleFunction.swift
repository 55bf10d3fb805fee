/// A check that rules apply to the targets of their paths.
struct RuleFunction: Sendable {
    let name: String
    let check: @Sendable (Target, LintContext) -> [Remark]

    init(_ name: String, _ check: @escaping @Sendable (Target, LintContext) -> [Remark]) {
        self.name = name
        self.check = check
    }
}
