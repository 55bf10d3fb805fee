public import Documents

/// A component that a solution says it consists of.
public struct RootComponent: Sendable, Hashable {
    /// The numeric component type, such as 29 for a flow and 372 for a connector.
    public var type: Int
    /// The identifier without braces, lower case.
    public var id: String?
    public var schemaName: String?
    /// 0 with its parts, 1 without them, 2 only its shell.
    public var behavior: Int
    public var location: Location?

    /// The type's name in the words of the platform.
    public var typeName: String { Self.names[type] ?? "component type \(type)" }

    private static let names = [
        1: "table", 2: "column", 9: "choice", 10: "relationship", 20: "role", 26: "view", 29: "flow", 31: "report",
        36: "e-mail template", 60: "form", 61: "web resource", 62: "site map", 66: "custom control",
        70: "column security profile", 80: "app", 90: "plug-in type", 91: "plug-in assembly", 92: "plug-in step",
        95: "service endpoint", 300: "canvas app", 371: "connector", 372: "connector",
        380: "environment variable definition", 381: "environment variable value",
    ]
}
