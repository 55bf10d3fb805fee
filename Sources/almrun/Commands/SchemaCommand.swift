import ArgumentParser
import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Stages

/// Prints the JSON Schemas of the manifests, made from the descriptions that the planner uses.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schemas of the manifests, for editors.",
        discussion: """
            With `# yaml-language-server: $schema=...` as first line, or a setting of the editor, keys, stage kinds and their inputs are \
            completed and checked while you type.

            Example: almrun schema --write .almrun/schemas
            """)

    @Argument(help: "pipeline, template, environment or roles; all of them by default.")
    var kind: String?

    @Option(help: "Write pipeline.json, template.json, environment.json and roles.json into this folder.")
    var write: String?

    func validate() throws {
        if let write, write.isEmpty { throw ValidationError("--write names a folder, and not ''") }
        guard let kind, !JSONSchemas.kinds.contains(kind) else { return }
        let near = suggestion(for: kind, among: JSONSchemas.kinds).map { "did you mean '\($0)'?" }
        throw ValidationError(
            "there is no schema '\(kind)': \(near ?? "there are \(JSONSchemas.kinds.joined(separator: ", "))")")
    }

    func run() throws {
        let kinds = kind.map { [$0] } ?? JSONSchemas.kinds
        var schemas = OrderedDictionary<String, Value>()
        for kind in kinds {
            schemas[kind] = JSONSchemas.schema(kind, stages: BuiltinStages.descriptions)
        }
        guard let write else {
            Console.print(kind.flatMap { schemas[$0] } ?? .map(schemas))
            return
        }
        for (kind, schema) in schemas {
            try DurableFile.write(Data((schema.json(pretty: true) + "\n").utf8), to: "\(write)/\(kind).json")
            Console.error("wrote \(write)/\(kind).json")
        }
    }
}
