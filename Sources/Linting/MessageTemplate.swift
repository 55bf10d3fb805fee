import Documents

/// A rule's message with places for what was found, as in `{{property}} is wrong: {{error}}`.
struct MessageTemplate: Sendable {
    struct Values {
        var error: String
        var description: String
        var path: () -> String
        var property: () -> String
        var value: () -> String
    }

    private enum Part: Sendable {
        case text(String)
        case name(String)
        case print(String)
    }

    private let parts: [Part]

    init(_ text: String) {
        var parts: [Part] = []
        var rest = Substring(text)
        var plain = ""
        while !rest.isEmpty {
            let isPrint = rest.hasPrefix("#{{")
            guard isPrint || rest.hasPrefix("{{"), let end = rest.firstRange(of: "}}") else {
                plain.append(rest.removeFirst())
                continue
            }
            if !plain.isEmpty { parts.append(.text(plain)) }
            plain = ""
            let inner = rest[rest.startIndex..<end.lowerBound].dropFirst(isPrint ? 3 : 2)
            let word = inner.filter { !$0.isWhitespace }
            if isPrint {
                parts.append(.print(word.contains("value") ? "value" : "property"))
            } else {
                parts.append(.name(word))
            }
            rest = rest[end.upperBound...]
        }
        if !plain.isEmpty { parts.append(.text(plain)) }
        self.parts = parts
    }

    func text(_ values: Values) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let plain): text += plain
            case .name("error"): text += values.error
            case .name("description"): text += values.description
            case .name("path"): text += values.path()
            case .name("property"): text += values.property()
            case .name("value"): text += values.value()
            case .name: break
            case .print("value"): text += values.value()
            case .print:
                let property = values.property()
                text += property.isEmpty ? "The document " : "\"\(property)\" property "
            }
        }
        return text
    }
}
