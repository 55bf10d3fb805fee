import Documents
import OpenAPI
import OrderedCollections

/// The pages of a pageable action: each links to the next at the mock itself, and the last one to none.
struct MockPage {
    private let linkName: String
    private let tokenName: String
    private let request: MockRequest
    private let address: String
    private let number: Int
    private let pages: Int

    /// Nil where the action has no pages.
    init?(_ operation: Operation, _ request: MockRequest, origin: String, pages: Int) {
        guard let name = operation.node["x-ms-pageable"]?["nextLinkName"]?.string, !name.isEmpty else { return nil }
        let tokens = ["continuationToken", "$skiptoken", "skipToken", "pageToken", "cursor", "nextToken", "next"]
        let declared = operation.parameters.filter { $0.location == .query }.map(\.name)
        self.linkName = name
        self.tokenName =
            tokens.first { token in declared.contains { $0.lowercased() == token.lowercased() } } ?? "$skiptoken"
        self.request = request
        self.address = origin + request.path
        self.pages = max(1, pages)
        let token = request.queryValues(tokenName).last ?? ""
        self.number = Int(token.split(separator: "-").last ?? "") ?? 1
    }

    /// The value with the link to the next page, or without one on the last; `fits` says whether the schema allows it.
    func linked(_ value: Value, _ fits: (Value) -> Bool) -> Value {
        guard case .map(var map) = value else { return value }
        let isLast = number >= pages
        let token = "page-\(number + 1)"
        var items = request.query.filter { $0.name != tokenName }
        items.append((tokenName, token))
        let query = items.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        map[linkName] = isLast ? nil : .string("\(address)?\(query.joined(separator: "&"))")
        if map["continuationToken"] != nil { map["continuationToken"] = isLast ? nil : .string(token) }
        if isLast, !fits(.map(map)) { map[linkName] = .null }
        if isLast, !fits(.map(map)) { map[linkName] = .string("") }
        return fits(.map(map)) ? .map(map) : value
    }
}
