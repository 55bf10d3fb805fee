/// What must have been shown of a package before it may come into an environment.
public struct EvidencePolicy: Sendable, Hashable, Codable {
    /// Names or kinds of stages that must have ended well.
    public var stages: [String]
    /// Seconds after which what they showed is too old.
    public var notOlderThan: Double?

    public init(stages: [String], notOlderThan: Double? = nil) {
        self.stages = stages
        self.notOlderThan = notOlderThan
    }

    /// ``notOlderThan`` as manifests write it, such as `7d`.
    public var age: String? { notOlderThan.map(DurationText.text) }

    /// Whether a stage is one that a name means: by its kind, or by its own name, also inside templates and for each item.
    public static func matches(_ name: String, step: StepID, kind: String) -> Bool {
        if kind == name { return true }
        let id = step.rawValue
        return id == name || id.hasSuffix("/\(name)") || id.hasPrefix("\(name):") || id.contains("/\(name):")
    }
}
