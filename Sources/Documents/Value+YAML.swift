import OrderedCollections

extension Value {
    /// The value as YAML for people, in block style, with a line break at the end; reading it gives the value again.
    public func yaml() -> String {
        var writer = YAMLWriter()
        writer.write(self, indent: 0, isInline: false)
        return writer.text
    }
}

/// Writes values as YAML in block style.
struct YAMLWriter {
    private(set) var text = ""

    /// Writes a value; `isInline` says that a key or dash stands before it on the line.
    mutating func write(_ value: Value, indent: Int, isInline: Bool) {
        switch value {
        case .list(let elements) where !elements.isEmpty:
            if isInline { text += "\n" }
            for element in elements {
                text += margin(indent) + "-"
                writeItem(element, indent: indent)
            }
        case .map(let members) where !members.isEmpty:
            if isInline { text += "\n" }
            writeMembers(members, indent: indent, isFirstInline: false)
        default:
            text += (isInline ? " " : "") + scalar(value, indent: indent) + "\n"
        }
    }

    private mutating func writeMembers(_ members: Value.Map, indent: Int, isFirstInline: Bool) {
        var isInline = isFirstInline
        for (key, value) in members {
            text += (isInline ? " " : margin(indent)) + quoted(key) + ":"
            isInline = false
            write(value, indent: indent + 1, isInline: true)
        }
    }

    private mutating func writeItem(_ value: Value, indent: Int) {
        if case .map(let members) = value, !members.isEmpty {
            writeMembers(members, indent: indent + 1, isFirstInline: true)
        } else {
            write(value, indent: indent + 1, isInline: true)
        }
    }

    private func margin(_ indent: Int) -> String { String(repeating: "  ", count: indent) }

    private func scalar(_ value: Value, indent: Int) -> String {
        switch value {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value):
            value.isNaN ? ".nan" : value.isInfinite ? (value < 0 ? "-.inf" : ".inf") : "\(value)"
        case .string(let value): isBlock(value) ? block(value, indent: max(indent, 1)) : quoted(value)
        case .list: "[]"
        case .map: "{}"
        }
    }

    /// Whether text of several lines reads well and survives as a block.
    private func isBlock(_ value: String) -> Bool {
        guard value.utf8.contains(0x0A), !value.hasPrefix(" "), !value.hasPrefix("\n"), !value.hasPrefix("\t") else {
            return false
        }
        let isPlain = value.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || (safeScalar(scalar) == scalar && scalar.value != 0xFFFD)
        }
        return isPlain && !value.hasSuffix("\n\n")
            && !value.split(separator: "\n").contains { $0.allSatisfy { $0 == " " } }
    }

    private func block(_ value: String, indent: Int) -> String {
        let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
        let isClosed = value.hasSuffix("\n")
        let body = (isClosed ? lines.dropLast() : lines[...]).map { $0.isEmpty ? "" : margin(indent) + $0 }
        return (isClosed ? "|\n" : "|-\n") + body.joined(separator: "\n")
    }

    /// Text as a plain scalar where that is safe, or else in double quotes.
    private func quoted(_ value: String) -> String {
        if isSafePlain(value) { return value }
        var writer = JSONWriter(pretty: false, canonical: false)
        writer.write(.string(value), indent: 0)
        var result = ""
        for scalar in String(decoding: writer.bytes, as: UTF8.self).unicodeScalars {
            if safeScalar(scalar) == scalar {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            }
        }
        return result
    }

    private func isSafePlain(_ value: String) -> Bool {
        guard let first = value.unicodeScalars.first, value.unicodeScalars.last != " " else { return false }
        var copy = value
        guard copy.withUTF8({ CoreSchema.kind(of: $0).kind }) == .string else { return false }
        // Words that YAML 1.1 takes for booleans are quoted for the sake of other readers.
        guard !["yes", "no", "on", "off", "y", "n"].contains(value.lowercased()), value != "<<" else { return false }
        let isStart = first.properties.isAlphabetic || "_/.$0123456789(".unicodeScalars.contains(first)
        guard isStart, !value.hasPrefix("---"), !value.hasPrefix("..."), value.utf8.count < 200 else { return false }
        var before: Unicode.Scalar = " "
        for scalar in value.unicodeScalars {
            let isUnsafe =
                safeScalar(scalar) != scalar || (before == ":" && scalar == " ") || (before == " " && scalar == "#")
                || "[]{},\"'&*!|>%@`".unicodeScalars.contains(scalar)
            if isUnsafe { return false }
            before = scalar
        }
        return before != ":"
    }
}
