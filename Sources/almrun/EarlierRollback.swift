import Documents
import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Stages

/// A rollback in an environment that began before another one, and is not over.
struct EarlierRollback: Sendable {
    let run: RunState
    /// Whether it brings the same package back.
    let isSame: Bool
    /// How it stands and what takes it on, lower case, no full stop.
    let text: String

    /// Nil for one that is over, and for one that nobody's bypass opens.
    fileprivate init?(_ run: RunState, bringing digest: String, now: Date) {
        guard run.cancelRequest == nil else { return nil }
        self.run = run
        let package = run.plan.inputs["package"]?.string
        isSame = package == digest
        let version = run.plan.inputs["to"]?.string ?? "another version"
        let goal = isSame ? "to do the same" : "to go back to \(version)"
        let name = "run \(run.run)" + (run.plan.rollbackReason.map { " (\($0))" } ?? "")
        if run.status.isFinished {
            let gates = run.failedGatesToBypass(now: now)
            guard !gates.isEmpty else { return nil }
            let ways = gates.map { "'\($0.id)' " + Self.standing(of: $0, in: run, now) }
            text = "\(name), which failed, is \(goal): \(ways.joined(separator: "; ")); then `almrun resume \(run.run)`"
        } else {
            let verb = run.status == .waiting ? "waits" : "is at work"
            let asked = run.plan.steps.compactMap { gate -> String? in
                if let question = run.openQuestion(gate.id, now: now), !question.may.isEmpty {
                    return "`almrun approve \(run.run) \(gate.id)`, by \(question.may.joined(separator: ", "))"
                }
                guard let half = run.pendingBypass(of: gate.id, now: now) else { return nil }
                return "'\(gate.id)' \(half.text): `\(run.bypassCommand(at: gate))`"
            }
            text = (["\(name) \(verb) \(goal): `almrun show \(run.run)`"] + asked).joined(separator: "; ")
        }
    }

    /// How a failed gate is to be opened, or was.
    private static func standing(of gate: Step, in run: RunState, _ now: Date) -> String {
        guard let wanted = run.pendingBypass(of: gate.id, now: now) ?? run.wantedBypass(of: gate.id, now: now) else {
            return "is bypassed by \(run.bypasses(at: gate).map(\.person).joined(separator: " and "))"
        }
        let said = wanted.given.isEmpty ? "fails, and \(wanted.text)" : "is \(wanted.text)"
        return "\(said): `\(run.bypassCommand(at: gate))`"
    }
}

extension Workspace {
    /// The rollbacks in an environment that are not over, those to the same package first, of each the newest first.
    func earlierRollbacks(in environment: String, to digest: String, now: Date) async throws -> [EarlierRollback] {
        guard let store = try existingStore() else { return [] }
        let open = RunFilter(statuses: [.running, .waiting], pipeline: RollbackPlan.pipeline)
        // Of those that failed, which may stand in the list for ever, the newest of all environments.
        let failed = RunFilter(statuses: [.failed], pipeline: RollbackPlan.pipeline, limit: 100)
        let index = try await store.runs(matching: open) + store.runs(matching: failed)
        var found: [EarlierRollback] = []
        for summary in index.sorted(by: { ($0.created, $0.run) > ($1.created, $1.run) }) {
            let read = try await RunState.loadUndamaged(summary.run, from: store, objects: objects, damage.warn)
            guard let read, read.plan.isRollback, read.plan.inputs["environment"]?.string == environment,
                !read.status.isFinished || !read.failedGatesToBypass(now: now).isEmpty
            else { continue }
            let known = try await informed(read, in: store)
            let run = known.facing(await present(of: known, in: environment))
            if let one = EarlierRollback(run, bringing: digest, now: now) { found.append(one) }
        }
        return found.filter(\.isSame) + found.filter { !$0.isSame }
    }
}
