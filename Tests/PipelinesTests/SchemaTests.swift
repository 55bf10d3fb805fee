import Documents
import Foundation
import OrderedCollections
import Pipelines
import Testing

@Suite struct SchemaTests {
    /// The problems that a schema finds in a value; knows the keywords that our schemas use.
    static func problems(_ value: Value, _ schema: Value, _ root: Value, _ path: String = "") -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = reference.replacing("#/$defs/", with: "")
            return problems(value, root["$defs"]?[name] ?? false, root, path)
        }
        if schema == false { return ["\(path): nothing is allowed"] }
        var found: [String] = []
        func check(_ schema: Value) -> [String] { problems(value, schema, root, path) }
        if let types = schema["type"].map({ $0.list ?? [$0] }) {
            let name: Value =
                switch value {
                case .map: "object"
                case .list: "array"
                case .string: "string"
                case .boolean: "boolean"
                case .integer: "integer"
                case .number: "number"
                case .null: "null"
                }
            if !types.contains(name), !(name == "integer" && types.contains("number")) {
                found.append("\(path): not \(types)")
            }
        }
        if let constant = schema["const"], constant != value { found.append("\(path): not \(constant)") }
        if let words = schema["enum"]?.list, !words.contains(value) { found.append("\(path): not one of \(words)") }
        if let pattern = schema["pattern"]?.string, let text = value.string,
            let expression = try? Regex(pattern), text.firstMatch(of: expression) == nil
        {
            found.append("\(path): '\(text)' does not match \(pattern)")
        }
        if let all = schema["allOf"]?.list { found += all.flatMap(check) }
        if let any = schema["anyOf"]?.list, !any.contains(where: { check($0).isEmpty }) {
            found.append("\(path): none of anyOf")
        }
        if let one = schema["oneOf"]?.list, one.count(where: { check($0).isEmpty }) != 1 {
            found.append("\(path): not one of oneOf")
        }
        if let not = schema["not"], check(not).isEmpty { found.append("\(path): must not") }
        if let condition = schema["if"], let then = schema["then"], check(condition).isEmpty { found += check(then) }
        if let members = value.map {
            for key in schema["required"]?.list ?? [] where members[key.string ?? ""] == nil {
                found.append("\(path): no \(key)")
            }
            for (key, member) in members {
                if let names = schema["propertyNames"] {
                    found += problems(.string(key), names, root, "\(path)/\(key)")
                }
                if let known = schema["properties"]?[key] {
                    found += problems(member, known, root, "\(path)/\(key)")
                } else if let other = schema["additionalProperties"] {
                    found += problems(member, other, root, "\(path)/\(key)")
                }
            }
        }
        if let elements = value.list, let items = schema["items"] {
            for (index, element) in elements.enumerated() {
                found += problems(element, items, root, "\(path)/\(index)")
            }
        }
        return found
    }

    private func problems(_ kind: String, _ text: String) throws -> [String] {
        let schema = try #require(JSONSchemas.schema(kind, stages: FakeStages.all))
        return Self.problems(try Document(text: text, file: "x.yaml").root.value, schema, schema)
    }

    @Test func goodManifestsPass() throws {
        #expect(try problems("pipeline", PlannerTests.release) == [])
        #expect(try problems("template", Repository.promote) == [])
        #expect(try problems("environment", Repository.prod) == [])
        #expect(try problems("roles", Repository.roles) == [])
    }

    @Test func kindsDecideTheirInputs() throws {
        #expect(
            try problems("pipeline", "stages: { a: { uses: solution.pack, with: { source: x, verson: y } } }")
                == ["/stages/a/with: no \"version\"", "/stages/a/with/verson: nothing is allowed"])
        #expect(
            try problems("pipeline", "stages: { a: { uses: solution.pak } }") == ["/stages/a/uses: not one of oneOf"])
        #expect(
            try problems(
                "pipeline", "stages: { a: { uses: solution.promote, with: { package: \"${{ stages.x.package }}\" } } }")
                == ["/stages/a: no \"environment\""])
        #expect(try problems("pipeline", "stages: { a: { uses: noop, environment: x } }") == ["/stages/a: must not"])
        #expect(
            try problems(
                "pipeline", "stages: { a: { uses: shell.run, with: { command: [x], count: \"${{ inputs.x }}\" } } }")
                == [])
        #expect(
            try problems("pipeline", "stages: { a: { uses: shell.run, with: { command: [x], count: many } } }")
                == ["/stages/a/with/count: none of anyOf"])
    }

    /// The manifests at the top of the repository have only keys that the schemas know.
    @Test func bundledFiles() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let files = RepositoryFiles(root: root.path)
        let kinds = [("pipelines", "pipeline"), ("templates", "template"), ("environments", "environment")]
        for (folder, kind) in kinds {
            let names = files.matches("\(folder)/*.yaml")
            #expect(!names.isEmpty)
            for name in names {
                let document = try #require(files.read(name).document)
                // Without descriptions of the stages only the outer keys are known.
                var schema = try #require(JSONSchemas.schema(name.hasSuffix("roles.yaml") ? "roles" : kind, stages: []))
                schema["$defs"]?["stage"]?["properties"]?["uses"] = ["type": "string"]
                #expect(Self.problems(document.root.value, schema, schema) == [], "\(name)")
            }
        }
    }

    @Test func starterManifestsAreGood() throws {
        let repository = Repository()
        var files = ["connectors/sales/apiDefinition.swagger.json": "{}", "src/Other/Solution.xml": "<x/>"]
        let start = StarterManifests(files: RepositoryFiles(files))
        for (path, text) in start.files { files[path] = text }
        let found = ManifestCheck(repository: RepositoryFiles(files), stages: FakeStages.all, inputFilesMustExist: true)
            .run()
        #expect(found.map(\.description) == [])
        #expect(start.notes.isEmpty)
        #expect(
            files["pipelines/release.yaml"]?.contains("document: connectors/sales/apiDefinition.swagger.json") == true)
        #expect(StarterManifests(files: RepositoryFiles(repository.files)).notes.count == 2)
        // What is only proposed in them is good too, and no gate stays closed by it.
        for (path, text) in start.files where path.hasPrefix("environments/") && !path.hasSuffix("roles.yaml") {
            var uncommented = files
            let proposed = text.replacing("\n  # What must", with: "\n##").replacing("\n  # ", with: "\n  ")
            #expect(path != "environments/prod.yaml" || proposed.contains("\n  evidence: {"))
            uncommented[path] = proposed
            let found = ManifestCheck(
                repository: RepositoryFiles(uncommented), stages: FakeStages.all, inputFilesMustExist: true
            ).run()
            #expect(found.map(\.description) == [], "\(path)")
        }
        // An older release that is kept for comparison has no properties beside it.
        files["connectors/baseline/apiDefinition.swagger.json"] = "{}"
        files["connectors/sales/apiProperties.json"] = "{}"
        let release = StarterManifests(files: RepositoryFiles(files)).files.first {
            $0.path == "pipelines/release.yaml"
        }
        #expect(release?.text.contains("document: connectors/sales/apiDefinition.swagger.json") == true)
    }

    /// What is asked about a key is answered.
    @Test func everyKeyHasAMeaning() {
        for page in [PipelinePage(stages: FakeStages.all), .environment, .roles] {
            for section in page.sections {
                #expect(section.rows.filter(\.summary.isEmpty).map(\.key) == [], "\(section.title)")
                #expect(!section.rows.isEmpty)
            }
        }
    }
}
