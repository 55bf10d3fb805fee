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
                (
                    "uses",
                    ["description": "The kind of stage; this or 'template' must be there.", "oneOf": .list(kinds)]
                ),
                (
                    "template",
                    JSONSchemas.text(
                        "A file of templates/, without its ending; 'environment', 'retry' and 'timeout' stand on the stages in it."
                    )
                ),
                ("description", JSONSchemas.text("What the stage is for.")),
                (
                    "with",
                    [
                        "type": "object",
                        "description":
                            "The inputs: `almrun stages KIND` lists those of a kind; a template names its own.",
                    ]
                ),
                (
                    "needs",
                    [
                        "type": "array", "items": ["type": "string"],
                        "description": "Stages that must end before; what the stage refers to is waited for anyway.",
                        "default": [],
                    ]
                ),
                (
                    "when",
                    [
                        "description":
                            "Decides whether the stage runs: every entry of a map must hold, or any map of a list. An entry is a path, such as 'inputs.region' or 'stages.diff.level', and what stands there: a value, or a list of which one does.",
                        "anyOf": [
                            ["type": "object", "minProperties": 1], ["type": "array", "items": ["type": "object"]],
                        ],
                    ]
                ), ("environment", JSONSchemas.text("A file of environments/, without its ending.")),
                ("retry", retry),
                (
                    "timeout",
                    JSONSchemas.duration(
                        "How long an attempt may take, more than nothing; as long as it likes without. One with effect `once` whose time is up may have had its effect, so that it is looked for before anything is tried again."
                    )
                ),
                (
                    "forEach",
                    JSONSchemas.object(
                        "One instance for each item, named after it.", required: ["in"],
                        [
                            (
                                "in",
                                [
                                    "type": ["string", "array"],
                                    "description": "A pattern of paths, or a list; known when the plan is made.",
                                ]
                            ),
                            (
                                "as",
                                [
                                    "type": "string", "default": "item",
                                    "description": "What references call the item: `${{ item }}`.",
                                ]
                            ),
                        ])
                ),
                (
                    "maxParallel",
                    described(
                        or(["type": "integer", "minimum": 1]),
                        "How many of the instances of 'forEach' work at once; all of them without. That gives them no order, "
                            + "and the gates of all of them ask at once: for one environment after the other write a stage "
                            + "for each, with 'needs'.")
                ),
            ])
        schema["oneOf"] = [["required": ["uses"]], ["required": ["template"]]]
        schema["allOf"] = .list(conditions)
        return schema
    }

    private var retry: Value {
        let policy = RetryPolicy(attempts: 1)
        return JSONSchemas.object(
            "When and how often the stage is tried again. A command of `shell.run` asks for it with status 75, and cannot say how long to wait; only `connector.test` passes on what a service asks for with Retry-After.",
            required: ["attempts"],
            [
                (
                    "attempts",
                    described(
                        or(["type": "integer", "minimum": 1, "maximum": .integer(RetryPolicy.mostAttempts)]),
                        "All attempts, the first one included.")
                ),
                (
                    "delay",
                    described(
                        JSONSchemas.duration(
                            "Before the second attempt. Every delay is spread by a fifth, so that runs do not come all at once."
                        ), default: .string(DurationText.text(policy.delay)))
                ),
                (
                    "factor",
                    described(
                        or(["type": "number", "minimum": 1]), "Each further delay is the one before times this.",
                        default: .integer(Int(policy.factor)))
                ),
                (
                    "longest",
                    described(
                        JSONSchemas.duration(
                            "No delay is longer, or than 'delay' where that is more. What a service asks for with Retry-After is kept up to this, or up to an hour where this is less."
                        ), default: .string(DurationText.text(policy.longest)))
                ),
                (
                    "on",
                    described(
                        JSONSchemas.words(
                            RetryPolicy.Trigger.allCases.map(\.rawValue),
                            "Which failures: what may pass ('transient'), or also what almrun or its surroundings are at fault for ('any'); a 'no' is never tried again."
                        ), default: .string(policy.on.rawValue))
                ),
            ])
    }

    private func described(_ schema: Value, _ summary: String? = nil, default value: Value? = nil) -> Value {
        var schema = schema
        if let summary { schema["description"] = .string(summary) }
        if let value { schema["default"] = value }
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
