import Documents
import OpenAPI

/// What is sent with every call to prove who calls; the values are secrets and never shown.
public struct Credentials: Sendable, CustomStringConvertible, CustomReflectable {
    var headers: [(name: String, value: String)]
    var query: [(name: String, value: String)]

    /// Credentials as headers and query parameters.
    public init(headers: [(name: String, value: String)] = [], query: [(name: String, value: String)] = []) {
        self.headers = headers
        self.query = query
    }

    /// Credentials as headers; nil where a name or value could not stand in a header.
    public init?(checking headers: [(name: String, value: String)]) {
        guard headers.allSatisfy({ HeaderText.isName($0.name) && HeaderText.isValue($0.value) }) else { return nil }
        self.init(headers: headers)
    }

    /// Whether there are none.
    public var isEmpty: Bool { headers.isEmpty && query.isEmpty }

    /// Their number and nothing else.
    public var description: String { "\(headers.count + query.count) credentials" }

    /// Shows no value in a debugger or a dump either.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// The text with every secret value replaced by `***`, in the forms in which a backend may echo it.
    func mask(_ text: String) -> String {
        var result = text
        for value in secrets where value.count >= 4 { result = result.replacing(value, with: "***") }
        return result
    }

    private var secrets: [String] {
        var values: [String] = []
        for value in (headers + query).map(\.value) {
            values.append(value)
            // The token after "Bearer " is secret without the word too.
            if let space = value.firstIndex(of: " ") { values.append(String(value[value.index(after: space)...])) }
            values.append(PercentEncoding.encode(value))
        }
        return Array(Set(values)).sorted { ($0.count, $0) > ($1.count, $1) }
    }

    /// Credentials that the mock takes for any of the definition's schemes.
    static func placeholders(for definition: APIDefinition) -> Credentials {
        var result = Credentials()
        for scheme in definition.securitySchemes {
            let name = scheme.node["name"]?.string ?? ""
            switch (scheme.node["type"]?.string, scheme.node["in"]?.string) {
            case ("apiKey", "query"): result.query.append((name, "placeholder"))
            case ("apiKey", "header"): result.add(name, "placeholder")
            case ("apiKey", "cookie"): result.add("Cookie", "\(name)=placeholder")
            case ("basic", _): result.add("Authorization", "Basic cGxhY2Vob2xkZXI6cGxhY2Vob2xkZXI=")
            case ("http", _) where scheme.node["scheme"]?.string?.lowercased() == "basic":
                result.add("Authorization", "Basic cGxhY2Vob2xkZXI6cGxhY2Vob2xkZXI=")
            default: result.add("Authorization", "Bearer placeholder")
            }
        }
        return result
    }

    private mutating func add(_ name: String, _ value: String) {
        guard !headers.contains(where: { $0.name.lowercased() == name.lowercased() }) else { return }
        headers.append((name, value))
    }
}
