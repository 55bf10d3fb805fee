/// One HTTP request, without the backend's address and without credentials.
struct OutgoingRequest: Sendable, Hashable {
    /// In upper case.
    var method: String
    /// Path and query, escaped; or a whole address, for a next page.
    var target: String
    var headers: [Header] = []
    var body: [UInt8]?

    struct Header: Sendable, Hashable {
        var name: String
        var value: String
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Puts the header in place of one with the same name.
    mutating func set(_ name: String, _ value: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        headers.append(Header(name: name, value: value))
    }
}
