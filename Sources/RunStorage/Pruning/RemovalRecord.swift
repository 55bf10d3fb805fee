import Documents
import Engine

/// Who removed runs that could not be read and why, kept in `removed.jsonl` beside the store.
struct RemovalRecord: Sendable {
    let path: String

    init(folder: String) { path = "\(folder)/removed.jsonl" }

    /// The runs, as they were called.
    func runs() throws(RunStoreError) -> Set<String> {
        do {
            var runs: Set<String> = []
            for line in try RegularFile.contents(of: path).split(separator: 0x0A) {
                // A line that was cut off says nothing: its run stays one that nobody gave up.
                guard case .list(let names)? = (try? Value(json: Array(line)))?["runs"] else { continue }
                runs.formUnion(names.compactMap(\.string))
            }
            return runs
        } catch .missing {
            return []
        } catch {
            throw .unavailable("cannot read '\(path)', which names runs that were given up: \(error)")
        }
    }

    /// Adds a line that is on the disk when this returns.
    func append(_ record: Value) throws(RunStoreError) { try RecordFile.append(record, to: path) }
}
