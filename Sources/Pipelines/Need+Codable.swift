extension Need {
    private enum Key: String, CodingKey { case step, output, condition, reason }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let reason: Reason =
            if let output = try container.decodeIfPresent(String.self, forKey: .output) {
                .output(output)
            } else if let output = try container.decodeIfPresent(String.self, forKey: .condition) {
                .condition(output)
            } else {
                switch try container.decode(String.self, forKey: .reason) {
                case "declared": .declared
                case "gate": .gate
                case "evidence": .evidence
                case let other:
                    throw DecodingError.dataCorruptedError(
                        forKey: .reason, in: container, debugDescription: "unknown reason '\(other)'")
                }
            }
        self.init(try container.decode(StepID.self, forKey: .step), reason)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(step, forKey: .step)
        switch reason {
        case .declared: try container.encode("declared", forKey: .reason)
        case .gate: try container.encode("gate", forKey: .reason)
        case .evidence: try container.encode("evidence", forKey: .reason)
        case .output(let name): try container.encode(name, forKey: .output)
        case .condition(let name): try container.encode(name, forKey: .condition)
        }
    }
}
