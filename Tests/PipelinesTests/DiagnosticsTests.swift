import Documents
import Pipelines
import TestSupport
import Testing

/// A manifest with `1️⃣` where each problem begins, and the problems in that order.
struct WrongManifest: CustomTestStringConvertible, Sendable {
    var name: String
    var file: String
    var text: MarkedText
    var problems: [String]
    /// The text after all fix-its, where it is worth looking at.
    var fixed: String?

    init(
        _ name: String, _ text: MarkedText, _ problems: [String], file: String = "pipelines/p.yaml",
        fixed: String? = nil
    ) {
        (self.name, self.text, self.problems, self.file, self.fixed) = (name, text, problems, file, fixed)
    }

    var testDescription: String { name }
}

@Suite struct DiagnosticsTests {
    /// Every marker has its problem, every problem its marker, and everything is reported at once.
    @Test(arguments: PipelineProblems.all + ReferenceProblems.all + EnvironmentProblems.all)
    func everythingAtOnce(_ manifest: WrongManifest) throws {
        let found = Repository("", [manifest.file: manifest.text.text]).check()
        let ours = found.filter { $0.location?.source.name == manifest.file }
        let expected = manifest.problems.enumerated().map { index, problem in
            "\(manifest.text[index + 1]): \(problem)"
        }
        let actual = ours.map {
            "\($0.location?.range.lowerBound ?? -1): \($0.message)" + ($0.help.map { " (\($0))" } ?? "")
        }
        #expect(actual == expected)
        #expect(found.count == ours.count)
        if let fixed = manifest.fixed {
            let (files, _) = FixItApplier.edits(found)
            let text = files.first.map { String(decoding: $0.bytes, as: UTF8.self) }
            #expect(text == fixed)
        }
    }

    @Test func cyclesAreShownWhole() {
        let repository = Repository(
            """
            stages:
              a: { uses: noop, needs: [c] }
              b: { uses: noop, with: { value: "${{ stages.a.value }}" } }
              c: { uses: noop, when: { stages.b.value: x } }
              d: { uses: noop, needs: [a] }
            """)
        let found = repository.check()
        #expect(found.map(\.message) == ["stages wait for one another in a circle: a -> c -> b -> a"])
        #expect(found.first?.code == "manifest/cycle")
        #expect(
            found.first?.notes.map { "\($0.location?.start.description ?? "") \($0.message)" } == [
                "2:28 'a' waits for 'c'", "4:28 'c' waits for 'b'", "3:40 'b' waits for 'a'",
            ])
    }

    @Test func cyclesThroughTemplates() {
        let repository = Repository(
            """
            stages:
              up: { template: promote, needs: [pack], with: { environment: dev, package: "${{ stages.pack.package }}" } }
              pack: { uses: solution.pack, needs: [up], with: { source: src, version: "1" } }
            """)
        #expect(
            repository.check().map(\.message) == [
                "stages wait for one another in a circle: up/promote -> pack -> up/promote"
            ])
    }

    @Test func templateCycles() {
        let repository = Repository(
            "stages: { a: { template: one } }",
            [
                "templates/one.yaml": "stages: { x: { template: two } }",
                "templates/two.yaml": "stages: { y: { template: one } }",
            ])
        let messages = repository.check().map(\.message)
        #expect(messages.contains("templates use one another in a circle: one -> two -> one"))
        #expect(repository.check().allSatisfy { $0.code == "manifest/template-cycle" })
    }

    @Test func environmentsInACircle() {
        let repository = Repository(
            "stages: { a: { uses: noop } }",
            [
                "environments/dev.yaml": "after: prod\n" + Repository.dev,
                "environments/self.yaml": "after: self\ntarget: { kind: directory, path: x }",
            ])
        #expect(
            repository.check().map(\.message) == [
                "environments come after one another in a circle: dev -> prod -> dev",
                "environments come after one another in a circle: self -> self",
            ])
    }

    @Test func problemsInTemplatesSayWhereTheyAreUsed() throws {
        let repository = Repository(
            "stages:\n  a: { template: t, with: { x: 3 } }",
            [
                "templates/t.yaml":
                    "inputs: { x: { type: integer } }\nstages: { s: { uses: solution.pack, with: { source: \"${{ inputs.x }}\", version: v } } }"
            ])
        let found = try #require(repository.check().first)
        #expect(found.message == "input 'source' of 'solution.pack' must be a path, and 'inputs.x' is a whole number")
        #expect(found.location?.source.name == "templates/t.yaml")
        #expect(found.notes.first?.message == "in 'a'")
        #expect(found.notes.first?.location?.source.name == "pipelines/p.yaml")
        #expect(repository.check().count == 1)
    }

    @Test func filesThatStagesReadMustExist() {
        let repository = Repository(
            """
            inputs: { folder: { type: path, default: connectors/a } }
            stages:
              one: { uses: openapi.lint, with: { document: "${{ inputs.folder }}/apy.json", ruleset: connectors/a/api.json } }
              two: { uses: solution.pack, with: { source: conectors/a, version: "1", target: out/x } }
              three: { uses: openapi.lint, with: { document: connectors/b/api.json } }
            """)
        #expect(repository.check().isEmpty)
        let found = repository.check(inputFilesMustExist: true)
        #expect(
            found.map { "\($0.code) \($0.help ?? "")" } == [
                "manifest/missing-file did you mean 'connectors/a/api.json'?",
                "manifest/missing-file did you mean 'connectors'?",
            ])
    }

    @Test func twoEnvironmentsInOnePlace() {
        let repository = Repository("stages: { a: { uses: noop } }", ["environments/copy.yaml": Repository.dev])
        #expect(repository.check().map(\.message) == ["environments 'copy' and 'dev' have the same target"])
    }

    @Test func templatesForFinallyMaySeeTheStatus() {
        let repository = Repository(
            "stages: { a: { uses: noop } }\nfinally: { n: { template: note } }",
            ["templates/note.yaml": "stages: { say: { uses: noop, with: { value: \"${{ run.status }}\" } } }"])
        #expect(repository.check().isEmpty)
        let main = Repository(
            "stages: { n: { template: note } }",
            ["templates/note.yaml": "stages: { say: { uses: noop, with: { value: \"${{ run.status }}\" } } }"])
        #expect(main.check().map(\.code) == ["manifest/not-known-yet"])
    }

    @Test func circlesAreFoundWithoutInputs() {
        let repository = Repository(
            """
            inputs: { x: { type: path } }
            stages:
              a: { uses: openapi.lint, with: { document: "${{ inputs.x }}/${{ stages.b.releaseNotes }}" } }
              b: { uses: openapi.diff, needs: [a], with: { document: "${{ inputs.x }}" } }
            """)
        #expect(repository.check().map(\.message) == ["stages wait for one another in a circle: a -> b -> a"])
    }

    @Test func aKeyThatStandsTwiceIsReportedOnce() {
        let found = Repository(
            "stages:\n  a: { uses: noop }\n  a: { uses: nop, with: { value: \"${{ stages.b.value }}\" } }\n"
        ).check()
        #expect(found.map(\.code) == ["document/duplicate-key", "manifest/unknown-kind"])
    }

    @Test func brokenYAMLIsReportedOnceWithItsPlace() {
        let found = Repository("stages:\n  a: { uses: noop, with: { value: ${{ inputs.x }} } }\n").check()
        #expect(found.map(\.code) == ["document/unquoted-expression"])
        #expect(found.first?.fixIts.isEmpty == false)
    }

    @Test(arguments: [
        "", "3", "[]", "stages:", "stages: {}", "stages: []", "stages: { a: }", "stages: { a: { uses: } }",
    ])
    func oddFilesAreRefused(_ text: String) {
        #expect(Repository("", ["pipelines/p.yaml": text]).check().contains { $0.severity == .error })
    }
}
