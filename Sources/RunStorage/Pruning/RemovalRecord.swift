import Documents
import Engine

/// Who removed runs that could not be read and why, kept in `removed.jsonl` beside the store.
struct RemovalRecord: Sendable {
    let path: String

    init(folder: String) { path = "\(folder)/removed.jsonl" }

    /// One line: who removed what.
    struct Removal: Sendable {
        /// As they were called.
        var runs: [String]
        /// When, by whom and why; for people.
        var text: String
        /// What nobody knows any more.
        var lost: [String]
        /// The tokens of what the runs began, as far as that could be read; nil in a line of before they were kept.
        var operations: Set<String>?

        /// Whether it tells of an operation for certain.
        func tells(of token: String) -> Bool { operations?.contains(token) ?? false }

        /// Whether it may tell of an operation: what is lost with a run is a text, and another repository does the like.
        func mayTell(ofWhat deed: String) -> Bool { operations == nil && lost.contains(Self.loss(deed)) }

        /// What nobody knows any more of what a run did.
        static func loss(_ deed: String) -> String { "that it \(deed)" }
    }

    /// The runs, as they were called.
    func runs() throws(RunStoreError) -> Set<String> { Set(try removals().flatMap(\.runs)) }

    /// Every line that is whole, oldest first.
    func removals() throws(RunStoreError) -> [Removal] {
        do {
            return try RegularFile.contents(of: path).split(separator: 0x0A).compactMap { line in
                // A line that was cut off says nothing: its run stays one that nobody gave up.
                guard let value = try? Value(json: Array(line)), let runs = Self.texts(value["runs"]), !runs.isEmpty
                else { return nil }
                let time = value["time"]?.string.map { " \($0)" } ?? ""
                let person = value["by"]?.string.map { " by \($0)" } ?? ""
                let reason = value["reason"]?.string.map { ": \($0)" } ?? ""
                return Removal(
                    runs: runs, text: "removed\(time)\(person)\(reason)", lost: Self.texts(value["lost"]) ?? [],
                    operations: Self.texts(value["operations"]).map { Set($0) })
            }
        } catch .missing {
            return []
        } catch {
            throw .unavailable("cannot read '\(path)', which names runs that were given up: \(error)")
        }
    }

    private static func texts(_ value: Value?) -> [String]? {
        guard case .list(let texts)? = value else { return nil }
        return texts.compactMap(\.string)
    }

    /// Adds a line that is on the disk when this returns.
    func append(_ record: Value) throws(RunStoreError) { try RecordFile.append(record, to: path) }
}
