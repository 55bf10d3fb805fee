public import Documents
import OrderedCollections

extension HarnessReport {
    /// The report as a value, `passed` included.
    public func value() throws -> Value {
        var value = try ValueEncoder().encode(self)
        if case .map(var map) = value {
            map["passed"] = .boolean(passed)
            value = .map(map)
        }
        return value
    }

    /// The report as JSON.
    public func json(pretty: Bool = true) throws -> String { try value().json(pretty: pretty) }
}
