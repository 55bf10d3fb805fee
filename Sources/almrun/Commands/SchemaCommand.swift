import ArgumentParser
import Documents
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

    func run() throws {
        let kinds = kind.map { [$0] } ?? JSONSchemas.kinds
        var schemas = OrderedDictionary<String, Value>()
        for kind in kinds {
            guard let schema = JSONSchemas.schema(kind, stages: BuiltinStages.descriptions) else {
                throw ValidationError("there is no schema '\(kind)': \(JSONSchemas.kinds.joined(separator: ", "))")
            }
            schemas[kind] = schema
        }
        guard let write else {
            Console.print(kind.flatMap { schemas[$0] } ?? .map(schemas))
            return
        }
        try FileManager.default.createDirectory(atPath: write, withIntermediateDirectories: true)
        for (kind, schema) in schemas {
            try Data((schema.json(pretty: true) + "\n").utf8).write(
                to: URL(filePath: "\(write)/\(kind).json"), options: .atomic)
            Console.error("wrote \(write)/\(kind).json")
        }
    }
}
