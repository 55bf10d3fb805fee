/// A path of a definition, matched against the paths of calls.
struct PathTemplate: Sendable {
    private enum Piece: Sendable {
        case text(String)
        case parameter(String)
    }

    private let segments: [[Piece]]
    /// How many segments hold no parameter: of two matching templates the one with more is meant.
    let weight: Int

    init(_ template: String) {
        let end = template.firstIndex { $0 == "?" || $0 == "#" } ?? template.endIndex
        segments = Self.split(String(template[..<end])).map(Self.pieces)
        weight = segments.count { pieces in
            !pieces.contains {
                if case .parameter = $0 { true } else { false }
            }
        }
    }

    /// Segments without the empty ones at the ends, so that a slash at the end does not matter.
    static func split(_ path: String) -> [String] {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.first == "" { parts.removeFirst() }
        if parts.last == "" { parts.removeLast() }
        return parts
    }

    private static func pieces(_ segment: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = segment[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            pieces.append(.parameter(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty || pieces.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    /// The values of the parameters, still escaped; nil where the path is another one.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (pieces, segment) in zip(segments, path) {
            guard Self.match(pieces[...], segment[...], &values) else { return nil }
        }
        return values
    }

    private static func match(
        _ pieces: ArraySlice<Piece>, _ text: Substring, _ values: inout [String: String]
    ) -> Bool {
        guard let first = pieces.first else { return text.isEmpty }
        let rest = pieces.dropFirst()
        switch first {
        case .text(let literal):
            for form in Set([literal, PercentEncoding.encode(literal, keeping: "%!$&'()*+,;=:@")])
            where text.hasPrefix(form) {
                if match(rest, text.dropFirst(form.count), &values) { return true }
            }
            return false
        case .parameter(let name):
            if rest.isEmpty {
                values[name] = String(text)
                return !text.isEmpty
            }
            var end = text.startIndex
            while end < text.endIndex {
                end = text.index(after: end)
                if match(rest, text[end...], &values) {
                    values[name] = String(text[..<end])
                    return true
                }
            }
            return false
        }
    }
}
