import Documents
import Testing

@testable import Linting

@Suite struct RulesetTests {
    static let document = """
        openapi: 3.0.3
        info: {title: a b, version: '1'}
        paths:
          /Invoices:
            get: {operationId: list, tags: [x], summary: S}
        """

    @Test func readsRulesOfItsOwn() throws {
        let findings = try lint(
            """
            rules:
              kebab-paths:
                description: Paths are kebab case
                message: "{{property}} should be kebab: {{error}} ({{path}})"
                severity: error
                given: $.paths[*]~
                then: {function: pattern, functionOptions: {match: "^(/[a-z0-9-]+)+$"}}
              title-case:
                given: $.info
                then:
                  - {field: title, function: casing, functionOptions: {type: pascal}}
                  - {field: contact, function: truthy}
                  - {field: "@key", function: enumeration, functionOptions: {values: [title]}}
            """)
        #expect(
            findings.map { "\($0.code) \($0.severity) \($0.pointer ?? "") \($0.message)" } == [
                "title-case warning /info \"info.contact\" property must be truthy",
                "title-case warning /info/title must be pascal case",
                "title-case warning /info/version \"version\" must be equal to one of the allowed values: \"title\"",
                "kebab-paths error /paths/~1Invoices /Invoices should be kebab: \"/Invoices\" must match the pattern \"^(/[a-z0-9-]+)+$\" (#/paths/~1Invoices)",
            ])
    }

    @Test func changesInheritedRules() throws {
        let codes = try lint(
            """
            extends: [[spectral:oas, off]]
            rules:
              operation-description: error
              info-contact: true
              operation-tags: off
              operation-operationId:
                description: Ids begin with a capital
                then: {field: operationId, function: pattern, functionOptions: {match: "^[A-Z]"}}
            """)
        #expect(
            codes.map { "\($0.code) \($0.severity) \($0.message)" } == [
                "info-contact warning Info object must have \"contact\" object.",
                "operation-description error Operation \"description\" must be present and non-empty string.",
                "operation-operationId warning Ids begin with a capital",
            ])
    }

    @Test func selectsSets() throws {
        let recommended = try Ruleset(Document(text: "extends: spectral:oas", file: "r.yaml"))
        let all = try Ruleset(Document(text: "extends: [[spectral:oas, all]]", file: "r.yaml"))
        let none = try Ruleset(Document(text: #"{"extends": [["spectral:oas", "off"]]}"#, file: "r.json"))
        #expect(all.rules.count == OASRules.all.count)
        #expect(recommended.rules.count == OASRules.all.count { $0.isRecommended })
        #expect(none.rules.isEmpty)
        #expect(try Ruleset(path: "almrun:connector").rules.count == ConnectorRules.all.count + 1)
    }

    @Test func extendsFilesBesideIt() throws {
        let files = [
            "rules/base.yaml": "extends: ./more/extra.yaml\nrules: {a: {given: $.info, then: {function: falsy}}}",
            "rules/more/extra.yaml": "rules: {b: {given: $.info, then: {function: undefined}}}",
        ]
        let ruleset = try read("extends: base.yaml\nrules: {b: off}", at: "rules/main.yaml", files)
        #expect(ruleset.rules.map(\.code) == ["a"])
        #expect(ruleset.files == ["rules/main.yaml", "rules/base.yaml", "rules/more/extra.yaml"])
    }

    @Test func aCycleIsDiagnosed() throws {
        let files = ["b.yaml": "extends: c.yaml", "c.yaml": "extends: ./b.yaml"]
        let rejected = #expect(throws: Rejected.self) { try read("extends: b.yaml", at: "a.yaml", files) }
        #expect(rejected?.diagnostics.map(\.code) == ["ruleset/cycle"])
        #expect(rejected?.diagnostics.first?.message.contains("b.yaml -> c.yaml -> b.yaml") == true)
    }

    @Test func aliasesStandForPaths() throws {
        let findings = try lint(
            """
            aliases:
              Operation: ["$.paths[*][get,put]"]
              Id: ["#Operation.operationId"]
              Title:
                targets:
                  - {formats: [oas2], given: [$.nothing]}
                  - {formats: [oas3], given: [$.info.title]}
            rules:
              a: {given: "#Id", then: {function: casing, functionOptions: {type: pascal}}}
              b: {given: ["#Title"], then: {function: falsy}}
            """)
        #expect(
            findings.map { "\($0.code) \($0.pointer ?? "")" } == [
                "b /info/title", "a /paths/~1Invoices/get/operationId",
            ])
    }

    @Test func overridesChangeSingleFilesAndPlaces() throws {
        let text = """
            rules:
              a: {given: "$..summary", severity: error, then: {function: falsy}}
              b: {given: "$.info.title", then: {function: falsy}}
            overrides:
              - files: ["legacy/*.yaml"]
                rules: {b: off}
              - files: ["**#/paths/~1Invoices"]
                rules: {a: hint}
            """
        let ruleset = try Ruleset(Document(text: text, file: "r.yaml"))
        let usual = try Document(text: RulesetTests.document, file: "api.yaml")
        let legacy = try Document(text: RulesetTests.document, file: "legacy/api.yaml")
        #expect(
            Linter(ruleset: ruleset).lint(usual).findings.map { "\($0.code) \($0.severity)" } == [
                "b warning", "a hint",
            ])
        #expect(Linter(ruleset: ruleset).lint(legacy).findings.map(\.code) == ["a"])
    }

    @Test(arguments: [
        ("**/*.yaml", true), ("*.yaml", false), ("../api/*.yaml", false), ("../**/*.yaml", false),
        ("../other/*.yaml", true),
    ]) func overridesAreRelativeToTheRulesetsFolder(_ pattern: String, _ ruleStays: Bool) throws {
        let text = """
            rules: {b: {given: "$.info.title", then: {function: falsy}}}
            overrides: [{files: ["\(pattern)"], rules: {b: off}}]
            """
        let ruleset = try Ruleset(Document(text: text, file: "rules/r.yaml"))
        let outside = try Document(text: RulesetTests.document, file: "api/api.yaml")
        #expect(Linter(ruleset: ruleset).lint(outside).findings.isEmpty == !ruleStays)
    }

    @Test func aMisspeltBuiltInRulesetIsSuggested() {
        let rejected = #expect(throws: Rejected.self) { try Ruleset(path: "almrun:conector") }
        #expect(rejected?.diagnostics.first?.help == "did you mean 'almrun:connector'?")
    }

    @Test func scriptedFunctionsLeaveTheirRulesOut() throws {
        let text = """
            functions: [check]
            rules:
              a: {given: $, then: {function: check}}
              b: {given: $, then: {function: truthy}}
            """
        let ruleset = try Ruleset(Document(text: text, file: "r.yaml"))
        #expect(ruleset.rules.map(\.code) == ["b"])
        #expect(ruleset.warnings.map(\.code) == ["ruleset/unsupported-function"])
    }

    @Test(
        arguments: [
            ("◆[]", "ruleset/not-a-map", nil),
            ("◆{}", "ruleset/empty", nil),
            ("rules: {}\n◆extend: spectral:oas", "ruleset/unknown-key", "did you mean 'extends'?"),
            ("extends: ◆spectral:oass", "ruleset/unknown-ruleset", "did you mean 'spectral:oas'?"),
            ("extends: [[spectral:oas, ◆al]]", "ruleset/unknown-set", "did you mean 'all'?"),
            ("extends: ◆https://a.example/r.yaml", "ruleset/remote", nil),
            ("extends: ◆./rules.js", "ruleset/scripted", nil),
            ("extends: ◆./missing.yaml", "document/missing", nil),
            (
                "extends: spectral:oas\nrules: {◆info-contct: off}", "ruleset/unknown-rule",
                "did you mean 'info-contact'?"
            ),
            (
                "extends: spectral:oas\nrules: {info-contact: ◆warning}", "ruleset/unknown-severity",
                "did you mean 'warn'?"
            ),
            ("rules: {◆a: {then: {function: truthy}}}", "ruleset/missing-given", nil),
            ("rules: {◆a: {given: $}}", "ruleset/missing-then", nil),
            ("rules: {a: {given: ◆'$.a[', then: {function: truthy}}}", "ruleset/invalid-path", nil),
            ("rules: {a: {given: ◆a.b, then: {function: truthy}}}", "ruleset/invalid-path", nil),
            (
                "rules: {a: {given: $, then: {function: ◆thruthy}}}", "ruleset/unknown-function",
                "did you mean 'truthy'?"
            ),
            ("rules: {a: {given: $, ◆then: {field: a}}}", "ruleset/missing-function", nil),
            (
                "rules: {a: {given: $, ◆sevrity: error, then: {function: truthy}}}", "ruleset/unknown-key",
                "did you mean 'severity'?"
            ),
            (
                "rules: {a: {given: $, then: {function: casing, functionOptions: {type: ◆camle}}}}",
                "ruleset/invalid-options", nil
            ),
            (
                "rules: {a: {given: $, then: {function: pattern, functionOptions: {match: ◆'('}}}}",
                "ruleset/invalid-options", nil
            ),
            ("rules: {a: {given: ◆'#B', then: {function: truthy}}}", "ruleset/unknown-alias", nil),
            (
                "aliases: {B: ['#B.c']}\nrules: {a: {given: ◆'#B', then: {function: truthy}}}", "ruleset/alias-cycle",
                nil
            ),
            (
                "rules: {a: {given: $, formats: [◆oas4], then: {function: truthy}}}", "ruleset/unknown-format",
                "did you mean 'oas2'?"
            ),
        ] as [(String, String, String?)])
    func errorsHavePlaces(_ marked: String, _ code: String, _ help: String?) throws {
        let text = marked.filter { $0 != "◆" }
        let rejected = #expect(throws: Rejected.self) { try read(text, at: "r.yaml", [:]) }
        let diagnostic = try #require(rejected?.diagnostics.first)
        #expect(rejected?.diagnostics.map(\.code) == [code], "\(rejected?.diagnostics ?? [])")
        let start = try #require(diagnostic.location?.start)
        let before = marked.prefix { $0 != "◆" }
        let line = before.filter { $0 == "\n" }.count + 1
        let column = (before.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0) + 1
        if code != "ruleset/missing-function" && !code.hasPrefix("ruleset/missing") && code != "ruleset/empty" {
            #expect(start == Place(line: line, column: column), "\(diagnostic)")
        }
        if let help { #expect(diagnostic.help == help) }
    }

    @Test func allErrorsComeAtOnce() {
        let text = "exten: a\nrules: {a: {given: b, then: {function: c}}, d: off}"
        let rejected = #expect(throws: Rejected.self) { try read(text, at: "r.yaml", [:]) }
        #expect(rejected?.diagnostics.count == 4)
    }

    private func read(_ text: String, at path: String, _ files: [String: String]) throws -> Ruleset {
        try Ruleset(try Document(text: text, file: path), at: path) { file throws(Rejected) in
            guard let text = files[file] else {
                throw Rejected(Diagnostic("document/missing", "'\(file)' does not exist"))
            }
            return try Document(text: text, file: file)
        }
    }

    private func lint(_ ruleset: String) throws -> [Finding] {
        let ruleset = try Ruleset(Document(text: ruleset, file: "ruleset.yaml"))
        return Linter(ruleset: ruleset).lint(try Document(text: RulesetTests.document, file: "api.yaml")).findings
    }
}
