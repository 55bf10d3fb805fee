import Engine
import Synchronization

/// Says of each damaged run once that nothing in it can be counted, however often a command comes upon it.
final class DamageWarnings: Sendable {
    private let said = Mutex<Set<RunID>>([])

    /// Warns, unless that was done before.
    func warn(_ run: RunID, _ error: RunStoreError) {
        guard said.withLock({ $0.insert(run).inserted }) else { return }
        Console.warnOfDamage(run, error)
    }
}
