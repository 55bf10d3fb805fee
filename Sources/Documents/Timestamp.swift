public import FoundationEssentials

/// Dates as text: ISO 8601 in UTC with milliseconds, `2026-11-21T04:05:06.789Z`.
public enum Timestamp {
    /// The date as text, rounded to milliseconds.
    public static func text(of date: Date) -> String {
        let rounded = Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded() / 1000 + 0.000_1)
        return rounded.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// The date that a text says, with or without a fraction, nil when it is none.
    public static func date(_ text: String) -> Date? {
        for hasFraction in [true, false] {
            // A text that does not parse is no date, whatever the reason.
            if let date = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction)) {
                return Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded() / 1000)
            }
        }
        return nil
    }
}
