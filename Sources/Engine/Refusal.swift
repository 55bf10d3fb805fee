/// Why a wish about a run is not granted; nothing was changed.
public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// `room/kebab-case`.
    public var code: String
    /// Lower case, no full stop.
    public var message: String
    /// What to do about it.
    public var notes: [String]

    public init(_ code: String, _ message: String, notes: [String] = []) {
        self.code = code
        self.message = message
        self.notes = notes
    }

    public var description: String { message }
}
