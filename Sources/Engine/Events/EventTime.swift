import struct Foundation.Date

/// Times as events write them: UTC with milliseconds, `2026-11-21T03:20:00.123Z`.
enum EventTime {
    /// The time without what is finer than a millisecond, so that it reads back equal.
    static func rounded(_ date: Date) -> Date { Self.date(milliseconds(of: date)) }

    /// The first whole millisecond that is not before the time.
    static func roundedUp(_ date: Date) -> Date {
        let rounded = rounded(date)
        return rounded < date ? Self.date(milliseconds(of: date) + 1) : rounded
    }

    /// Milliseconds since 1970.
    static func milliseconds(of date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }

    /// The time that many milliseconds after the beginning of 1970.
    static func date(_ milliseconds: Int) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// The text of a time.
    static func text(_ date: Date) -> String { String(decoding: bytes(date), as: UTF8.self) }

    static func bytes(_ date: Date) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(24)
        write(date, to: &result)
        return result
    }

    /// Adds the text of a time.
    static func write(_ date: Date, to bytes: inout [UInt8]) {
        let total = milliseconds(of: date)
        let day = total.quotient(by: 86_400_000)
        let rest = total - day * 86_400_000
        let (year, month, dayOfMonth) = civil(day)
        putTwo(year / 100, &bytes)
        putTwo(year, &bytes)
        bytes.append(UInt8(ascii: "-"))
        putTwo(month, &bytes)
        bytes.append(UInt8(ascii: "-"))
        putTwo(dayOfMonth, &bytes)
        bytes.append(UInt8(ascii: "T"))
        putTwo(rest / 3_600_000, &bytes)
        bytes.append(UInt8(ascii: ":"))
        putTwo(rest / 60_000 % 60, &bytes)
        bytes.append(UInt8(ascii: ":"))
        putTwo(rest / 1000 % 60, &bytes)
        bytes.append(UInt8(ascii: "."))
        bytes.append(48 + UInt8(rest % 1000 / 100))
        putTwo(rest % 100, &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// The last two digits of a number.
    private static func putTwo(_ number: Int, _ bytes: inout [UInt8]) {
        bytes.append(48 + UInt8(number / 10 % 10))
        bytes.append(48 + UInt8(number % 10))
    }

    /// The time of a text in exactly this form; nil for any other.
    static func date(_ text: String) -> Date? {
        let bytes = Array(text.utf8)
        guard bytes.count == 24 else { return nil }
        let marks: [(Int, Character)] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "."), (23, "Z")]
        guard marks.allSatisfy({ bytes[$0.0] == $0.1.asciiValue }) else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var result = 0
            for byte in bytes[range] {
                guard (48...57).contains(byte) else { return nil }
                result = result * 10 + Int(byte - 48)
            }
            return result
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            let fraction = number(20..<23), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second < 61
        else { return nil }
        return date(((days(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction)
    }

    /// Days since 1970 of a date in the Gregorian calendar; years begin in March here, so that leap days come last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.quotient(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.quotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int {
    /// The quotient rounded down, also for negative numbers.
    fileprivate func quotient(by divisor: Int) -> Int {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}
