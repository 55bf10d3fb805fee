/// Times as cases and thresholds write them: `750ms`, `1.5s`, `2m`, or a plain number of milliseconds.
public enum LatencyText {
    /// The time in seconds; nil where the text is no time.
    public static func seconds(_ text: String) -> Double? {
        for (suffix, factor) in [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("", 0.001)] where text.hasSuffix(suffix) {
            let digits = text.dropLast(suffix.count)
            // A year is more than anything waits, and less than what clocks cannot hold.
            guard let number = Double(digits), number >= 0, number * factor <= 31_536_000 else { return nil }
            return number * factor
        }
        return nil
    }

    /// The time for people, in milliseconds with as many digits as say something.
    public static func text(_ seconds: Double) -> String {
        let milliseconds = seconds * 1000
        if milliseconds >= 100 { return "\(Int(milliseconds.rounded())) ms" }
        let tenths = (milliseconds * 10).rounded() / 10
        return "\(tenths) ms"
    }
}
