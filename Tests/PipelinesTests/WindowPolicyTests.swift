import Foundation
import Pipelines
import Testing

@Suite struct WindowPolicyTests {
    static let office = ChangeWindow(days: [1, 2, 3, 4], from: 8 * 60, to: 16 * 60, timeZone: "Europe/Oslo")
    static let night = ChangeWindow(days: [5, 6], from: 22 * 60, to: 4 * 60, timeZone: "Europe/Oslo")

    /// The next opening in the form of the question, or `never`; `=` when it is open already.
    private func next(_ windows: [ChangeWindow], _ freezes: [Freeze] = [], after text: String) throws -> String {
        let time = try Date(text, strategy: .iso8601)
        guard let opening = WindowPolicy.nextOpening(windows, freezes, after: time) else { return "never" }
        #expect(opening.isOpen == (opening.date == time))
        return opening.isOpen ? "=" : opening.date.formatted(.iso8601)
    }

    @Test(arguments: [
        // 2026-11-16 is a Monday; Oslo is an hour ahead in winter.
        ("2026-11-16T07:00:00Z", "="), ("2026-11-16T06:59:59Z", "2026-11-16T07:00:00Z"),
        ("2026-11-16T14:59:59Z", "="), ("2026-11-16T15:00:00Z", "2026-11-17T07:00:00Z"),
        ("2026-11-19T15:00:00Z", "2026-11-23T07:00:00Z"), ("2026-11-21T12:00:00Z", "2026-11-23T07:00:00Z"),
        // Two hours ahead in summer.
        ("2026-07-06T05:00:00Z", "2026-07-06T06:00:00Z"), ("2026-07-06T06:00:00Z", "="),
        // Clocks go back on 2026-10-25, a Sunday: Monday's eight o'clock is an hour later in UTC than Thursday's.
        ("2026-10-22T14:00:00Z", "2026-10-26T07:00:00Z"),
        // And forward on 2026-03-29.
        ("2026-03-26T15:00:00Z", "2026-03-30T06:00:00Z"),
    ])
    func officeHours(_ time: String, _ wanted: String) throws {
        #expect(try next([Self.office], after: time) == wanted)
    }

    @Test(arguments: [
        // Friday 22:00 to Saturday 04:00, Saturday 22:00 to Sunday 04:00.
        ("2026-11-20T20:00:00Z", "2026-11-20T21:00:00Z"), ("2026-11-21T02:59:59Z", "="),
        ("2026-11-21T03:00:00Z", "2026-11-21T21:00:00Z"), ("2026-11-22T02:00:00Z", "="),
        ("2026-11-22T03:00:00Z", "2026-11-27T21:00:00Z"),
        // The night in which clocks go back is an hour longer.
        ("2026-10-25T02:30:00Z", "="), ("2026-10-25T03:00:00Z", "2026-10-30T21:00:00Z"),
    ])
    func overMidnight(_ time: String, _ wanted: String) throws {
        #expect(try next([Self.night], after: time) == wanted)
    }

    @Test func aTimeThatClocksSkip() throws {
        // On 2026-03-29 clocks go from 02:00 to 03:00 in Oslo: half past two is not there, and the window begins after the gap.
        let window = ChangeWindow(days: [7], from: 150, to: 240, timeZone: "Europe/Oslo")
        let opening = try next([window], after: "2026-03-29T00:00:00Z")
        #expect(opening == "2026-03-29T01:30:00Z" || opening == "2026-03-29T01:00:00Z")
    }

    @Test func wholeDays() throws {
        let always = ChangeWindow(days: Array(1...7), from: 0, to: 1440, timeZone: "UTC")
        #expect(try next([always], after: "2026-11-21T23:59:59Z") == "=")
        #expect(try next([always], after: "2026-11-22T00:00:00Z") == "=")
    }

    @Test func severalWindows() throws {
        #expect(try next([Self.office, Self.night], after: "2026-11-19T16:00:00Z") == "2026-11-20T21:00:00Z")
        #expect(try next([Self.office, Self.night], after: "2026-11-21T00:00:00Z") == "=")
    }

    @Test func freezes() throws {
        let freeze = Freeze(from: "2026-12-18", to: "2027-01-06", reason: "Year end", timeZone: "Europe/Oslo")
        #expect(try next([], [freeze], after: "2026-12-17T22:59:59Z") == "=")
        #expect(try next([], [freeze], after: "2026-12-17T23:00:00Z") == "2027-01-06T23:00:00Z")
        // After the freeze the next window counts: 2027-01-07 is a Thursday.
        #expect(try next([Self.office], [freeze], after: "2026-12-20T10:00:00Z") == "2027-01-07T07:00:00Z")
        // A window that would open in the freeze does not.
        #expect(try next([Self.office], [freeze], after: "2026-12-17T15:30:00Z") == "2027-01-07T07:00:00Z")
        let utc = Freeze(from: "2027-01-06", to: "2027-01-07", reason: "again")
        #expect(try next([], [freeze, utc], after: "2026-12-20T10:00:00Z") == "2027-01-08T00:00:00Z")
        let time = try Date("2026-12-20T10:00:00Z", strategy: .iso8601)
        #expect(
            WindowPolicy.nextOpening([], [freeze], after: time)?.reason
                == "frozen until 2027-01-06 Europe/Oslo: Year end")
        // Each thing that stands in the way is named, in its turn.
        let evening = try Date("2026-12-17T15:30:00Z", strategy: .iso8601)
        #expect(
            WindowPolicy.nextOpening([Self.office], [freeze], after: evening)?.reason
                == "outside the windows \(Self.office), then frozen until 2027-01-06 Europe/Oslo: Year end")
    }

    /// What people write who mean for good; later years have no place where times are written.
    @Test(arguments: ["UTC", "Pacific/Honolulu", "Pacific/Auckland"])
    func aFreezeToTheLastDay(_ zone: String) throws {
        let freeze = Freeze(from: "2026-12-18", to: "9999-12-31", reason: "retired", timeZone: zone)
        for windows in [[], [Self.office]] {
            let time = try Date("2026-12-20T10:00:00Z", strategy: .iso8601)
            let opening = try #require(WindowPolicy.nextOpening(windows, [freeze], after: time))
            #expect(!opening.isOpen && opening.reason.contains("frozen until 9999-12-31 \(zone): retired"))
            #expect(opening.date.formatted(.iso8601).hasPrefix("9999-12-31T"), "\(opening.date)")
        }
    }

    @Test func withoutAnything() throws {
        #expect(try next([], after: "2026-12-20T10:00:00Z") == "=")
        #expect(
            try next([ChangeWindow(days: [], from: 0, to: 60, timeZone: "UTC")], after: "2026-12-20T10:00:00Z")
                == "never")
    }

    @Test func windowsInWords() {
        #expect(Self.office.description == "mon-thu 08:00-16:00 Europe/Oslo")
        #expect(
            ChangeWindow(days: [1, 3, 5, 6, 7], from: 0, to: 1440, timeZone: "UTC").description
                == "mon,wed,fri-sun 00:00-24:00 UTC")
    }

    @Test(
        arguments: [
            ("90s", 90), ("10m", 600), ("24h", 86_400), ("7d", 604_800), ("500ms", 0.5), ("1.5h", 5400), ("0s", 0),
            ("10", nil), ("m", nil), ("", nil), ("10 m", nil), ("-1s", nil), ("1.s", nil), ("1w", nil), ("١s", nil),
        ] as [(String, Double?)])
    func durations(_ text: String, _ seconds: Double?) {
        #expect(DurationText.seconds(text) == seconds)
        if let seconds { #expect(DurationText.seconds(DurationText.text(seconds)) == seconds) }
    }
}
