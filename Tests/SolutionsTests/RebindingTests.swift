import Documents
import Testing

@testable import Solutions

@Suite struct RebindingTests {
    static let file = Source(
        name: "environments/prod.yaml",
        bytes: Array("connections:\n  contoso_ref: x\n  contoso_teams: y\nvariables:\n  contoso_Url: z\n".utf8))

    static func location(_ text: String) -> Location {
        let offset = String(decoding: file.bytes, as: UTF8.self).utf8.firstRange(of: text.utf8)?.lowerBound
        let start =
            offset.map { String(decoding: file.bytes, as: UTF8.self).utf8.distance(from: "".utf8.startIndex, to: $0) }
            ?? 0
        return Location(source: file, range: start..<start + text.utf8.count)
    }

    /// Everything that the double needs, rightly bound.
    static func good() -> EnvironmentBindings {
        EnvironmentBindings(
            environment: "prod",
            connections: [
                .init(
                    logicalName: "contoso_ref", connector: "contoso_sales", connection: "0123abcd",
                    location: location("contoso_ref")),
                .init(
                    logicalName: "contoso_teams", connector: "teams", connection: "${{ secrets.TEAMS }}",
                    location: location("contoso_teams")),
            ],
            variables: [
                .init(schemaName: "contoso_Url", value: "https://prod.example.com", location: location("contoso_Url"))
            ],
            flows: [.init(name: "contoso_Nightly", isOn: false)], location: Location(source: file, range: 0..<0))
    }

    @Test func bindsAndSaysFromWhere() throws {
        let contents = try SolutionDouble().pack().package.contents
        let rebinding = try Rebinding.preflight(contents, bindings: Self.good())
        #expect(rebinding.diagnostics == [])
        #expect(
            rebinding.lines == [
                "connection contoso_ref = 0123abcd (environments/prod.yaml:2)",
                "connection contoso_teams = ${{ secrets.TEAMS }} (environments/prod.yaml:3)",
                "variable contoso_Url = https://prod.example.com (environments/prod.yaml:5)",
                "flow contoso_Nightly = disabled (environment 'prod')",
            ])
        #expect(rebinding.settings.connections.map(\.connectionID) == ["0123abcd", "${{ secrets.TEAMS }}"])
        #expect(
            rebinding.settings.connections.map(\.connectorID) == [
                "/providers/Microsoft.PowerApps/apis/shared_contoso-5fsales-5f0123456789abcdef",
                "/providers/Microsoft.PowerApps/apis/shared_teams",
            ])
    }

    @Test func aVariableThatIsLeftToItsDefaultIsAWarningWithTheValue() throws {
        var bindings = Self.good()
        bindings.variables = []
        let rebinding = try Rebinding.preflight(SolutionDouble().pack().package.contents, bindings: bindings)
        #expect(rebinding.settings.variables == [])
        #expect(rebinding.diagnostics.map(\.code) == ["binding/default-variable"])
        #expect(rebinding.diagnostics.map(\.severity) == [.warning])
        #expect(
            rebinding.diagnostics.first?.message
                == "environment 'prod' gives no value to 'contoso_Url', so it keeps the package's default 'https://api.example.com'"
        )
        #expect(rebinding.lines.contains("variable contoso_Url = https://api.example.com (default of the package)"))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var codes: [String]
        var change: @Sendable (inout SolutionDouble, inout EnvironmentBindings) -> Void
        init(
            _ what: String, _ codes: [String],
            _ change: @escaping @Sendable (inout SolutionDouble, inout EnvironmentBindings) -> Void
        ) {
            (testDescription, self.codes, self.change) = (what, codes, change)
        }
    }

    @Test(arguments: [
        Case("connection missing", ["binding/missing-connection"]) { $1.connections.removeLast() },
        Case("connection misspelt", ["binding/missing-connection", "binding/unused-connection"]) {
            $1.connections[0].logicalName = "contoso_rev"
        },
        Case("other case is the same name", []) { $1.connections[0].logicalName = "Contoso_Ref" },
        Case("variable missing", ["binding/missing-variable"]) { solution, _ in solution.add(variable: "contoso_Key") },
        Case("variable unused", ["binding/unused-variable"]) {
            $1.variables.append(.init(schemaName: "contoso_Ulr", value: "x"))
        },
        Case("flow unknown", ["binding/unknown-flow"]) { $1.flows.append(.init(name: "contoso_Nigthly", isOn: true)) },
        Case("flow by its own name", []) { $1.flows = [.init(name: "Nightly", isOn: true)] },
        Case("other connector", ["binding/wrong-connector"]) { $1.connections[1].connector = "shared_office365" },
        Case("connector as API id of this environment", []) {
            $1.connections[0].connector = "shared_contoso-5fsales-5ffedcba9876543210"
        },
        Case("connector without the publisher's prefix", []) { $1.connections[0].connector = "sales" },
        Case("connector by its display name", []) { $1.connections[0].connector = "Sales" },
        Case("connector as a whole path", []) {
            $1.connections[1].connector = "/providers/Microsoft.PowerApps/apis/shared_teams"
        },
        Case("connection as a path", ["binding/connection-id"]) {
            $1.connections[0].connection = "/providers/x/connections/0123abcd"
        },
        Case("connection with a space", ["binding/connection-id"]) { $1.connections[0].connection = "to do" },
        Case("empty connection", ["binding/empty-value"]) { $1.connections[0].connection = " " },
        Case("empty variable", ["binding/empty-value"]) { $1.variables[0].value = "" },
        Case("token of two underscores", ["binding/unreplaced-token"]) { $1.variables[0].value = "https://__HOST__/x" },
        Case("token of the accelerator", ["binding/unreplaced-token"]) {
            $1.connections[0].connection = "#{connectionreference.x}#"
        },
        Case("token of a shell", ["binding/unreplaced-token"]) { $1.variables[0].value = "${HOST}/x" },
        Case("token to be written over", ["binding/unreplaced-token"]) {
            $1.connections[0].connection = "<your connection id>"
        },
        Case("markup is no token", []) { $1.variables[0].value = "<b>x</b>" },
        Case("a secret is no token", []) { $1.variables[0].value = "https://${{ secrets.HOST }}/x" },
        Case("not a number", ["binding/variable-type"]) { solution, bindings in
            solution.add(variable: "contoso_N", type: 100_000_001)
            bindings.variables.append(.init(schemaName: "contoso_N", value: "ten"))
        },
        Case("a number", []) { solution, bindings in
            solution.add(variable: "contoso_N", type: 100_000_001)
            bindings.variables.append(.init(schemaName: "contoso_N", value: "-1.5"))
        },
        Case("neither yes nor no", ["binding/variable-type"]) { solution, bindings in
            solution.add(variable: "contoso_B", type: 100_000_002)
            bindings.variables.append(.init(schemaName: "contoso_B", value: "on"))
        },
        Case("not JSON", ["binding/variable-type"]) { solution, bindings in
            solution.add(variable: "contoso_J", type: 100_000_003)
            bindings.variables.append(.init(schemaName: "contoso_J", value: "{a: 1}"))
        },
        Case("a secret in the open", ["binding/variable-type"]) { solution, bindings in
            solution.add(variable: "contoso_S", type: 100_000_005)
            bindings.variables.append(.init(schemaName: "contoso_S", value: "hunter2"))
        },
        Case("a secret in the vault", []) { solution, bindings in
            solution.add(variable: "contoso_S", type: 100_000_005)
            bindings.variables.append(.init(schemaName: "contoso_S", value: "${{ secrets.S }}"))
        },
    ])
    func preflight(_ test: Case) throws {
        var solution = SolutionDouble()
        var bindings = Self.good()
        test.change(&solution, &bindings)
        let contents = try solution.pack().package.contents
        do {
            let rebinding = try Rebinding.preflight(contents, bindings: bindings)
            #expect(test.codes.isEmpty)
            #expect(rebinding.diagnostics == [])
        } catch {
            #expect(error.diagnostics.map(\.code) == test.codes)
            #expect(error.diagnostics.first?.message.contains("hunter2") == false)
        }
    }

    @Test func everythingWrongComesAtOnceWithPlacesAndSuggestions() throws {
        var bindings = Self.good()
        bindings.connections[0].logicalName = "contoso_reff"
        bindings.connections[1].connector = "outlook"
        bindings.variables[0].value = "__URL__"
        let contents = try SolutionDouble().pack().package.contents
        let rejected = #expect(throws: Rejected.self) { try Rebinding.preflight(contents, bindings: bindings) }
        let lines = rejected?.diagnostics.map { "\($0.location?.start.line ?? 0) \($0.code) \($0.help ?? "-")" }
        #expect(
            lines == [
                "1 binding/missing-connection is 'contoso_reff' meant for it?", "3 binding/wrong-connector -",
                "5 binding/unreplaced-token write the value, or '${{ secrets.NAME }}' where it is secret",
                "2 binding/unused-connection did you mean 'contoso_ref'?",
            ])
    }

    @Test func aConnectionOfAnotherEnvironmentIsRefused() throws {
        var dev = Self.good()
        dev.environment = "dev"
        dev.connections[1].connection = "${{ secrets.DEV_TEAMS }}"
        let contents = try SolutionDouble().pack().package.contents
        let rejected = #expect(throws: Rejected.self) {
            try Rebinding.preflight(contents, bindings: Self.good(), others: [dev])
        }
        #expect(rejected?.diagnostics.map(\.code) == ["binding/foreign-connection"])
        // Which of the two is wrong nobody can know: both are said.
        let first = rejected?.diagnostics.first
        #expect(
            first?.message.hasPrefix(
                "environment 'prod' binds to 'contoso_ref' the connection that environment 'dev' binds too (")
                == true, "\(first?.message ?? "")")
        _ = try Rebinding.preflight(contents, bindings: Self.good(), others: [Self.good()])
    }

    /// In two spellings, by one secret, or by a secret whose value is known.
    @Test func theSameConnectionIsFoundHoweverItIsWritten() throws {
        let contents = try SolutionDouble().pack().package.contents
        func codes(
            _ mine: (String, known: String?), _ theirs: (String, known: String?)
        ) throws -> [String] {
            var (good, dev) = (Self.good(), Self.good())
            dev.environment = "dev"
            dev.connections[1].connection = "${{ secrets.DEV_TEAMS }}"
            good.connections[0].connection = mine.0
            good.connections[0].identity = mine.known
            dev.connections[0].connection = theirs.0
            dev.connections[0].identity = theirs.known
            do {
                _ = try Rebinding.preflight(contents, bindings: good, others: [dev])
                return []
            } catch let rejected {
                #expect(!"\(rejected.diagnostics)".contains("hidden"))
                return rejected.diagnostics.map(\.code)
            }
        }
        let foreign = ["binding/foreign-connection"]
        #expect(try codes(("AB-1", nil), ("ab-1", nil)) == foreign)
        // The process that deploys to the other one may have another value.
        #expect(try codes(("${{ secrets.X }}", "hidden"), ("${{ secrets.X }}", nil)).isEmpty)
        #expect(try codes(("${{ secrets.X }}", "hidden"), ("Hidden", nil)) == foreign)
        #expect(try codes(("${{ secrets.X }}", nil), ("${{ secrets.Y }}", nil)).isEmpty)
        #expect(try codes(("${{ secrets.X }}", nil), ("c-1", nil)).isEmpty)
        #expect(try codes(("${{ secrets.X }}", "one"), ("${{ secrets.X }}", "two")).isEmpty)
    }

    @Test func unusedBindingsMayBeWarnings() throws {
        var bindings = Self.good()
        bindings.variables.append(.init(schemaName: "contoso_Other", value: "x"))
        bindings.flows.append(.init(name: "Other", isOn: true))
        let contents = try SolutionDouble().pack().package.contents
        let rebinding = try Rebinding.preflight(contents, bindings: bindings, unused: .warning)
        #expect(rebinding.diagnostics.map(\.severity) == [.warning, .warning])
        #expect(rebinding.settings.variables.map(\.schemaName) == ["contoso_Url"])
    }

    @Test func aPackagedValueIsAWarning() throws {
        var solution = SolutionDouble()
        solution.files["environmentvariabledefinitions/contoso_Url/environmentvariablevalues.json"] =
            "{\"environmentvariablevalues\": {\"environmentvariablevalue\": {\"value\": \"https://dev\"}}}"
        let rebinding = try Rebinding.preflight(solution.pack().package.contents, bindings: Self.good())
        #expect(rebinding.diagnostics.map(\.code) == ["binding/packaged-value"])
    }
}
