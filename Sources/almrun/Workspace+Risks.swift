import Engine
import Environments
import Foundation
import Pipelines
import Reporting
import Stages

extension Workspace {
    /// What a person must know who decides at a gate, as the inbox and `show --gate` both say it.
    ///
    /// - Parameters:
    ///   - others: Other runs that wait for the same environment.
    ///   - rejections: What is known already of a no in other runs.
    ///   - open: What is known already of other runs that have not ended.
    ///   - viewer: E-mail of who looks, who is only told what their own word would undo; nil for everybody.
    func brief(
        of gate: StepID, in state: RunState, others: [OtherRun], store: any RunStore,
        rejections: EarlierRejections? = nil, open: OpenRuns? = nil, viewer: String? = nil, now: Date
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
        let files = state.otherFiles.map { [GateRisk("other-files", $0.line)] } ?? []
        let present = await asked(at: step, in: state, now)
        let refused = await (rejections ?? EarlierRejections(store)).risks(at: step, in: state)
        let back = await rollbacks(of: package, at: step.environment, in: store)
        let known = await (open ?? OpenRuns(store, objects: objects)).leavingOutApprovers(of: package)
        let losses = state.losses(at: step, besides: known, now: now).filter {
            viewer == nil || $0.person.lowercased() == viewer?.lowercased()
        }
        let undone = losses.map { GateRisk(GateRisk.undone, $0.warning(for: viewer, in: state.run)) }
        let looked = drift(at: step, in: state, present) + refused + back + undone
        let seen = step.guarding.map { guarded in state.facing(present.map { [guarded: $0] } ?? [:]) } ?? state
        return GateBrief(
            seen, gate: gate, now: now, others: others, earlier: earlier, objects: objects, risks: files + looked)
    }

    /// That a newer run makes a bypass needless at a gate at which the run has failed; none where nobody is asked for one.
    ///
    /// What cannot be read says nothing here.
    func needlessBypass(
        at gate: StepID, in state: RunState, store: any RunStore, now: Date
    ) async -> [GateRisk] {
        let found = try? await Inbox.overtaking(of: gate, in: state, from: store, objects: objects, now: now)
        return [found?.risk].compactMap(\.self)
    }

    /// What is known of the packages at gates that have been decided on and wait for somebody to take the run up.
    func risksOfDecided(in state: RunState, store: any RunStore, now: Date) async -> [StepID: [GateRisk]] {
        var found: [StepID: [GateRisk]] = [:]
        for (gate, _) in state.waits where state.settlement(of: gate, now: now)?.opens == true {
            let risks = await rollbacks(of: state.binding(of: gate).package, at: gate.environment, in: store)
            if !risks.isEmpty { found[gate.id] = risks }
        }
        return found
    }

    /// That the package was taken back where it is to go, or in an environment before that.
    ///
    /// What cannot be looked at says nothing here; the gates look for themselves.
    private func rollbacks(
        of package: String?, at environment: String?, in store: any RunStore
    ) async -> [GateRisk] {
        guard let package else { return [] }
        var risks: [GateRisk] = []
        var seen: Set<String> = []
        var next = environment
        while let name = next, seen.insert(name).inserted, let file = try? environments(named: name).first {
            next = file.after
            guard let there = try? await EnvironmentTargets.directory(file, root: root).state(),
                let text = await rollbackText(of: package, in: name, there, store)
            else { continue }
            risks.append(GateRisk("rolled-back", text))
        }
        return risks
    }

    /// That a package was taken back from an environment, when, by whom and why; nil where it was not.
    func rollbackText(
        of package: String, in name: String, _ state: EnvironmentState, _ store: (any RunStore)?
    ) async -> String? {
        guard let back = state.rollback(of: package) else { return nil }
        let reason = await rollbackRun(of: back.token, at: back.at, in: store)?.plan.rollbackReason
        return back.rollbackText(in: name) + (reason.map { ": \($0)" } ?? "")
    }

    /// The run by which a package was taken back; nil where it cannot be read, or is gone.
    func rollbackRun(of token: OperationToken, at: Date, in store: (any RunStore)?) async -> RunState? {
        let runs = try? await store?.runs(matching: RunFilter(pipeline: RollbackPlan.pipeline))
        // Times in the ledger are rounded.
        let near = (runs ?? []).filter {
            $0.created <= at.addingTimeInterval(1) && at <= $0.updated.addingTimeInterval(1)
        }
        for summary in near {
            guard let store, let run = try? await RunState.loadUndamaged(summary.run, from: store, { _, _ in }),
                run.plan.isRollback, run.steps.contains(where: { $0.token == token.rawValue })
            else { continue }
            return run
        }
        return nil
    }

    /// What the stage behind a gate would do now at which people may say something; nil for another gate.
    private func asked(at gate: Step, in state: RunState, _ now: Date) async -> PresentPreview? {
        guard let guarded = gate.guarding,
            state.gatesInQuestion(isDecided: false, now: now).contains(where: { $0.id == gate.id })
        else { return nil }
        return await present(of: guarded, in: state)
    }

    /// That what a gate asks about is another thing now.
    private func drift(at step: Step, in state: RunState, _ present: PresentPreview?) -> [GateRisk] {
        let changes = state.drift(at: step, to: present).joined(separator: ", ")
        let seen = step.guarding.map { guarded in state.facing(present.map { [guarded: $0] } ?? [:]) } ?? state
        switch present {
        case .unknown(let failure)? where failure.code.hasPrefix("object/"):
            let text = "it cannot be deployed as it is: \(failure.message); `almrun doctor` first"
            return [GateRisk("package-unreadable", text)]
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
                ? seen.wayOnWhenOvertaken(at: step)
                : "the gate is not bound to that, so that an approval counts all the same, for this: \(preview.summary)"
            return [GateRisk("changed-since", "this is not what would happen now: \(changes); \(after)")]
        case nil, .known?, .unknown?:
            return seen.unreadableTarget(at: step).map { [GateRisk("target-unreadable", $0)] } ?? []
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
