import Documents
import OrderedCollections
import TestSupport

extension SeededRandom {
    private static let texts = [
        "", " ", "a", "true", "null", "~", "1", "1.5", "0x1F", "-", "--- x", "...", "- a", "? b", ": c", "a: b", "a #b",
        "#c",
        "'", "\"", "\\", "\n", "\n\n", "a\n", "a\n\n", "a\nb", "  a\nb", "a\n  b", "a\n\nb\n", "a\n \nb", "\ta", "a\tb",
        "\r\n",
        "a\rb", "é", "中文", "😀", "\u{0}", "\u{1B}[0m", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}",
        "\u{10FFFF}",
        "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "{", "}", "[a]", "a, b", "${{ x }}", "<<", "=", "yes", "no", "on",
        "y",
        "2026-01-01", "12:30", ".inf", ".nan", "1e3", "a:", "a: ", ":a", "http://x.y/z?q=1", "$ref", "/paths/{id}",
        "e\u{301}",
        "x\u{7F}", "\u{AD}", "\u{202E}", "a ", "longer text with several words in it, and a comma",
    ]

    /// A value of a few levels.
    mutating func value(depth: Int) -> Value {
        switch below(depth > 3 ? 6 : 9) {
        case 0: return .null
        case 1: return .boolean(below(2) == 0)
        case 2: return .integer([0, -1, .max, .min, below(1000)][below(5)])
        case 3:
            return .number(
                [0.5, -1e-7, 1e300, .leastNonzeroMagnitude, Double(below(10_000)) / 7, 1e16, 123_456_789.25][below(7)])
        case 4, 5: return .string(text())
        case 6: return .list((0..<below(5)).map { _ in value(depth: depth + 1) })
        default:
            var map: Value.Map = [:]
            for _ in 0..<below(5) { map[text()] = value(depth: depth + 1) }
            return .map(map)
        }
    }

    private mutating func text() -> String {
        let text = Self.texts[below(Self.texts.count)]
        return below(3) == 0 ? text + Self.texts[below(Self.texts.count)] : text
    }
}
