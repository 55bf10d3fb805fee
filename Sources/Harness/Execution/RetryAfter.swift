import FoundationEssentials

/// How long a throttling backend asks callers to wait.
enum RetryAfter {
    /// A year: who asks for more cannot be waited for.
    static let longest = 31_622_400.0

    /// The seconds of a `Retry-After` header, a number or an HTTP date; nil where it says neither.
    static func seconds(_ text: String, now: Date) -> Double? {
        let trimmed = text.trimmingPrefix { $0 == " " }
        if let number = Double(trimmed), number.isFinite, number >= 0 { return number }
        guard let date = httpDate(String(trimmed)) else { return nil }
        return max(0, date.timeIntervalSince(now))
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func httpDate(_ text: String) -> Date? {
        let parts = text.split { $0 == " " || $0 == "," || $0 == ":" || $0 == "-" }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 8, parts[7] == "GMT", let day = Int(parts[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]), (1970...9999).contains(year),
            let hour = Int(parts[4]), let minute = Int(parts[5]), let second = Int(parts[6]), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        return Date(
            timeIntervalSince1970: Double(days(year, month + 1, day) * 86_400 + hour * 3600 + minute * 60 + second))
    }

    /// Days from 1970-01-01, by the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
