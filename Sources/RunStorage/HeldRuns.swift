import Engine
import Synchronization

/// The runs that this process works on through one store, with the files that it has locked for them.
final class HeldRuns: Sendable {
    /// Who drops the hold lets the run go.
    private struct File {
        weak var file: OnceReleased?
    }

    private let files = Mutex<[RunID: File]>([:])

    /// Keeps a run until it is let go.
    func keep(_ run: RunID, _ file: OnceReleased) -> RunHold {
        files.withLock { $0[run] = File(file: file) }
        return RunHold { [self] in
            files.withLock { if $0[run]?.file === file { $0[run] = nil } }
            file.release()
        }
    }

    /// Refuses to go on with a run whose lock file was removed or replaced: another process may have taken the run up. One
    /// that cannot be looked at is said to be so.
    func check(_ run: RunID) throws(RunStoreError) {
        guard let file = files.withLock({ $0[run]?.file }), !(try file.isInPlace) else { return }
        throw .unavailable(
            "the lock of run '\(run)' was removed or replaced while this process works on it, so that another one may work on "
                + "it too: nothing more is done here; `almrun resume \(run)` looks what has happened")
    }
}
