import OrderedCollections

extension Step {
    private enum Key: String, CodingKey {
        case id, kind, gate, effect, environment, locksEnvironment, input, needs, when, retry, timeout, isFinally
        case guarding, pool, place
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let work: Work =
            if let gate = try container.decodeIfPresent(Gate.self, forKey: .gate) {
                .gate(gate)
            } else {
                .stage(try container.decode(String.self, forKey: .kind))
            }
        self.init(
            id: try container.decode(StepID.self, forKey: .id), work: work,
            effect: try container.decode(StageDescription.Effect.self, forKey: .effect),
            environment: try container.decodeIfPresent(String.self, forKey: .environment),
            locksEnvironment: try container.decodeIfPresent(Bool.self, forKey: .locksEnvironment) ?? false,
            input: try container.decodeIfPresent(Argument.self, forKey: .input) ?? .map([:]),
            needs: try container.decodeIfPresent([Need].self, forKey: .needs) ?? [],
            condition: try container.decodeIfPresent(Condition.self, forKey: .when),
            retry: try container.decodeIfPresent(RetryPolicy.self, forKey: .retry),
            timeout: try container.decodeIfPresent(Double.self, forKey: .timeout),
            isFinally: try container.decodeIfPresent(Bool.self, forKey: .isFinally) ?? false,
            guarding: try container.decodeIfPresent(StepID.self, forKey: .guarding),
            pool: try container.decodeIfPresent(Pool.self, forKey: .pool),
            place: try container.decodeIfPresent(SourcePlace.self, forKey: .place))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        switch work {
        case .stage(let kind): try container.encode(kind, forKey: .kind)
        case .gate(let gate): try container.encode(gate, forKey: .gate)
        }
        try container.encode(effect, forKey: .effect)
        try container.encodeIfPresent(environment, forKey: .environment)
        if locksEnvironment { try container.encode(true, forKey: .locksEnvironment) }
        try container.encode(input, forKey: .input)
        try container.encode(needs, forKey: .needs)
        try container.encodeIfPresent(condition, forKey: .when)
        try container.encodeIfPresent(retry, forKey: .retry)
        try container.encodeIfPresent(timeout, forKey: .timeout)
        if isFinally { try container.encode(true, forKey: .isFinally) }
        try container.encodeIfPresent(guarding, forKey: .guarding)
        try container.encodeIfPresent(pool, forKey: .pool)
        try container.encodeIfPresent(place, forKey: .place)
    }
}
