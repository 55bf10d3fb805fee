public import Documents
import OrderedCollections

/// A way into a JSON body: `items[0].id`, `items[*].status`, `error.code`, or a pointer such as `/items/0/id`.
public struct ValuePath: Sendable, Hashable {
    /// One step of the way.
    public enum Step: Sendable, Hashable {
        /// Into an object's property, or an array's element where the name is a number.
        case name(String)
        /// Into every element or property.
        case all
    }

    /// The path as written.
    public let text: String
    let steps: [Step]

    /// Reads a path; nil where brackets do not close or a part is empty.
    public init?(_ text: String) {
        self.text = text
        if text.isEmpty || text == "$" {
            steps = []
            return
        }
        if text.hasPrefix("/") {
            steps = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
                let name = $0.replacing("~1", with: "/").replacing("~0", with: "~")
                return name == "*" ? .all : .name(String(name))
            }
            return
        }
        var steps: [Step] = []
        var rest = text.hasPrefix("$.") ? text.dropFirst(2) : text.hasPrefix("$[") ? text.dropFirst() : text[...]
        var isStart = true
        while !rest.isEmpty {
            if rest.first == "[" {
                guard let end = rest.firstIndex(of: "]") else { return nil }
                let inner = rest[rest.index(after: rest.startIndex)..<end]
                let name = inner.trimming(quotes: "\"'")
                guard !name.isEmpty else { return nil }
                steps.append(name == "*" ? .all : .name(String(name)))
                rest = rest[rest.index(after: end)...]
            } else {
                if !isStart {
                    guard rest.first == "." else { return nil }
                    rest = rest.dropFirst()
                }
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty else { return nil }
                steps.append(name == "*" ? .all : .name(String(name)))
                rest = rest[name.endIndex...]
            }
            isStart = false
        }
        self.steps = steps
    }

    /// The values at the end of the path, with their places.
    public func values(in root: Value) -> [(place: String, value: Value)] {
        var found: [(place: String, value: Value)] = [("", root)]
        for step in steps {
            found = found.flatMap { place, value -> [(place: String, value: Value)] in
                switch (step, value) {
                case (.name(let name), .map): value[name].map { [("\(place)/\(name)", $0)] } ?? []
                case (.name(let name), .list(let elements)):
                    Int(name).flatMap { elements.indices.contains($0) ? [("\(place)/\(name)", elements[$0])] : nil }
                        ?? []
                case (.all, .list(let elements)): elements.enumerated().map { ("\(place)/\($0.offset)", $0.element) }
                case (.all, .map(let map)): map.map { ("\(place)/\($0.key)", $0.value) }
                default: []
                }
            }
        }
        return found
    }

    /// Whether the path may lead to many values.
    public var hasWildcard: Bool { steps.contains(.all) }
}

extension Substring {
    fileprivate func trimming(quotes: String) -> Substring {
        guard count >= 2, let first, first == last, quotes.contains(first) else { return self }
        return dropFirst().dropLast()
    }
}
