/// Hours of the week in which an environment may be changed.
public struct ChangeWindow: Sendable, Hashable, Codable {
    /// 1 is Monday, 7 is Sunday.
    public var days: [Int]
    /// Minutes after midnight, inclusive.
    public var from: Int
    /// Minutes after midnight, exclusive; not after `from` means the next day.
    public var to: Int
    /// Such as `Europe/Oslo`.
    public var timeZone: String

    public init(days: [Int], from: Int, to: Int, timeZone: String) {
        self.days = days
        self.from = from
        self.to = to
        self.timeZone = timeZone
    }
}
