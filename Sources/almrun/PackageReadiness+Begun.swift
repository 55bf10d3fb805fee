import Documents
import Engine
import Environments
import Foundation
import Pipelines
import Stages

extension Workspace {
    /// The run that a pipeline would make now for who asks here, as its gates before an environment would find it when they
    /// ask; nil where nobody knows who asks, or git does not say who wrote what is released.
    ///
    /// - Parameter deployment: What it would do there.
    func begun(
        by starter: PipelineStarter, bringing package: KnownPackage, as deployment: DeploymentPlan?, to name: String,
        now: Date
    ) async -> RunState? {
        guard var request = try? await request(for: starter.plan) else { return nil }
        if starter.plan.packageMakers.isEmpty {
            guard let makers = try? await makers(ofGiven: [package.digest], to: starter.plan) else { return nil }
            request.people.add(makers: makers)
        }
        let creation = RunCreation(
            run: "RUN", plan: starter.plan, requester: request.requester, people: request.people,
            commit: request.commit)
        let event = RunEvent(sequence: 1, time: now, previous: "", kind: .created(creation))
        guard var state = try? RunState(LedgerLine(event)) else { return nil }
        // Whom a gate leaves out hangs on the package, and on whether it is the first one there.
        let preview = Preview(
            package: package.digest, summary: deployment?.summary ?? "",
            details: deployment.flatMap { try? ValueEncoder().encode($0) } ?? .null)
        for gate in starter.plan.steps where gate.environment == name && gate.work == .gate(.preview) {
            guard let output = try? ValueEncoder().encode(preview) else { continue }
            _ = try? state.add(
                .ended(gate.id, attempt: 0, .succeeded(output: output, object: nil, inputDigest: nil)), now: now)
        }
        guard let store = try? existingStore() else { return state }
        return (try? await informed(state, in: store)) ?? state
    }
}
