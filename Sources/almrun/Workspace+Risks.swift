import Engine
import Environments
import Foundation
import Pipelines
import Reporting
import Stages

extension Workspace {
    /// What a person must know who decides at a gate, as the inbox and `show --gate` both say it.
    ///
    /// - Parameter others: Other runs that wait for the same environment.
    func brief(
        of gate: StepID, in state: RunState, others: [RunID], store: any RunStore, now: Date
    ) async -> GateBrief? {
        guard let step = state.planned(gate) else { return nil }
        let package = state.binding(of: step).package
        // Runs that are gone or damaged are named, without what they showed.
        var earlier: [RunState] = []
        for run in Set(state.evidence.filter({ $0.package == package }).map(\.run)).sorted(by: {
            $0.rawValue > $1.rawValue
        }) {
            if let found = try? await RunState.load(run, from: store, objects: objects) { earlier.append(found) }
        }
        return GateBrief(
            state, gate: gate, now: now, others: others, earlier: earlier, objects: objects,
            risks: await risks(of: package, at: gate, in: state))
    }

    /// What the environments say now of a package at a gate that its run does not know.
    ///
    /// What cannot be looked at says nothing here; the gates look for themselves.
    private func risks(of package: String?, at gate: StepID, in state: RunState) async -> [GateRisk] {
        let environment = state.planned(gate)?.environment
        return await drift(at: gate, in: state) + rollbacks(of: package, before: environment)
    }

    /// That the package was taken back where it has to be before.
    private func rollbacks(of package: String?, before environment: String?) async -> [GateRisk] {
        guard let package, let environment, let after = try? environments(named: environment).first?.after,
            let place = try? environments(named: after).first,
            let there = try? await EnvironmentTargets.directory(place, root: root).state(),
            let back = there.rollback(of: package)
        else { return [] }
        return [GateRisk("rolled-back", back.rollbackText(in: after))]
    }

    /// That what a waiting gate asks about is another thing now.
    private func drift(at gate: StepID, in state: RunState) async -> [GateRisk] {
        guard let step = state.planned(gate), let guarded = step.guarding, state[gate]?.status == .waiting else {
            return []
        }
        let present = await present(of: guarded, in: state)
        let changes = state.drift(at: step, to: present).joined(separator: ", ")
        switch present {
        case .unknown(let failure)? where failure.code.hasPrefix("object/"):
            return [GateRisk("package-unreadable", "it cannot be deployed as it is: \(failure.message)")]
        case .refused?:
            return [
                GateRisk(
                    "changed-since",
                    "this is not what would happen now: \(changes); `almrun resume \(state.run)` asks nobody then, and fails"
                )
            ]
        case .known(let preview)? where !changes.isEmpty:
            let after =
                state.isVoid(at: step, if: present)
                ? "`almrun resume \(state.run)` asks anew"
                : "the gate is not bound to that, so that an approval counts all the same, for this: \(preview.summary)"
            return [GateRisk("changed-since", "this is not what would happen now: \(changes); \(after)")]
        case nil, .known?, .unknown?: return []
        }
    }
}

extension RunState {
    /// Whether what people say at a gate is void by what would happen now.
    fileprivate func isVoid(at gate: Step, if present: PresentPreview?) -> Bool {
        var parts = ApprovalPolicy.Part.allCases
        if case .gate(.approval(let policy)) = gate.work, bypasses(at: gate).count < bypassPolicy(at: gate).count {
            parts = policy.voidOn
        }
        return !drift(at: gate, to: present, parts).isEmpty
    }
}
