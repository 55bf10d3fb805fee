extension Gate {
    private enum Key: String, CodingKey { case kind, after, soak, policy, windows, freezes }
    private enum Kind: String, Codable { case preview, eligible, evidence, approval, window }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .preview: self = .preview
        case .eligible:
            self = .eligible(
                after: try container.decodeIfPresent(String.self, forKey: .after),
                soak: try container.decodeIfPresent(Double.self, forKey: .soak) ?? 0)
        case .evidence: self = .evidence(try container.decode(EvidencePolicy.self, forKey: .policy))
        case .approval: self = .approval(try container.decode(ApprovalPolicy.self, forKey: .policy))
        case .window:
            self = .window(
                try container.decodeIfPresent([ChangeWindow].self, forKey: .windows) ?? [],
                freezes: try container.decodeIfPresent([Freeze].self, forKey: .freezes) ?? [])
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .preview: try container.encode(Kind.preview, forKey: .kind)
        case .eligible(let after, let soak):
            try container.encode(Kind.eligible, forKey: .kind)
            try container.encodeIfPresent(after, forKey: .after)
            try container.encode(soak, forKey: .soak)
        case .evidence(let policy):
            try container.encode(Kind.evidence, forKey: .kind)
            try container.encode(policy, forKey: .policy)
        case .approval(let policy):
            try container.encode(Kind.approval, forKey: .kind)
            try container.encode(policy, forKey: .policy)
        case .window(let windows, let freezes):
            try container.encode(Kind.window, forKey: .kind)
            try container.encode(windows, forKey: .windows)
            try container.encode(freezes, forKey: .freezes)
        }
    }
}
