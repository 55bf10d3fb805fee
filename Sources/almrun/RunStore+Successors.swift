import Engine
import Pipelines

extension RunStore {
    /// Whether a run was superseded, and no newer run is left for which it would wait.
    func hasOutlivedSuccessors(of state: RunState) async throws -> Bool {
        guard var newer = state.cancelRequest?.newerRun else { return false }
        guard try await successor(of: state) == nil else { return false }
        // The one that took its place may have been superseded in its turn.
        var seen: Set<RunID> = [state.run]
        while seen.insert(newer).inserted {
            guard let summary = try await runs(matching: RunFilter(run: newer, limit: 1)).first else { return true }
            guard summary.status.isFinished else { return false }
            guard summary.status == .cancelled,
                let next = try await RunState.loadUndamaged(newer, from: self, { _, _ in })?.cancelRequest?.newerRun
            else { return true }
            newer = next
        }
        return true
    }
}
