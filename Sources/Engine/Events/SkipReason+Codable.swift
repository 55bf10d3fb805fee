import Pipelines

/// A reason is a map with its `kind` and what belongs to it.
extension SkipReason {
    private enum Key: String, CodingKey { case kind, seen, step, output }
    private enum Kind: String, Codable { case condition, output, gate }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .condition: self = .condition(try container.decode([Seen].self, forKey: .seen))
        case .output:
            self = .output(
                of: try container.decode(StepID.self, forKey: .step),
                name: try container.decode(String.self, forKey: .output))
        case .gate: self = .gate(try container.decode(StepID.self, forKey: .step))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .condition(let seen):
            try container.encode(Kind.condition, forKey: .kind)
            try container.encode(seen, forKey: .seen)
        case .output(let step, let name):
            try container.encode(Kind.output, forKey: .kind)
            try container.encode(step, forKey: .step)
            try container.encode(name, forKey: .output)
        case .gate(let step):
            try container.encode(Kind.gate, forKey: .kind)
            try container.encode(step, forKey: .step)
        }
    }
}
