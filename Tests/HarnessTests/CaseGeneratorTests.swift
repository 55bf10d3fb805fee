import Documents
import OpenAPI
import OrderedCollections
import Testing

@testable import Harness

struct CaseGeneratorTests {
    @Test func oneCaseThatMustSucceedForEachAction() throws {
        let definition = try Definitions.contoso()
        let (cases, skipped) = CaseGenerator(definition).cases(.positive)
        #expect(
            cases.map(\.action) == [
                "ListInvoices", "CreateInvoice", "GetInvoice", "UpdateInvoice", "CancelInvoice", "ListCustomers",
                "GetCustomer", "ListCustomerChoices", "DeleteHook",
            ])
        #expect(skipped.map(\.action) == ["OnInvoiceChanged"])
        #expect(skipped.first?.reason.contains("trigger") == true)
    }

    @Test func refusalsAreMadeOnlyWhereTheyAreDocumented() throws {
        let (cases, _) = CaseGenerator(try Definitions.contoso()).cases(.all)
        let refusals = cases.filter { !$0.expectation.isPositive }
        #expect(refusals.contains { $0.name == "ListInvoices refuses status = Invalid" })
        #expect(refusals.contains { $0.name == "ListInvoices refuses pageSize = 0" })
        #expect(
            refusals.contains {
                $0.name == "CreateInvoice refuses amount = 0" || $0.name == "CreateInvoice refuses amount = 0.0"
            })
        #expect(refusals.contains { $0.name == "CreateInvoice refuses a body without customerId" })
        #expect(refusals.contains { $0.name == "CreateInvoice refuses a call without a body" })
        #expect(refusals.contains { $0.name == "GetInvoice refuses a call without credentials" && $0.isAnonymous })
        #expect(Set(cases.map(\.name)).count == cases.count)
        let bare = try Definitions.operation(
            "parameters: [{ name: q, in: query, type: string, required: true }]\nresponses: { 200: { description: ok } }"
        )
        #expect(CaseGenerator(bare).cases(.all).cases.map(\.name) == ["Act succeeds"])
    }

    @Test func aWrittenCaseTakesThePlaceOfTheGeneratedOne() throws {
        let definition = try Definitions.contoso()
        let written = TestCase(name: "mine", action: "GetInvoice", parameters: ["invoiceId": "inv-7"])
        let (cases, _) = CaseGenerator(definition).cases(.positive, besides: [written])
        #expect(!cases.contains { $0.action == "GetInvoice" })
        #expect(CaseGenerator(definition).cases(.none).cases.isEmpty)
    }
}
