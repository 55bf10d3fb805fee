import Documents
import Pipelines

/// A few stage kinds, so that plans can be tested without any real stage.
enum FakeStages {
    static let all: [StageDescription] = [
        describe(
            "openapi.lint",
            inputs: [
                .init("document", .path, required: true, "the document"), .init("ruleset", .path, "the ruleset"),
                .init("failSeverity", .choice(["error", "warning"]), default: "error", "what fails"),
            ],
            outputs: [.init("findings", .integer, "how many")]),
        describe(
            "openapi.diff",
            inputs: [
                .init("document", .path, required: true, "the document"), .init("base", .string, "the base"),
                .init("version", .string, "the version"),
            ],
            outputs: [
                .init("level", .choice(["major", "minor", "patch", "none"]), "the level"),
                .init("releaseNotes", .string, "the notes"), .init("breaking", .boolean, "whether it breaks"),
            ]),
        describe(
            "solution.pack",
            inputs: [
                .init("source", .path, required: true, "the folder"),
                .init("version", .string, required: true, "the version"),
                .init("type", .choice(["managed", "unmanaged"]), default: "managed", "the type"),
                .init("target", .path, "where a copy goes").written(),
            ],
            outputs: [.init("package", .package, "the package")]),
        describe(
            "connections.rebind", environment: .reads,
            inputs: [.init("package", .package, required: true, "the package")],
            outputs: [.init("settings", .map(.any), "the settings")]),
        describe(
            "solution.promote", effect: .once, environment: .changes,
            inputs: [
                .init("package", .package, required: true, "the package"), .init("settings", .any, "the settings"),
            ],
            outputs: [.init("version", .string, "the version")]),
        describe(
            "shell.run", effect: .once, environment: .optional,
            inputs: [
                .init("command", .list(.string), required: true, "the command").asCommand(),
                .init("env", .map(.string), "variables"),
                .init("count", .integer, "a number"), .init("wait", .duration, "a time"),
                .init("share", .percentage, "a share"), .init("options", .any, "anything"),
                .init("strict", .boolean, "strictness"), .init("token", .secret, "a token"),
            ],
            outputs: [.init("output", .string, "what it said"), .init("lines", .list(.string), "its lines")]),
        describe("noop", inputs: [.init("value", .any, "anything")], outputs: [.init("value", .any, "the same")]),
    ]

    private static func describe(
        _ kind: String, effect: StageDescription.Effect = .none, environment: StageDescription.EnvironmentUse = .unused,
        inputs: [StageDescription.Field], outputs: [StageDescription.Field]
    ) -> StageDescription {
        StageDescription(
            kind: kind, effect: effect, environment: environment, summary: "does \(kind)", details: "", inputs: inputs,
            outputs: outputs, example: "x:\n  uses: \(kind)\n")
    }
}
