import Documents
import Foundation
import OrderedCollections
import Testing

@testable import Harness

struct CaseReaderTests {
    private func read(_ text: String) throws -> [TestCase] {
        try CaseReader.read([Document(text: text, file: "cases.yaml")], for: Definitions.contoso())
    }

    @Test func theExampleIsRead() throws {
        let cases = try CaseReader.read(
            path: Definitions.root + "/examples/contoso-sales/tests", shownAs: "tests", for: Definitions.contoso())
        #expect(cases.count == 10)
        let first = try #require(cases.first)
        #expect(first.name == "An invoice can be cancelled with a reason" || first.name == "cancel-invoice")
        #expect(first.origin == .written(file: "tests/cancel-invoice.json", line: 1))
        #expect(Set(cases.map(\.name)).count == cases.count)
    }

    @Test func everyPartIsRead() throws {
        let cases = try read(
            """
            - action: ListInvoices
              parameters: { status: Open, pageSize: 25 }
              headers: { X-Test: "1" }
              repeat: 3
              expect:
                status: [200, 2xx]
                maxLatency: 1.5s
                headers: { Content-Type: { contains: json } }
                body: { "items[*].id": { matches: "^inv" }, "/items/0/amount": { min: 1, max: 5 }, nextLink: null }
            - { name: other, action: GetInvoice, anonymous: true, skip: later, expect: 401 }
            """)
        #expect(cases.map(\.name) == ["cases #1 ListInvoices", "other"])
        let first = cases[0]
        #expect(first.parameters == ["status": .string("Open"), "pageSize": .integer(25)])
        #expect(first.repeats == 3)
        #expect(first.expectation.statuses == [.exact(200), .hundred(2)])
        #expect(first.expectation.maxLatency == 1.5)
        #expect(
            first.expectation.body.map(\.matchers) == [
                [.matches("^inv")], [.atLeast(1), .atMost(5)], [.equals(.null)],
            ])
        #expect(first.headers.map(\.name) == ["X-Test"])
        #expect(cases[1].isAnonymous)
        #expect(cases[1].skipReason == "later")
        #expect(cases[1].expectation.statuses == [.exact(401)])
        #expect(!cases[1].expectation.isPositive)
    }

    @Test(
        arguments: [
            ("{ action: ListInvoces }", "case/unknown-action", "did you mean 'ListInvoices'?", 1, 11),
            ("{ acton: ListInvoices }", "case/unknown-key", "did you mean 'action'?", 1, 3),
            ("{ parameters: {} }", "case/missing-action", nil, 1, 1),
            ("{ action: 5 }", "case/wrong-type", nil, 1, 11),
            (
                "{ action: ListInvoices, parameters: { statuss: Open } }", "case/unknown-parameter",
                "did you mean 'status'?", 1, 39
            ),
            (
                "{ action: CreateInvoice, parameters: { amount: 1 }, expect: 400 }", "case/unknown-parameter",
                "did you mean 'body/amount'?", 1, 40
            ),
            ("{ action: ListInvoices, parameters: [] }", "case/wrong-type", nil, 1, 37),
            (
                "{ action: GetInvoice }", "case/missing-parameter",
                "give the value, or expect the status of the refusal: expect: { status: 400 }", 1, 1
            ),
            ("{ action: ListInvoices, expect: { status: 900 } }", "case/wrong-status", nil, 1, 43),
            ("{ action: ListInvoices, expect: { status: ok } }", "case/wrong-status", nil, 1, 43),
            ("{ action: ListInvoices, expect: { stats: 200 } }", "case/unknown-key", "did you mean 'status'?", 1, 35),
            (
                "{ action: ListInvoices, expect: { body: { id: { equal: 1 } } } }", "case/unknown-matcher",
                "did you mean 'equals'?", 1, 49
            ),
            (
                "{ action: ListInvoices, expect: { body: { id: { matches: \"(\" } } } }", "case/wrong-pattern", nil, 1,
                58
            ),
            ("{ action: ListInvoices, expect: { body: { id: { type: text } } } }", "case/wrong-type", nil, 1, 55),
            ("{ action: ListInvoices, expect: { body: { \"a[0\": 1 } } }", "case/wrong-path", nil, 1, 43),
            ("{ action: ListInvoices, expect: { maxLatency: soon } }", "case/wrong-type", nil, 1, 47),
            ("{ action: ListInvoices, repeat: 0 }", "case/wrong-type", nil, 1, 33),
            ("{ action: ListInvoices, anonymous: maybe }", "case/wrong-type", nil, 1, 36),
            ("{ action: ListInvoices, headers: { \"a b\": c } }", "case/wrong-type", nil, 1, 43),
            ("just text", "case/not-a-case", nil, 1, 1),
            ("[1]", "case/not-a-case", nil, 1, 2),
        ] as [(String, String, String?, Int, Int)])
    func wrongCases(_ text: String, _ code: String, _ help: String?, _ line: Int, _ column: Int) throws {
        let rejected = #expect(throws: Rejected.self) { try read(text) }
        let first = try #require(rejected?.diagnostics.first)
        #expect(rejected?.diagnostics.count == 1 || code == "case/unknown-key")
        #expect(first.code == code)
        if let help { #expect(first.help == help) }
        #expect(first.location?.start == Place(line: line, column: column))
    }

    @Test func everythingWrongIsToldAtOnce() throws {
        let rejected = #expect(throws: Rejected.self) {
            try read(
                "- { action: Nope }\n- { action: ListInvoices, expect: { status: 1 } }\n- { name: x, action: ListCustomers }\n- { name: x, action: ListCustomers }"
            )
        }
        #expect(
            rejected?.diagnostics.map(\.code) == ["case/unknown-action", "case/wrong-status", "case/duplicate-name"])
    }

    @Test func missingPathsAreSaid() throws {
        let definition = try Definitions.contoso()
        let rejected = #expect(throws: Rejected.self) { try CaseReader.read(path: "/nowhere/at/all", for: definition) }
        #expect(rejected?.diagnostics.map(\.code) == ["case/missing"])
        let folder = FileManager.default.temporaryDirectory.appending(path: "almrun-cases-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let empty = #expect(throws: Rejected.self) { try CaseReader.read(path: folder, for: definition) }
        #expect(empty?.diagnostics.map(\.code) == ["case/none"])
    }
}
