import Documents
import OpenAPI

/// How a pageable action names its next page.
struct Paging: Sendable {
    enum Next: Sendable, Hashable {
        case end
        /// The address of the next page, at the backend of the run.
        case page(String)
        case wrong(String)
    }

    let linkName: String
    private let servers: [String]
    private let baseURL: String

    /// Nil where the action has no pages.
    init?(_ operation: Operation, definition: APIDefinition, baseURL: String) {
        guard let name = operation.node["x-ms-pageable"]?["nextLinkName"]?.string, !name.isEmpty else { return nil }
        self.linkName = name
        self.servers = definition.servers.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        self.baseURL = baseURL
    }

    func next(in body: [UInt8]) -> Next {
        guard let document = try? Document(bytes: body, file: "answer", syntax: .json) else { return .end }
        guard let link = document.root[linkName], !link.isNull else { return .end }
        guard let text = link.string else { return .wrong("'\(linkName)' is not a text") }
        return text.isEmpty ? .end : resolve(text)
    }

    /// A link to the definition's own server stands for the backend; one to anywhere else is not followed.
    private func resolve(_ link: String) -> Next {
        guard !link.utf8.contains(where: { $0 <= 32 || $0 == 127 }) else {
            return .wrong("'\(linkName)' is not a valid address")
        }
        if link.hasPrefix("/") && !link.hasPrefix("//") { return .page(Self.origin(of: baseURL) + link) }
        guard link.contains("://") else { return .wrong("'\(linkName)' is neither a path nor an address") }
        if Self.origin(of: link).lowercased() == Self.origin(of: baseURL).lowercased() { return .page(link) }
        for server in servers where link.hasPrefix(server) {
            let rest = link.dropFirst(server.count)
            if rest.isEmpty || rest.hasPrefix("/") || rest.hasPrefix("?") { return .page(baseURL + rest) }
        }
        return .wrong("'\(linkName)' leads to another service, \(Self.origin(of: link)), and is not followed")
    }

    /// Scheme, host and port of an address.
    static func origin(of address: String) -> String {
        guard let start = address.range(of: "://") else { return "" }
        let rest = address[start.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        return String(address[..<end])
    }
}

extension String {
    /// The first place of the text.
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
