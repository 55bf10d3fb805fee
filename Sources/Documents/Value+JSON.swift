import OrderedCollections

extension Value {
    /// Reads JSON strictly.
    public init(json: String) throws(Rejected) {
        self = try Document(text: json, file: "value.json", syntax: .json).root.value
    }

    /// Reads JSON strictly.
    public init(json: [UInt8]) throws(Rejected) {
        self = try Document(bytes: json, file: "value.json", syntax: .json).root.value
    }

    /// The value as JSON; numbers that JSON does not have (infinite ones) become null.
    public func json(pretty: Bool = false) -> String {
        var writer = JSONWriter(pretty: pretty, canonical: false)
        writer.write(self, indent: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The value as JSON that is the same for equal values, for digests: sorted keys, no space, whole numbers without point.
    public var canonicalJSON: String {
        var writer = JSONWriter(pretty: false, canonical: true)
        writer.write(self, indent: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes values as JSON.
struct JSONWriter {
    let pretty: Bool
    let canonical: Bool
    private(set) var bytes: [UInt8] = []

    init(pretty: Bool, canonical: Bool) {
        self.pretty = pretty
        self.canonical = canonical
    }

    mutating func write(_ value: Value, indent: Int) {
        switch value {
        case .null: add("null")
        case .boolean(let value): add(value ? "true" : "false")
        case .integer(let value): add(String(value))
        case .number(let value): write(value)
        case .string(let value): write(value)
        case .list(let elements):
            add("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { add(",") }
                breakLine(indent + 1)
                write(element, indent: indent + 1)
            }
            if !elements.isEmpty { breakLine(indent) }
            add("]")
        case .map(let members):
            add("{")
            let keys =
                canonical ? members.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) } : Array(members.keys)
            for (index, key) in keys.enumerated() {
                if index > 0 { add(",") }
                breakLine(indent + 1)
                write(key)
                add(pretty ? ": " : ":")
                write(members[key] ?? .null, indent: indent + 1)
            }
            if !members.isEmpty { breakLine(indent) }
            add("}")
        }
    }

    private mutating func breakLine(_ indent: Int) {
        guard pretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indent * 2))
    }

    private mutating func write(_ number: Double) {
        guard number.isFinite else {
            add("null")
            return
        }
        if canonical, let integer = Int(exactly: number) { add(String(integer)) } else { add("\(number)") }
    }

    private mutating func write(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { letters in
            for byte in letters {
                switch byte {
                case UInt8(ascii: "\""): add("\\\"")
                case UInt8(ascii: "\\"): add("\\\\")
                case 0x08: add("\\b")
                case 0x09: add("\\t")
                case 0x0A: add("\\n")
                case 0x0C: add("\\f")
                case 0x0D: add("\\r")
                case 0..<0x20: add("\\u00" + (byte < 0x10 ? "0" : "1") + String(byte & 0xF, radix: 16))
                default: bytes.append(byte)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
