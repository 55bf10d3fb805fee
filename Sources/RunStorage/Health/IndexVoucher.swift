import Engine
import GRDB

/// What the index row of a run says of the end of its ledger, as far as that can be read, whatever the other columns hold.
struct IndexVoucher: Sendable, Hashable {
    /// How it stands to the events.
    enum Standing: Sendable, Hashable {
        /// The events end where the row says.
        case vouched
        /// The row knows of events that are gone or were changed.
        case lost
        /// The row says too little.
        case unknown
    }

    var name: String?
    var events: Int?
    var head: String?

    init(_ row: Row) {
        // What cannot be read vouches for nothing.
        name = try? row.read("name")
        events = try? row.readCount("events")
        head = try? row.read("head")
    }

    func standing(_ told: RunSummary) -> Standing {
        if let events, events > told.events { return .lost }
        guard let head else { return .unknown }
        if head == told.head { return .vouched }
        // An index that was put back from an older copy is behind.
        return (events ?? told.events) < told.events ? .vouched : .lost
    }
}
