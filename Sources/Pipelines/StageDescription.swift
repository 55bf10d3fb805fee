public import Documents

/// What planning, documentation, JSON Schema and tests know of one stage kind.
public struct StageDescription: Sendable {
    /// What a stage changes outside the run.
    public enum Effect: String, Sendable, Hashable, Codable {
        /// Nothing; its result is reused while its inputs stay the same.
        case none
        /// Something, and doing it again gives the same.
        case repeatable
        /// Something that must happen exactly once.
        case once
    }

    /// How a stage uses an environment.
    public enum EnvironmentUse: String, Sendable, Hashable, Codable {
        /// The key `environment` is refused.
        case unused
        /// The key `environment` is allowed.
        case optional
        /// The key `environment` is required and the environment is only read.
        case reads
        /// The key `environment` is required; the effect lands there, so its gates stand before the stage.
        case changes
    }

    /// One input or output.
    public struct Field: Sendable {
        public var name: String
        public var type: ValueType
        public var isRequired: Bool
        public var defaultValue: Value?
        /// One sentence without a full stop.
        public var summary: String
        /// For a path: the stage reads what is there, so a literal one must exist when manifests are checked.
        public var isRead = true
        /// Whether it is a program and its arguments.
        public var isCommand = false
        /// Why a text is no value for it, beyond what its type says; nil when it is one.
        public var objection: (@Sendable (String) -> String?)?

        /// A field; one with a default value is not required.
        public init(
            _ name: String, _ type: ValueType, required: Bool = false, default defaultValue: Value? = nil,
            _ summary: String
        ) {
            self.name = name
            self.type = type
            self.isRequired = required
            self.defaultValue = defaultValue
            self.summary = summary
        }

        /// The same field, for a path that the stage writes: it need not exist before.
        public func written() -> Field {
            var field = self
            field.isRead = false
            return field
        }

        /// The same field, for a program and its arguments.
        public func asCommand() -> Field {
            var field = self
            field.isCommand = true
            return field
        }

        /// The same field, of which plans refuse texts that the stage would refuse.
        public func checked(_ objection: @escaping @Sendable (String) -> String?) -> Field {
            var field = self
            field.objection = objection
            return field
        }
    }

    /// The input in which a stage says what it changes outside the run.
    public static let effectInput = "effect"

    /// Such as `openapi.lint`: `noun.verb`.
    public var kind: String
    public var effect: Effect
    public var environment: EnvironmentUse
    /// Whether the value `none` or `repeatable` of ``effectInput`` says that one stage of this kind may simply be done again.
    public var choosesEffect: Bool
    /// One sentence without a full stop: what the stage does.
    public var summary: String
    /// Markdown paragraphs: when it says no, what it writes, what it costs.
    public var details: String
    public var inputs: [Field]
    public var outputs: [Field]
    /// A stage as it stands under `stages:` in a manifest.
    public var example: String

    /// The input that names the file or folder which the stage works on: the first path that it reads.
    var subject: String? { inputs.first { $0.type == .path && $0.isRead }?.name }

    /// Whether a new package comes of it.
    public var makesPackage: Bool {
        outputs.contains { $0.type == .package } && !inputs.contains { $0.type == .package }
    }

    public init(
        kind: String, effect: Effect, environment: EnvironmentUse = .unused, choosesEffect: Bool = false,
        summary: String, details: String,
        inputs: [Field], outputs: [Field], example: String
    ) {
        self.kind = kind
        self.effect = effect
        self.environment = environment
        self.choosesEffect = choosesEffect
        self.summary = summary
        self.details = details
        self.inputs = inputs
        self.outputs = outputs
        self.example = example
    }
}
