import Documents
import Foundation
import OpenAPI
import OrderedCollections
import Synchronization
import Testing

@testable import Harness

@Suite(.waits, .timeLimit(.minutes(20)))
struct HarnessRunTests {
    private func written() throws -> [TestCase] {
        try CaseReader.read(path: Definitions.root + "/examples/contoso-sales/tests", for: Definitions.contoso())
    }

    @Test func theExamplePassesAgainstItsMock() async throws {
        let definition = try Definitions.contoso()
        var options = HarnessOptions()
        options.thresholds = try Thresholds(texts: [
            ("success", "99%"), ("readP95", "60s"), ("writeP95", "60s"), ("coverage", "95%"),
        ])
        let report = try await HarnessRun(definition, cases: written(), backend: .mock(MockOptions()), options: options)
            .run()
        #expect(report.failures.isEmpty, "\(report.text)")
        #expect(report.passed)
        #expect(report.coverage == 1)
        #expect(report.success == 1)
        #expect(report.actions == 9)
        #expect(report.untested.map(\.action) == ["OnInvoiceChanged"])
        #expect(report.cases.first { $0.action == "ListInvoices" && $0.status == 200 }?.pages == 2)
        #expect((report.reads?.samples ?? 0) >= 5)
        #expect(report.thresholds.allSatisfy { $0.verdict == .kept })
        #expect(report.backend == "mock")
    }

    @Test func throttlingIsWaitedFor() async throws {
        var mock = MockOptions()
        mock.throttleEvery = 4
        mock.retryAfter = 0
        // One call at a time: side by side, the same call could be the fourth one every time.
        var options = HarnessOptions()
        options.concurrency = 1
        let report = try await HarnessRun(
            Definitions.contoso(), cases: written(), backend: .mock(mock), options: options
        ).run()
        #expect(report.failures.isEmpty, "\(report.text)")
        #expect(report.cases.reduce(0) { $0 + $1.retries } > 0)
    }

    @Test func aWaitThatIsTooLongFails() async throws {
        var mock = MockOptions()
        mock.throttleEvery = 1
        mock.retryAfter = 600
        var options = HarnessOptions()
        options.generate = .none
        let one = TestCase(name: "list", action: "ListInvoices")
        let report = try await HarnessRun(Definitions.contoso(), cases: [one], backend: .mock(mock), options: options)
            .run()
        #expect(report.failures.map(\.status) == [429])
        #expect(!report.passed)
        #expect(report.brokenThresholds.first?.description == "success is 0 %, demanded is at least 99 % (1 calls)")
    }

    @Test func aSlowBackendBreaksThresholdsAndSaysTheNumber() async throws {
        var mock = MockOptions()
        mock.latency = 0.03
        var options = HarnessOptions()
        options.generate = .none
        options.repeats = 3
        options.thresholds = Thresholds([.readP95: 0.01, .writeP95: 0.01])
        let one = TestCase(name: "list", action: "GetInvoice", parameters: ["invoiceId": "inv-1"])
        let report = try await HarnessRun(Definitions.contoso(), cases: [one], backend: .mock(mock), options: options)
            .run()
        #expect(!report.passed)
        let read = try #require(report.thresholds.first { $0.metric == .readP95 })
        #expect(read.verdict == .broken)
        #expect((read.measured ?? 0) >= 0.03)
        #expect(read.samples == 3)
        #expect(report.thresholds.first { $0.metric == .writeP95 }?.verdict == .unmeasured)
    }

    @Test func nobodyListeningIsOneCause() async throws {
        // A port that was just free.
        let port = try await MockServer.with(Definitions.contoso()) { address in
            try #require(URL(string: address)?.port)
        }
        let run = HarnessRun(try Definitions.contoso(), backend: .url("http://127.0.0.1:\(port)/sales/v1"))
        let error = await #expect(throws: BackendUnreachable.self) { try await run.run() }
        #expect(error?.cause == "the connection is refused")
        #expect(error?.address == "http://127.0.0.1:\(port)/sales/v1")
    }

    @Test(arguments: ["ftp://x", "nonsense", "http://", "https:///path", "http://host/a?b=c", ""])
    func badAddressesAreSaid(_ address: String) async throws {
        let run = HarnessRun(try Definitions.contoso(), backend: .url(address))
        let error = await #expect(throws: BackendUnreachable.self) { try await run.run() }
        #expect(error?.isAddressWrong == true)
        #expect(error?.cause == "'\(address)' is no http or https address")
    }

    @Test func anUnknownNameIsOneCause() async throws {
        let run = HarnessRun(try Definitions.contoso(), backend: .url("http://host.invalid/a"))
        let error = await #expect(throws: BackendUnreachable.self) { try await run.run() }
        #expect(error?.cause == "its name is not known")
        #expect(error?.isAddressWrong == false)
    }

    @Test func aServiceWithoutTLSIsOneCause() async throws {
        let definition = try Definitions.contoso()
        let error = await #expect(throws: BackendUnreachable.self) {
            try await MockServer.with(definition) { address in
                let secure = "https" + address.dropFirst("http".count)
                return try await HarnessRun(definition, backend: .url(secure)).run()
            }
        }
        #expect(error?.isAddressWrong == false)
    }

    @Test func aTakenPortIsSaid() async throws {
        let definition = try Definitions.contoso()
        let error = await #expect(throws: MockServer.Failure.self) {
            try await MockServer.with(definition) { address in
                var options = MockOptions()
                options.port = try #require(URL(string: address)?.port)
                try await MockServer.with(definition, options: options) { _ in }
            }
        }
        #expect(error?.description.hasSuffix("cannot be opened: it is in use") == true)
    }

    @Test(arguments: [
        ("http://127.0.0.1:99999", "port 99999 is not from 1 to 65535"),
        ("http://127.0.0.1:0/a", "port 0 is not from 1 to 65535"),
        ("http://127.0.0.1:-1", "port -1 is not from 1 to 65535"),
        ("https://[::1]:70000/", "port 70000 is not from 1 to 65535"),
        ("http://a:99999999999999999999999", "port 99999999999999999999999 is not from 1 to 65535"),
        ("http://me:secret@host/", "an address holds no user name or password; send a header instead"),
        ("http+unix://%2Ftmp%2Fa/b", "'http+unix://%2Ftmp%2Fa/b' is no http or https address"),
        ("http://a b/", "'http://a b/' is no http or https address"),
        ("http://:80/", "'http://:80/' is no http or https address"),
        ("http://[zz]/", "'http://[zz]/' is no http or https address"),
        ("http://a/%zz", "'http://a/%zz' is no http or https address"),
    ])
    func oddAddressesAreSaid(_ address: String, _ reason: String) async throws {
        let run = HarnessRun(try Definitions.contoso(), backend: .url(address))
        let error = await #expect(throws: BackendUnreachable.self) { try await run.run() }
        #expect(error?.isAddressWrong == true)
        #expect(error?.cause == reason)
    }

    @Test func goodAddressesAreRead() throws {
        #expect(try BackendAddress("HTTPS://Api.example.com:443/v1//").text == "https://Api.example.com:443/v1")
        #expect(try BackendAddress("http://[::1]:8080").text == "http://[::1]:8080")
    }

    @Test func aSilentBackendFailsCases() async throws {
        let server = LoopbackServer { _, _ in
            try await Task.sleep(for: .seconds(30))
            return MockAnswer(status: 200)
        }
        let definition = try Definitions.contoso()
        var options = HarnessOptions()
        options.timeout = 0.2
        let prepared = options
        let report = try await server.serve { origin in
            try await HarnessRun(definition, backend: .url(origin), options: prepared).run()
        }
        #expect(!report.passed)
        #expect(report.failures.count == report.cases.count)
        #expect(report.failures.allSatisfy { $0.violations.map(\.message) == ["no answer within 200 ms"] })
    }

    @Test func anAnswerThatIsTooLargeFailsItsCase() async throws {
        let server = LoopbackServer { _, _ in
            MockAnswer(status: 200, body: Array(repeating: 32, count: HTTPCaller.bodyLimit + 1))
        }
        let definition = try Definitions.contoso()
        var options = HarnessOptions()
        options.generate = .none
        let prepared = options
        let report = try await server.serve { origin in
            try await HarnessRun(
                definition, cases: [TestCase(name: "list", action: "ListInvoices")], backend: .url(origin),
                options: prepared
            ).run()
        }
        #expect(report.failures.first?.violations == [Violation(.transport, "the answer is larger than 32 MiB")])
    }

    @Test(arguments: [(0, "still so after 3 repetitions"), (3600, "Retry-After 3600 s is longer than is waited")])
    func constantThrottlingIsSaid(_ seconds: Int, _ reason: String) async throws {
        var mock = MockOptions()
        mock.throttleEvery = 1
        mock.retryAfter = seconds
        mock.demandsCredentials = false
        let report = try await HarnessRun(Definitions.contoso(), cases: written(), backend: .mock(mock)).run()
        let throttled = report.failures.count { $0.violations.first?.kind == .throttled }
        #expect(throttled > 10)
        #expect(report.notes.contains("\(throttled) cases were throttled (429); \(reason)"), "\(report.notes)")
        // Only the cases under way before the first few gave up were repeated.
        #expect(report.cases.reduce(0) { $0 + $1.retries } <= 21)
    }

    @Test func cancellationTearsEverythingDown() async throws {
        let definition = try Definitions.contoso()
        let port = Mutex(0)
        var mock = MockOptions()
        // Longer than the suite may take: nobody waits for an answer.
        mock.latency = 3600
        let task = Task {
            try await MockServer.with(definition, options: mock) { address in
                port.withLock { $0 = URL(string: address)?.port ?? 0 }
                return try await HarnessRun(definition, backend: .url(address)).run()
            }
        }
        while port.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(10)) }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        // The port is closed again.
        let address = "http://127.0.0.1:\(port.withLock { $0 })/sales/v1"
        await #expect(throws: BackendUnreachable.self) {
            try await HarnessRun(definition, backend: .url(address)).run()
        }
    }

    @Test func secretsAreNotInReports() async throws {
        let server = LoopbackServer { request, _ in
            let echoed = request.header("authorization") ?? ""
            return MockAnswer(
                status: 403, headers: [("Content-Type", "application/json")],
                body: Array(
                    #"{"error": {"code": "X", "message": "not \#(echoed) nor \#(request.queryValues("key").first ?? "")"}}"#
                        .utf8))
        }
        let definition = try Definitions.contoso()
        var options = HarnessOptions()
        options.credentials = Credentials(
            headers: [("Authorization", "Bearer top-secret-token")], query: [("key", "hidden key value")])
        let prepared = options
        let report = try await server.serve { origin in
            try await HarnessRun(definition, backend: .url(origin + "/sales/v1"), options: prepared).run()
        }
        let everything = try report.json() + report.csv + report.junit + report.text + "\(options.credentials)"
        #expect(!everything.contains("top-secret-token"))
        #expect(!everything.contains("hidden key value"))
        #expect(everything.contains("not *** nor ***") || everything.contains("not Bearer ***"))
        #expect(!report.passed)
    }

    @Test func generatedDeletionsComeLast() async throws {
        let definition = try Definitions.text(
            """
            swagger: "2.0"
            info: { title: T, version: 1.0.0 }
            paths:
              /a:
                delete: { operationId: Drop, responses: { 204: { description: gone } } }
                get: { operationId: Read, responses: { 200: { description: ok } } }
                put: { operationId: Write, responses: { 200: { description: ok } } }
            """)
        let order = Mutex<[String]>([])
        let server = LoopbackServer { request, _ in
            order.withLock { $0.append(request.method) }
            return MockAnswer(status: request.method == "delete" ? 204 : 200)
        }
        let report = try await server.serve { try await HarnessRun(definition, backend: .url($0)).run() }
        #expect(report.passed, "\(report.text)")
        #expect(order.withLock { $0.last } == "delete")
        #expect(report.cases.map(\.action) == ["Drop", "Read", "Write"])
    }
}
