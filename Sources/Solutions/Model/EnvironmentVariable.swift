public import Documents

/// The definition of an environment variable, with the value that the package brings along, if any.
public struct EnvironmentVariable: Sendable, Hashable {
    /// What a variable may hold; other numbers are kept as they are.
    public enum Kind: Sendable, Hashable, CustomStringConvertible {
        case string, number, boolean, json, dataSource, secret
        case other(String)

        /// Reads the platform's number, such as `100000000`.
        init(code: String) {
            self =
                switch code {
                case "100000000": .string
                case "100000001": .number
                case "100000002": .boolean
                case "100000003": .json
                case "100000004": .dataSource
                case "100000005": .secret
                default: .other(code)
                }
        }

        public var description: String {
            switch self {
            case .string: "text"
            case .number: "number"
            case .boolean: "yes or no"
            case .json: "JSON"
            case .dataSource: "data source"
            case .secret: "secret"
            case .other(let code): "type \(code)"
            }
        }
    }

    public var schemaName: String
    public var displayName: String?
    public var kind: Kind
    /// The value where none is set; travels with the solution.
    public var defaultValue: String?
    /// A value in the package: it overwrites the one in the environment at every import.
    public var packagedValue: String?
    public var isRequired: Bool
    /// The variable that this one depends on, for data sources.
    public var parent: String?
    public var location: Location?
}
