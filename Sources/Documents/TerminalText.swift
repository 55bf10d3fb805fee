/// Text within one line without anything that a terminal or a CI service would obey: control characters and changes of
/// writing direction are shown as pictures or U+FFFD, breaks of lines as blanks, and log commands are defused.
public func safeText(_ text: String) -> String { onOneLine(text, atLineBegin: false) }

/// The same for text that is the whole line, or its beginning.
public func safeLine(_ text: String) -> String { onOneLine(text, atLineBegin: true) }

private func onOneLine(_ text: String, atLineBegin: Bool) -> String {
    guard !isHarmless(text, lines: false) else { return text }
    return withoutCommands(
        text.unicodeScalars.map { $0 == "\n" || $0 == "\t" ? " " : safeScalar($0) }, atLineBegin: atLineBegin)
}

/// The same for text of several lines, which stay; no line of it begins with a log command.
public func safeLines(_ text: String) -> String {
    guard !isHarmless(text, lines: true) else { return text }
    return withoutCommands(
        text.unicodeScalars.map { $0 == "\n" || $0 == "\t" ? $0 : safeScalar($0) }, atLineBegin: true)
}

/// JSON with the same meaning, in which a terminal and a CI service find nothing to obey.
///
/// Outside strings JSON has none of these characters, and in strings each can be written as an escape.
public func safeJSON(_ json: String) -> String {
    guard !isHarmless(json, lines: true) else { return json }
    let scalars = Array(json.unicodeScalars)
    let signs = Set(scalars.indices.compactMap { LogCommand.sign(in: scalars, at: $0) })
    var result = ""
    for (index, scalar) in scalars.enumerated() {
        let isPlain = scalar == "\n" || scalar == "\t" || safeScalar(scalar) == scalar
        guard !isPlain || signs.contains(index) else {
            result.unicodeScalars.append(scalar)
            continue
        }
        for unit in String(Character(scalar)).utf16 {
            let digits = String(unit, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
    return result
}

/// Text that holds our own colours, with the log commands of CI services defused.
public func withoutLogCommands(_ text: String) -> String {
    text.utf8.contains(UInt8(ascii: "#")) || text.contains("::")
        ? withoutCommands(Array(text.unicodeScalars), atLineBegin: true) : text
}

/// Whether text is plain ASCII, tabs and line ends, without the signs that log commands begin with; most is.
private func isHarmless(_ text: String, lines: Bool) -> Bool {
    var last: UInt8 = 0
    for byte in text.utf8 {
        switch byte {
        case 0x20..<0x7F: if byte == last, byte == UInt8(ascii: "#") || byte == UInt8(ascii: ":") { return false }
        case 0x09, 0x0A: if !lines { return false }
        default: return false
        }
        last = byte
    }
    return true
}

/// The text with a backslash where a log command would begin.
private func withoutCommands(_ text: [Unicode.Scalar], atLineBegin: Bool) -> String {
    var result = String.UnicodeScalarView()
    var signs: Set<Int> = []
    var begins = atLineBegin
    for (index, scalar) in text.enumerated() {
        if begins, LogCommand.begins(in: text, at: index) { result.append("\\") }
        if scalar == "\n" { begins = atLineBegin } else if !scalar.properties.isWhitespace { begins = false }
        result.append(scalar)
        if let sign = LogCommand.sign(in: text, at: index) { signs.insert(sign) }
        if signs.contains(index) { result.append("\\") }
    }
    return String(result)
}

/// What is shown in place of a scalar: itself, if it is harmless.
func safeScalar(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    case 0x80...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xFFFE,
        0xFFFF, 0xE0000...0xE007F:
        "\u{FFFD}"
    default: scalar
    }
}

/// How many columns of a terminal a scalar takes.
func columnWidth(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20..<0x300: return 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
        0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        return 2
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return 1
    }
}
