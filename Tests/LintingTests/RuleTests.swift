import Documents
import Testing

@testable import Linting

@Suite struct RuleTests {
    static let cases = OASRuleCases.all + ConnectorRuleCases.all

    @Test(arguments: cases) func findsWhatIsMarkedAndNothingElse(_ item: RuleCase) throws {
        let found = try item.findings()
        let places = found.map { "\($0.file ?? ""):\($0.line ?? 0):\($0.column ?? 0)" }
        #expect(places == item.wanted, "\(found.map(\.message))")
        if let message = item.message { #expect(found.allSatisfy { $0.message.contains(message) }, "\(found)") }
    }

    @Test(arguments: RuleCatalogue.all.map(\.code)) func hasAGoodAndABadDocument(_ code: String) {
        let cases = RuleTests.cases.filter { $0.code == code }
        #expect(cases.contains { $0.isMarked })
        #expect(cases.contains { !$0.isMarked })
    }

    @Test func everyRuleHasAPage() {
        var seen: Set<String> = []
        for rule in RuleCatalogue.all {
            #expect(seen.insert(rule.code).inserted, "\(rule.code) is there twice")
            #expect(rule.page.summary.hasSuffix("."), "\(rule.code)")
            #expect(!rule.page.rationale.isEmpty && !rule.page.fix.isEmpty, "\(rule.code)")
        }
        #expect(OASRules.all.count >= 55)
        #expect(ConnectorRules.all.count >= 50)
    }
}
