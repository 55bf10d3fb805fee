/// A call as the mock sees it.
struct MockRequest: Sendable {
    var method: String
    /// The path as it came, escaped.
    var path: String
    var query: [(name: String, value: String)]
    /// Names in lower case.
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    init(
        method: String, target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method.lowercased()
        self.path = String(parts.first ?? "/")
        self.query = parts.count > 1 ? PercentEncoding.pairs(parts[1]) : []
        self.headers = headers.map { ($0.name.lowercased(), $0.value) }
        self.body = body
    }

    func header(_ name: String) -> String? {
        let lower = name.lowercased()
        return headers.first { $0.name == lower }?.value
    }

    func queryValues(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    /// A wish from `Prefer: code=404, example=x`.
    func preference(_ key: String) -> String? {
        for header in headers where header.name == "prefer" {
            for part in header.value.split(whereSeparator: { $0 == "," || $0 == ";" }) {
                let sides = part.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
                if sides.count == 2, sides[0].lowercased() == key { return sides[1].replacing("\"", with: "") }
            }
        }
        return nil
    }
}
