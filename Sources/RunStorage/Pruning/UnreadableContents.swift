import Engine

/// What the store has of a run that cannot be read.
struct UnreadableContents: Sendable {
    var lines: [[UInt8]] = []
    /// Results that are kept under its name.
    var results = 0
    /// Whose the events under its number are, when they are not its own.
    var other: RunID?

    var bytes: Int { lines.reduce(0) { $0 + $1.count } }
}
