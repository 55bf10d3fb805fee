import Engine
import Synchronization

/// The numbers of the runs that this process writes, which spares asking for them before each batch.
final class RunNumbers: Sendable {
    private let numbers = Mutex<[RunID: Int64]>([:])

    func value(_ run: RunID) -> Int64? { numbers.withLock { $0[run] } }

    func keep(_ number: Int64, of run: RunID) { numbers.withLock { $0[run] = number } }
}
