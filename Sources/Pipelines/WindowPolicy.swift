public import Foundation

/// When an environment may be changed: inside one of its windows, and not in a freeze.
public struct WindowPolicy: Sendable {
    /// The next time at which changes are allowed.
    public struct Opening: Sendable, Hashable {
        public var date: Date
        /// Changes are allowed at the very time that was asked about.
        public var isOpen: Bool
        /// What stands in the way until then, or the window that is open.
        public var reason: String

        public init(date: Date, isOpen: Bool, reason: String) {
            self.date = date
            self.isOpen = isOpen
            self.reason = reason
        }
    }

    public var windows: [ChangeWindow]
    public var freezes: [Freeze]

    /// Without windows every hour is allowed.
    public init(windows: [ChangeWindow], freezes: [Freeze]) {
        self.windows = windows
        self.freezes = freezes
    }

    /// When changes are allowed from a time on; nil when they never are.
    public static func nextOpening(_ windows: [ChangeWindow], _ freezes: [Freeze], after date: Date) -> Opening? {
        WindowPolicy(windows: windows, freezes: freezes).opening(after: date)
    }

    /// When changes are allowed from a time on; nil when they never are.
    public func opening(after date: Date) -> Opening? {
        var at = date
        // Each obstacle once, in the order in which they are met.
        var obstacles: [String] = []
        func met(_ obstacle: String) { if !obstacles.contains(obstacle) { obstacles.append(obstacle) } }
        func opening(_ isOpenBecause: String) -> Opening {
            let reason = obstacles.isEmpty ? isOpenBecause : obstacles.joined(separator: ", then ")
            return Opening(date: min(at, Self.lastDate), isOpen: at == date, reason: reason)
        }
        // Every turn goes past a freeze or to the beginning of a window; freezes are few, so this ends soon.
        for _ in 0..<(freezes.count * 2 + 8) {
            if let freeze = freezes.first(where: { Self.span(of: $0)?.contains(at) == true }),
                let span = Self.span(of: freeze)
            {
                met("frozen until \(freeze.to) \(freeze.zone): \(freeze.reason)")
                at = span.upperBound
                continue
            }
            if windows.isEmpty { return opening("no window is needed") }
            if let window = windows.first(where: { Self.isInside($0, at) }) {
                return opening("inside the window \(window)")
            }
            met("outside the windows \(windows.map(\.description).joined(separator: " and "))")
            guard let next = windows.compactMap({ Self.nextStart(of: $0, after: at) }).min() else { return nil }
            at = next
        }
        return nil
    }

    /// The last millisecond of the year 9999: later times cannot be written.
    private static let lastDate = Date(timeIntervalSince1970: 253_402_300_799.999)

    /// Whether the last day of a freeze is over.
    public static func isOver(_ freeze: Freeze, at date: Date) -> Bool {
        span(of: freeze).map { $0.upperBound <= date } ?? true
    }

    private static func calendar(_ timeZone: String) -> Calendar? {
        guard let zone = TimeZone(identifier: timeZone) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }

    /// From the beginning of the first day to the end of the last.
    private static func span(of freeze: Freeze) -> Range<Date>? {
        guard let calendar = calendar(freeze.zone), let from = CalendarDay(freeze.from),
            let to = CalendarDay(freeze.to), let start = date(from, minutes: 0, in: calendar),
            let end = date(to, minutes: 24 * 60, in: calendar), start < end
        else { return nil }
        return start..<end
    }

    private static func isInside(_ window: ChangeWindow, _ time: Date) -> Bool {
        guard let calendar = calendar(window.timeZone) else { return false }
        // A window that goes over midnight began on the day before.
        return [0, -1].contains { offset in
            guard let day = day(of: time, offset: offset, in: calendar),
                let span = span(of: window, on: day, in: calendar)
            else { return false }
            return span.contains(time)
        }
    }

    private static func nextStart(of window: ChangeWindow, after time: Date) -> Date? {
        guard let calendar = calendar(window.timeZone) else { return nil }
        // Eight days reach every day of the week; one more for a day whose window a change of clocks swallows.
        for offset in 0...15 {
            guard let day = day(of: time, offset: offset, in: calendar),
                let span = span(of: window, on: day, in: calendar),
                span.lowerBound > time
            else { continue }
            return span.lowerBound
        }
        return nil
    }

    /// The window on one day, nil when the day is none of its days.
    private static func span(of window: ChangeWindow, on day: CalendarDay, in calendar: Calendar) -> Range<Date>? {
        guard let noon = date(day, minutes: 12 * 60, in: calendar) else { return nil }
        // Sunday is 1 in the calendar and 7 here.
        let weekday = (calendar.component(.weekday, from: noon) + 5) % 7 + 1
        let end = window.to > window.from ? window.to : window.to + 24 * 60
        guard window.days.contains(weekday), let start = date(day, minutes: window.from, in: calendar),
            let stop = date(day, minutes: end, in: calendar), start < stop
        else { return nil }
        return start..<stop
    }

    private static func day(of time: Date, offset: Int, in calendar: Calendar) -> CalendarDay? {
        let today = calendar.dateComponents([.year, .month, .day], from: time)
        guard let year = today.year, let month = today.month, let day = today.day,
            let noon = calendar.date(from: DateComponents(year: year, month: month, day: day, hour: 12)),
            let moved = calendar.date(byAdding: .day, value: offset, to: noon)
        else { return nil }
        let parts = calendar.dateComponents([.year, .month, .day], from: moved)
        guard let year = parts.year, let month = parts.month, let day = parts.day else { return nil }
        return CalendarDay(year: year, month: month, day: day)
    }

    /// The time at which clocks show so many minutes after midnight; clocks that skip it make it the first time after.
    private static func date(_ day: CalendarDay, minutes: Int, in calendar: Calendar) -> Date? {
        let components = DateComponents(
            year: day.year, month: day.month, day: day.day + minutes / 1440, hour: minutes % 1440 / 60,
            minute: minutes % 60)
        return calendar.date(from: components)
    }
}

extension ChangeWindow: CustomStringConvertible {
    /// Such as `mon-thu 08:00-16:00 Europe/Oslo`.
    public var description: String {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        var runs: [ClosedRange<Int>] = []
        for day in days.sorted() where (1...7).contains(day) {
            if let last = runs.last, last.upperBound + 1 == day {
                runs[runs.count - 1] = last.lowerBound...day
            } else {
                runs.append(day...day)
            }
        }
        let days = runs.map { run in
            run.count == 1 ? names[run.lowerBound - 1] : "\(names[run.lowerBound - 1])-\(names[run.upperBound - 1])"
        }
        func clock(_ minutes: Int) -> String {
            let (hour, minute) = (minutes / 60, minutes % 60)
            return (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
        }
        return "\(days.joined(separator: ",")) \(clock(from))-\(clock(to)) \(timeZone)"
    }
}
