public import Documents
import OrderedCollections

/// JSON Schemas (draft 2020-12) of the manifests, so that editors complete and check as the planner does.
public enum JSONSchemas {
    /// The kinds of file, as `almrun schema` names them.
    public static let kinds = ["pipeline", "template", "environment", "roles"]

    /// The schema of a kind of file, nil for an unknown one.
    public static func schema(_ kind: String, stages: [StageDescription]) -> Value? {
        switch kind {
        case "pipeline": pipeline(stages: stages)
        case "template": template(stages: stages)
        case "environment": environment
        case "roles": roles
        default: nil
        }
    }

    /// Files of `pipelines/`.
    public static func pipeline(stages: [StageDescription]) -> Value {
        root(
            "pipeline", "A pipeline of almrun.", required: ["stages"],
            [
                ("description", text("What the pipeline is for.")),
                (
                    "concurrency",
                    object(
                        "Which runs wait for one another.", required: ["group"],
                        [
                            (
                                "group",
                                text("Runs of the same group do not overlap; a reference to an input makes several.")
                            ),
                            (
                                "pending",
                                pending(
                                    "What a second run does: queue waits, first come, first served; supersede waits and "
                                        + "cancels the older ones that wait; refuse does not begin.")
                            ),
                        ])
                ),
                ("inputs", inputs), ("stages", StageSchemas(stages).map("The stages by name.", isRequired: true)),
                (
                    "finally",
                    StageSchemas(stages).map(
                        "Stages that run after everything, whatever happened; again, also with effect 'once', when a run that "
                            + "had ended is resumed and ends anew. Nobody is asked there: an `approval.wait` is "
                            + "refused, and so is a stage whose environment has gates.")
                ),
            ], definitions: StageSchemas(stages).definitions)
    }

    /// Files of `templates/`.
    public static func template(stages: [StageDescription]) -> Value {
        root(
            "template", "A template of almrun: stages that pipelines use by name.", required: ["stages"],
            [
                ("description", text("What the template is for.")), ("inputs", inputs),
                ("stages", StageSchemas(stages).map("The stages by name.", isRequired: true)),
                (
                    "outputs",
                    [
                        "type": "object", "description": "What `stages.NAME.OUTPUT` gives where the template is used.",
                        "propertyNames": name,
                    ]
                ),
            ], definitions: StageSchemas(stages).definitions)
    }

    /// Files of `environments/`.
    public static var environment: Value {
        root(
            "environment", "An environment of almrun: where packages are installed, and what is bound there.",
            required: ["target"],
            [
                ("description", text("What the environment is for.")),
                ("after", text("Only a package deployed and verified in that environment may come here.")),
                ("target", target),
                (
                    "connections",
                    map(
                        "By logical name of the connection reference.",
                        object(
                            "What the reference is bound to.", required: ["connector", "connection"],
                            [
                                ("connector", text("The connector's name or id.")),
                                ("connection", text("The connection's id.")),
                            ]))
                ),
                ("variables", map("Values by schema name of the environment variable.", text(nil))),
                (
                    "flows",
                    map("By name of the flow, and `default` for all others.", words(["enabled", "disabled"], nil))
                ),
                (
                    "backend",
                    [
                        "description": "What `connector.test` talks to.",
                        "anyOf": [["const": "mock"], ["type": "string", "pattern": "^https?://"]],
                    ]
                ),
                ("gates", gates),
                ("pending", pending("What a run does that comes while another one works here.")),
                ("secretsFile", text("A file of NAME=value lines.")),
            ])
    }

    /// `environments/roles.yaml`.
    public static var roles: Value {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "almrun roles", "type": "object",
            "description": "Which people have which role.", "propertyNames": name,
            "additionalProperties": [
                "type": "array",
                "items": [
                    "anyOf": [
                        text("The git e-mail of one person; no pattern."),
                        object(
                            "A person.", required: ["email"],
                            [
                                ("email", text("The git e-mail of one person; no pattern.")),
                                ("name", text("The name.")),
                                ("key", text("An OpenSSH public key.")),
                            ]),
                    ]
                ],
            ],
        ]
    }

    private static func pending(_ summary: String) -> Value {
        var schema = words(Plan.Concurrency.Pending.allCases.map(\.rawValue), summary)
        schema["default"] = .string(Plan.Concurrency.Pending.queue.rawValue)
        return schema
    }

    private static var target: Value {
        [
            "description": "What kind of place it is.",
            "oneOf": [
                object(
                    "A folder that behaves like an environment.", required: ["kind", "path"],
                    [("kind", kind("directory", "A folder.")), ("path", text("Relative to the repository's root."))]),
                object(
                    "A Dataverse environment.", required: ["kind", "url", "tenant", "client"],
                    [
                        ("kind", kind("dataverse", "An environment in the cloud.")),
                        ("url", text("The environment's URL.")),
                        ("tenant", text("The tenant's id.")), ("client", text("The application's id.")),
                    ]),
            ],
        ]
    }

    private static var gates: Value {
        let zone = text("Such as Europe/Oslo.")
        let approval = object(
            "Who must approve.", required: ["role"],
            [
                ("role", text("A role of environments/roles.yaml.")),
                (
                    "count",
                    [
                        "type": "integer", "minimum": 1, "default": 1,
                        "description": "How many different people must approve.",
                    ]
                ),
                (
                    "distinctFrom",
                    list(
                        "People who may not approve: `requester`, `committers`, `approvers-of: ENVIRONMENT`.",
                        of: excluded)
                ), ("expires", duration("How long people can decide.")),
                ("instructions", text("What to look at.")),
                (
                    "signed",
                    words(ApprovalPolicy.Signing.allCases.map(\.rawValue), "Whether SSH signatures are asked for.")
                ),
                (
                    "voidOn",
                    [
                        "type": "array", "minItems": 1, "description": "A change of what makes the approval void.",
                        "items": words(ApprovalPolicy.Part.allCases.map(\.rawValue), nil),
                    ]
                ),
            ])
        let window = object(
            "Hours in which the environment may be changed.", required: ["days", "from", "to", "timeZone"],
            [
                ("days", ["description": "mon-thu, `mon, wed` or daily.", "type": ["string", "array"]]),
                ("from", clock("The first minute, such as 09:00.")),
                ("to", clock("The end, such as 17:00; that of the next day where it is not after `from`.")),
                ("timeZone", zone),
            ])
        let freeze = object(
            "Days in which the environment must not be changed.", required: ["from", "to", "reason"],
            [
                ("from", day("The first day, such as 2026-12-18.")), ("to", day("The last day, which belongs to it.")),
                ("reason", text("Why.")),
                (
                    "timeZone",
                    text(
                        "Such as Europe/Oslo; the zone of the windows when absent, UTC where they have none or several."
                    )
                ),
            ])
        return object(
            "What stands before any deployment here.", required: [],
            [
                ("soak", duration("How long the package must have lived in `after`.")),
                ("evidence", evidence),
                ("approvals", list("Who must approve, one entry after the other.", of: approval)),
                ("windows", list("The hours in which a deployment may begin; outside of them it waits.", of: window)),
                ("freezes", list("The days in which none may begin; until they are over it waits.", of: freeze)),
                (
                    "bypass",
                    object(
                        "Who may open these gates without what they ask for.", required: [],
                        [
                            ("role", text("A role of environments/roles.yaml; `bypass` when absent.")),
                            (
                                "secondPerson",
                                [
                                    "type": "boolean", "default": false,
                                    "description": "Whether two different people must bypass.",
                                ]
                            ),
                        ])
                ),
            ])
    }

    private static var excluded: Value {
        [
            "anyOf": [
                words(["requester", "committers"], "People who may not approve."),
                ["type": "string", "pattern": "^approvers-of: *[A-Za-z][A-Za-z0-9_-]*$"],
                object(
                    "Who approved for an environment before.", required: ["approvers-of"],
                    [("approvers-of", text("A file of environments/, without its ending."))]),
            ]
        ]
    }

    private static var evidence: Value {
        let stages: Value = [
            "type": "array", "minItems": 1, "items": ["type": "string"],
            "description": "Names or kinds of stages that must have ended well for the package.",
        ]
        return [
            "description": "What must have been shown for the package before a deployment here.",
            "anyOf": [
                stages,
                object(
                    "What must have been shown, and when.", required: ["stages"],
                    [("stages", stages), ("notOlderThan", duration("How old it may be."))]),
            ],
        ]
    }

    private static var inputs: Value {
        map(
            "Typed inputs by name.",
            [
                "type": "object", "required": ["type"], "additionalProperties": false,
                "properties": [
                    "type": words(InputDeclaration.typeNames, "The type; checked when a plan is made."),
                    "description": text("What the input is."),
                    "default": ["description": "What it is where it is not given; then it need not be."],
                    "required": [
                        "type": "boolean", "default": true,
                        "description": "Whether it must be given, where it has no default.",
                    ],
                    "values": ["type": "array", "items": ["type": "string"], "description": "The words of a choice."],
                    "items": [
                        "enum": ["string", "integer", "boolean", "path", "duration", "environment"],
                        "default": "string", "description": "The type of a list's items.",
                    ],
                ],
            ])
    }

    private static func kind(_ word: String, _ summary: String) -> Value {
        ["const": .string(word), "description": .string(summary)]
    }

    private static func clock(_ summary: String) -> Value {
        ["type": "string", "description": .string(summary), "pattern": "^([01][0-9]|2[0-4]):[0-5][0-9]$"]
    }

    private static func day(_ summary: String) -> Value {
        ["type": "string", "description": .string(summary), "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"]
    }

    static let name: Value = ["pattern": "^[A-Za-z][A-Za-z0-9_-]*$"]

    static func text(_ summary: String?) -> Value {
        var schema: Value = ["type": "string"]
        if let summary { schema["description"] = .string(summary) }
        return schema
    }

    static func words(_ words: [String], _ summary: String?) -> Value {
        var schema: Value = ["enum": .list(words.map { .string($0) })]
        if let summary { schema["description"] = .string(summary) }
        return schema
    }

    static func duration(_ summary: String) -> Value {
        ["type": "string", "description": .string(summary), "pattern": "^([0-9.]+(ms|s|m|h|d)|\\$\\{\\{.*\\}\\})$"]
    }

    static func map(_ summary: String, _ content: Value) -> Value {
        ["type": "object", "description": .string(summary), "additionalProperties": content]
    }

    static func list(_ summary: String, of element: Value) -> Value {
        ["type": "array", "description": .string(summary), "items": element]
    }

    static func object(_ summary: String, required: [String], _ properties: [(String, Value)]) -> Value {
        var members = Value.Map()
        for (key, value) in properties { members[key] = value }
        var schema: Value = [
            "type": "object", "description": .string(summary), "additionalProperties": false,
            "properties": .map(members),
        ]
        if !required.isEmpty { schema["required"] = .list(required.map { .string($0) }) }
        return schema
    }

    private static func root(
        _ kind: String, _ summary: String, required: [String], _ properties: [(String, Value)],
        definitions: Value? = nil
    ) -> Value {
        var schema: Value = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string("almrun \(kind)"),
        ]
        for (key, value) in object(summary, required: required, properties).map ?? [:] { schema[key] = value }
        if let definitions { schema["$defs"] = definitions }
        return schema
    }
}
