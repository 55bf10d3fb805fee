import Documents
import OrderedCollections

/// The part of the schemas that knows the stage kinds: `with` depends on `uses`.
struct StageSchemas {
    private let stages: [StageDescription]

    init(_ stages: [StageDescription]) {
        var known: OrderedDictionary<String, StageDescription> = [:]
        for stage in stages + [.approvalWait] { known[stage.kind] = stage }
        self.stages = known.values.sorted { $0.kind < $1.kind }
    }

    /// The schema of `stages` or `finally`.
    func map(_ summary: String, isRequired: Bool = false) -> Value {
        var schema: Value = [
            "type": "object", "description": .string(summary), "propertyNames": JSONSchemas.name,
            "additionalProperties": ["$ref": "#/$defs/stage"],
        ]
        if isRequired { schema["minProperties"] = 1 }
        return schema
    }

    /// `$defs`: a stage, and the inputs of each kind.
    var definitions: Value {
        var definitions: Value.Map = ["stage": stage, "reference": reference]
        for stage in stages { definitions[Self.key(stage.kind)] = inputs(of: stage) }
        return .map(definitions)
    }

    private static func key(_ kind: String) -> String { "with " + kind }

    private let reference: Value = ["type": "string", "pattern": "\\$\\{\\{.*\\}\\}"]

    private var stage: Value {
        let kinds = stages.map { stage -> Value in
            ["const": .string(stage.kind), "description": .string(stage.summary)]
        }
        let conditions = stages.map { stage -> Value in
            var then: Value = [
                "properties": ["with": ["$ref": .string("#/$defs/\(Self.key(stage.kind))")]]
            ]
            var required: [Value] = stage.inputs.contains(where: \.isRequired) ? ["with"] : []
            switch stage.environment {
            case .unused: then["not"] = ["required": ["environment"]]
            case .reads, .changes: required.append("environment")
            case .optional: break
            }
            if !required.isEmpty { then["required"] = .list(required) }
            return [
                "if": ["properties": ["uses": ["const": .string(stage.kind)]], "required": ["uses"]], "then": then,
            ]
        }
        var schema = JSONSchemas.object(
            "A stage, or a use of a template.", required: [],
            [
                ("uses", ["description": "The kind of stage.", "oneOf": .list(kinds)]),
                ("template", JSONSchemas.text("A file of templates/, without its ending.")),
                ("description", JSONSchemas.text("What the stage is for.")),
                ("with", ["type": "object", "description": "The inputs."]),
                (
                    "needs",
                    [
                        "type": "array", "items": ["type": "string"],
                        "description": "Stages that must end before; what the stage refers to is waited for anyway.",
                    ]
                ),
                (
                    "when",
                    [
                        "description":
                            "Decides whether the stage runs: every entry of a map must hold, or any map of a list.",
                        "anyOf": [
                            ["type": "object", "minProperties": 1], ["type": "array", "items": ["type": "object"]],
                        ],
                    ]
                ), ("environment", JSONSchemas.text("A file of environments/, without its ending.")),
                (
                    "retry",
                    JSONSchemas.object(
                        "When and how often the stage is tried again.", required: ["attempts"],
                        [
                            ("attempts", or(["type": "integer", "minimum": 1])),
                            ("delay", JSONSchemas.duration("Before the second attempt.")),
                            ("factor", or(["type": "number", "minimum": 1])),
                            (
                                "longest",
                                JSONSchemas.duration(
                                    "No delay is longer; 5m, or 'delay' where that is more. What a service asks for with Retry-After is kept up to this, or up to an hour where this is less."
                                )
                            ),
                            (
                                "on",
                                JSONSchemas.words(
                                    RetryPolicy.Trigger.allCases.map(\.rawValue),
                                    "Which failures: what may pass ('transient'), or also what almrun or its surroundings are at fault for ('any'); a 'no' is never tried again."
                                )
                            ),
                        ])
                ), ("timeout", JSONSchemas.duration("How long an attempt may take.")),
                (
                    "forEach",
                    JSONSchemas.object(
                        "One instance for each item.", required: ["in"],
                        [
                            ("in", ["type": ["string", "array"], "description": "A pattern of paths, or a list."]),
                            ("as", JSONSchemas.text("What references call the item.")),
                        ])
                ), ("maxParallel", or(["type": "integer", "minimum": 1])),
            ])
        schema["oneOf"] = [["required": ["uses"]], ["required": ["template"]]]
        schema["allOf"] = .list(conditions)
        return schema
    }

    private func inputs(of stage: StageDescription) -> Value {
        JSONSchemas.object(
            "The inputs of \(stage.kind).", required: stage.inputs.filter(\.isRequired).map(\.name),
            stage.inputs.map { field in
                var schema = or(Self.schema(of: field.type))
                schema["description"] = .string(field.summary)
                if let value = field.defaultValue { schema["default"] = value }
                return (field.name, schema)
            })
    }

    /// A value, or a reference to one.
    private func or(_ schema: Value) -> Value {
        if schema == .map([:]) || schema["type"] == "string" && schema.map?.count == 1 { return schema }
        return ["anyOf": [schema, ["$ref": "#/$defs/reference"]]]
    }

    private static func schema(of type: ValueType) -> Value {
        switch type {
        case .string, .path, .environment: ["type": "string"]
        case .integer: ["type": "integer"]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .duration: ["type": "string", "pattern": "^[0-9.]+(ms|s|m|h|d)$"]
        case .percentage: ["type": "string", "pattern": "^[0-9.]+%$"]
        case .list(let element): ["type": "array", "items": item(element)]
        case .map(let element): ["type": "object", "additionalProperties": item(element)]
        case .package: ["type": "object", "required": ["digest", "solution", "version", "managed", "size"]]
        case .secret: ["type": "string", "pattern": "^\\$\\{\\{ *secrets\\.[A-Za-z_][A-Za-z0-9_]* *\\}\\}$"]
        case .choice(let words): ["enum": .list(words.map { .string($0) })]
        case .any: [:]
        }
    }

    private static func item(_ type: ValueType) -> Value {
        let schema = schema(of: type)
        if schema == .map([:]) || schema["type"] == "string" && schema.map?.count == 1 { return schema }
        return ["anyOf": [schema, ["$ref": "#/$defs/reference"]]]
    }
}
