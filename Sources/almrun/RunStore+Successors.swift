import Engine
import Pipelines

extension RunStore {
    /// Whether a run was superseded, and no newer run of its group is left for which it would wait.
    func hasOutlivedSuccessors(of state: RunState) async throws -> Bool {
        guard state.cancelRequest?.newerRun != nil, let group = state.plan.concurrency?.group else { return false }
        let open = try await runs(matching: RunFilter(statuses: [.running, .waiting], group: group))
        return !open.contains { $0.run != state.run && $0.created >= state.created }
    }
}
