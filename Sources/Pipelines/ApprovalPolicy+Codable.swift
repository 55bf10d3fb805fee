/// What is as it always was is not written, so that plans of earlier versions keep their digests.
extension ApprovalPolicy: Codable {
    private enum Key: String, CodingKey {
        case role, count, distinctFrom, expires, instructions, signed, voidOn
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            role: try container.decode(String.self, forKey: .role),
            count: try container.decode(Int.self, forKey: .count),
            distinctFrom: try container.decode([Excluded].self, forKey: .distinctFrom),
            expires: try container.decodeIfPresent(Double.self, forKey: .expires),
            instructions: try container.decodeIfPresent(String.self, forKey: .instructions),
            signed: try container.decodeIfPresent(Signing.self, forKey: .signed) ?? .optional,
            voidOn: try container.decodeIfPresent([Part].self, forKey: .voidOn) ?? Part.allCases)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(role, forKey: .role)
        try container.encode(count, forKey: .count)
        try container.encode(distinctFrom, forKey: .distinctFrom)
        try container.encodeIfPresent(expires, forKey: .expires)
        try container.encodeIfPresent(instructions, forKey: .instructions)
        if signed != .optional { try container.encode(signed, forKey: .signed) }
        if voidOn != Part.allCases { try container.encode(voidOn, forKey: .voidOn) }
    }
}
