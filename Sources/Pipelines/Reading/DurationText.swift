/// Durations as written in manifests: `90s`, `10m`, `24h`, `7d`, also `500ms`.
public enum DurationText {
    /// The seconds, nil when the text is no duration.
    public static func seconds(_ text: String) -> Double? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard !digits.isEmpty, digits.count <= 12, digits.first != ".", digits.last != ".", let number = Double(digits)
        else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": return number / 1000
        case "s": return number
        case "m": return number * 60
        case "h": return number * 3600
        case "d": return number * 86_400
        default: return nil
        }
    }

    /// The shortest way to write so many seconds.
    public static func text(_ seconds: Double) -> String {
        for (unit, size) in [("d", 86_400.0), ("h", 3600), ("m", 60), ("s", 1)]
        where seconds >= size && (seconds / size).rounded() * size == seconds {
            return "\(Int(seconds / size))\(unit)"
        }
        return seconds == 0 ? "0s" : "\(Int((seconds * 1000).rounded()))ms"
    }
}
