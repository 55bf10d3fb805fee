/// A path with its parameters: the fixed part decides which operations are the same.
struct PathTemplate {
    /// The path with every parameter's name erased.
    let shape: String
    /// The parameters' names in order.
    let names: [String]

    init(_ path: String) {
        var shape = ""
        var names: [String] = []
        var rest = path[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            shape += rest[..<open] + "{}"
            names.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        shape += rest
        self.shape = shape
        self.names = names
    }
}
