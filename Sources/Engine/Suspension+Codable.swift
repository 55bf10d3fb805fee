import struct Foundation.Date

/// A cause is a map with its `kind` and what belongs to it.
extension Suspension.Cause {
    private enum Key: String, CodingKey { case kind, date, name, holder }
    private enum Kind: String, Codable { case approval, until, lock, uncertainEffect }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .approval: self = .approval
        case .until: self = .until(try container.decode(Date.self, forKey: .date))
        case .lock:
            self = .lock(
                name: try container.decode(String.self, forKey: .name),
                holder: try container.decode(String.self, forKey: .holder))
        case .uncertainEffect: self = .uncertainEffect
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .approval: try container.encode(Kind.approval, forKey: .kind)
        case .until(let date):
            try container.encode(Kind.until, forKey: .kind)
            try container.encode(date, forKey: .date)
        case .lock(let name, let holder):
            try container.encode(Kind.lock, forKey: .kind)
            try container.encode(name, forKey: .name)
            try container.encode(holder, forKey: .holder)
        case .uncertainEffect: try container.encode(Kind.uncertainEffect, forKey: .kind)
        }
    }
}
