import Documents
import OrderedCollections

/// The keys of a pipeline or an environment, from its JSON Schema: `docs/pipelines.md`, and what `almrun explain` says of one of them.
public struct PipelinePage: Sendable {
    /// The keys of one map.
    public struct Section: Sendable {
        /// Such as `retry`, or `a stage`.
        public let title: String
        /// What the map is for.
        public let summary: String
        public let rows: [Row]
        /// A whole pipeline that uses them; empty for none.
        public let example: String
    }

    /// One key.
    public struct Row: Sendable {
        public let key: String
        public let type: String
        /// Where it is not written; nil where it is nothing.
        public let standard: String?
        public let isRequired: Bool
        public let summary: String
    }

    /// The whole first, and the parts after it.
    public let sections: [Section]

    public init(stages: [StageDescription]) {
        let schema = JSONSchemas.pipeline(stages: stages)
        let stage = schema["$defs"]?["stage"] ?? [:]
        let keys = schema["properties"] ?? [:]
        let input = keys["inputs"]?["additionalProperties"] ?? [:]
        let parts: [(String, Value)] = [
            ("a pipeline", schema), ("concurrency", keys["concurrency"] ?? [:]), ("an input", input),
            ("a stage", stage), ("retry", stage["properties"]?["retry"] ?? [:]),
            ("forEach", stage["properties"]?["forEach"] ?? [:]),
        ]
        self.init(parts)
    }

    /// The keys of an environment's file.
    public static var environment: PipelinePage {
        let schema = JSONSchemas.environment
        let keys = schema["properties"] ?? [:]
        let gates = keys["gates"] ?? [:]
        func items(_ key: String) -> Value { gates["properties"]?[key]?["items"] ?? [:] }
        let evidence = gates["properties"]?["evidence"]?["anyOf"]?.list?.last ?? [:]
        let targets = (keys["target"]?["oneOf"]?.list ?? []).map { target in
            ("a target of kind \(target["properties"]?["kind"]?["const"]?.string ?? "")", target)
        }
        let connection = keys["connections"]?["additionalProperties"] ?? [:]
        return PipelinePage(
            [("an environment", schema)] + targets + [
                ("a connection", connection), ("gates", gates), ("evidence", evidence),
                ("an approval", items("approvals")), ("a window", items("windows")), ("a freeze", items("freezes")),
                ("bypass", gates["properties"]?["bypass"] ?? [:]),
            ])
    }

    /// The keys of a person of `environments/roles.yaml`.
    public static var roles: PipelinePage {
        PipelinePage([
            ("a person", JSONSchemas.roles["additionalProperties"]?["items"]?["anyOf"]?.list?.last ?? [:])
        ])
    }

    private init(_ parts: [(String, Value)]) {
        sections = parts.map { title, schema in
            Section(
                title: title, summary: schema["description"]?.string ?? "One of the `inputs`.",
                rows: Self.rows(schema), example: PipelineExamples.all[title] ?? "")
        }
    }

    /// All of it as Markdown.
    ///
    /// - Parameter origin: Where it comes from, a sentence.
    public func markdown(_ origin: String) -> String {
        let words = Reference.RunProperty.statuses.map { "`\($0)`" }
        let statuses = "\(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")"
        let intro = """
            # Keys of a pipeline

            \(origin)

            Files of `pipelines/`. `${{ PATH }}` gives a value of an input (`inputs.region`), of a stage before it \
            (`stages.pack.package`), of the stage's environment, of the run (`run.id`, `run.requester`, and under `finally` \
            `run.status`, which is \(statuses)), of `forEach` (`item`) or a secret (`secrets.NAME`). A duration is a number with its unit: 500ms, 90s, 10m, 24h or 7d. `almrun check` judges all \
            of it, `almrun explain KEY` shows one part of this page. A file of `templates/` has `description`, `inputs` \
            and `stages` as a pipeline has, and `outputs`.
            """
        return ([intro] + sections.map(Self.markdown)).joined(separator: "\n\n") + "\n"
    }

    /// What there is to say of a key: its own section, else its row wherever it stands; nil for no key.
    public func text(of key: String) -> String? {
        if let section = sections.first(where: { $0.title.lowercased() == key.lowercased() }) {
            return Self.markdown(section)
        }
        let found = sections.compactMap { section in
            section.rows.first { $0.key.lowercased() == key.lowercased() }.map { row in
                let example = ([section] + sections).first { $0.example.contains("\(row.key):") }?.example
                return "## \(row.key) of \(section.title)\n\n\(Self.table([row]))"
                    + (example.map { "\n\n\(Self.fenced($0))" } ?? "")
            }
        }
        return found.isEmpty ? nil : found.joined(separator: "\n\n")
    }

    /// Every key, once.
    public var keys: [String] {
        var keys: [String] = []
        for row in sections.flatMap(\.rows) where !keys.contains(row.key) { keys.append(row.key) }
        return keys
    }

    // MARK: - Reading the schema

    private static func rows(_ schema: Value) -> [Row] {
        let required = (schema["required"]?.list ?? []).compactMap(\.string)
        return (schema["properties"]?.map ?? [:]).map { key, value in
            // What has a section of its own says the rest there.
            let hasSection = value["properties"] != nil
            let summary = value["description"]?.string ?? ""
            let first = summary.firstRange(of: ". ").map { summary[..<$0.lowerBound] + "." } ?? summary[...]
            return Row(
                key: key, type: type(value) + (hasSection ? ", below" : ""),
                standard: value["default"].map { $0.string ?? $0.json() }, isRequired: required.contains(key),
                summary: hasSection ? String(first) : summary)
        }
    }

    private static func type(_ schema: Value) -> String {
        if let words = schema["enum"]?.list {
            return words.compactMap(\.string).map { "`\($0)`" }.joined(separator: ", ")
        }
        if let pattern = schema["pattern"]?.string, pattern.contains("(ms|s|m|h|d)") { return "duration" }
        if let word = schema["const"]?.string { return "`\(word)`" }
        if let choices = schema["oneOf"]?.list {
            let kinds = choices.compactMap { $0["properties"]?["kind"]?["const"]?.string }
            guard kinds.isEmpty else { return "map of the kind " + kinds.map { "`\($0)`" }.joined(separator: " or ") }
            return "a kind: `almrun stages`"
        }
        if let first = schema["anyOf"]?.list {
            // A reference may stand wherever it is allowed, which the page says once.
            return first.filter { $0["$ref"] == nil }.map(type).joined(separator: ", or ")
        }
        let names = schema["type"]?.list ?? schema["type"].map { [$0] } ?? []
        let least = schema["minimum"]?.integer.map { ", at least \($0)" } ?? ""
        let most = schema["maximum"]?.integer.map { " and at most \($0)" } ?? ""
        let words = names.compactMap(\.string).map { name in
            switch name {
            case "object": "map"
            case "array": "list" + (schema["items"].map { type($0) == "map" ? " of maps" : "" } ?? "")
            case "boolean": "true or false"
            case "integer": "whole number"
            case "string": "text"
            default: name
            }
        }
        return words.isEmpty ? "any value" : words.joined(separator: ", or ") + least + most
    }

    // MARK: - Writing it

    private static func markdown(_ section: Section) -> String {
        let title = section.title.prefix(1).uppercased() + section.title.dropFirst()
        // A key is written as it is.
        let isKey = !section.title.contains(" ")
        let text = "## \(isKey ? section.title : title)\n\n\(section.summary)\n\n\(table(section.rows))"
        return section.example.isEmpty ? text : "\(text)\n\n\(fenced(section.example))"
    }

    private static func table(_ rows: [Row]) -> String {
        let lines = rows.map { row in
            let standard = row.standard.map { "`\($0)`" } ?? (row.isRequired ? "required" : "-")
            let cells = ["`\(row.key)`", row.type, standard, row.summary].map { $0.replacing("|", with: "\\|") }
            return "| \(cells.joined(separator: " | ")) |"
        }
        return "| key | value | default | meaning |\n|---|---|---|---|\n" + lines.joined(separator: "\n")
    }

    private static func fenced(_ text: String) -> String { "```yaml\n\(text)\n```" }
}
