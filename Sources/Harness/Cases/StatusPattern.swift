/// A status that a case expects: one number, or a class such as `2xx`.
public enum StatusPattern: Sendable, Hashable {
    /// This status.
    case exact(Int)
    /// Any status of the hundred, such as 2 for 200 to 299.
    case hundred(Int)

    /// Reads `200` or `4xx`.
    public init?(_ text: String) {
        let lower = text.lowercased()
        if lower.count == 3, lower.hasSuffix("xx"), let hundred = lower.first?.wholeNumberValue,
            (1...5).contains(hundred)
        {
            self = .hundred(hundred)
        } else if let number = Int(text), (100...599).contains(number) {
            self = .exact(number)
        } else {
            return nil
        }
    }

    /// Whether the status is meant.
    public func matches(_ status: Int) -> Bool {
        switch self {
        case .exact(let number): number == status
        case .hundred(let hundred): status / 100 == hundred
        }
    }

    /// The pattern as it is written.
    public var description: String {
        switch self {
        case .exact(let number): String(number)
        case .hundred(let hundred): "\(hundred)xx"
        }
    }
}
