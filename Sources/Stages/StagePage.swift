import Documents
public import Pipelines

/// The page of one stage kind: `almrun stages KIND` and `docs/stages/KIND.md`.
public struct StagePage: Sendable {
    private let description: StageDescription

    public init(_ description: StageDescription) { self.description = description }

    public var markdown: String {
        var text = "# \(description.kind)\n\n\(Self.sentence(description.summary))\n\n\(description.details)\n\n"
        text += "- Effect: \(effect)\n- Environment: \(environment)\n"
        text += table("Inputs", description.inputs, withDefaults: true)
        text += table("Outputs", description.outputs, withDefaults: false)
        var example = description.example
        while example.hasSuffix("\n") { example.removeLast() }
        return text + "\n## Example\n\n```yaml\nstages:\n\(Self.indented(example))\n```\n"
    }

    private var effect: String {
        switch description.effect {
        case .none: "none; the result is reused while its inputs stay the same"
        case .repeatable: "repeatable; an interrupted attempt is simply made again"
        case .once: "once; after an interruption it is first found out whether it happened"
        }
    }

    private var environment: String {
        switch description.environment {
        case .unused: "not used"
        case .optional: "optional"
        case .reads: "required, only read"
        case .changes: "required and changed; its gates stand before the stage"
        }
    }

    private func table(_ title: String, _ fields: [StageDescription.Field], withDefaults: Bool) -> String {
        guard !fields.isEmpty else { return "\n## \(title)\n\nNone.\n" }
        var text = "\n## \(title)\n\n| name | type |\(withDefaults ? " default |" : "") meaning |\n"
        text += withDefaults ? "|---|---|---|---|\n" : "|---|---|---|\n"
        for field in fields {
            text += "| `\(field.name)` | \(field.type.description.replacing("|", with: "\\|")) |"
            if withDefaults {
                let value = field.defaultValue.map { "`\($0.string ?? $0.json())`" }
                text += " \(value ?? (field.isRequired ? "required" : "-")) |"
            }
            text += " \(Self.sentence(field.summary)) |\n"
        }
        return text
    }

    /// Begins with a capital and ends with a full stop.
    private static func sentence(_ text: String) -> String {
        guard let first = text.first else { return "" }
        return first.uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "  \($0)" }.joined(separator: "\n")
    }
}
