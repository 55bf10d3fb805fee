import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Stages

extension Workspace {
    /// The same as ``readiness(of:in:finder:rollback:among:roles:requester:isNew:now:)`` where the files that are here have
    /// errors: of a run that has not ended and keeps its own; nil where there is none.
    func readinessUnderWay(of name: PackageName, in place: String, now: Date) async throws -> Readiness? {
        guard let store = try existingStore() else { return nil }
        let open = try await store.runs(matching: RunFilter(statuses: [.running, .waiting], limit: 50))
        for summary in open {
            let read = try await RunState.loadUndamaged(summary.run, from: store, objects: objects, damage.warn)
            guard let run = read, run.plan.environments[place] != nil else { continue }
            let files = Array(run.plan.environments.values)
            // A package that these environments and runs do not know is not what this run brings.
            guard
                let finder = try? await PackageFinder(
                    environments: files, root: root, objects: objects, store: store),
                let package = try? await finder.find(name), run.brings(package.digest, to: place)
            else { continue }
            let facts = try await readinessFacts(
                of: package, in: place, finder: finder, rollback: nil, among: files, roles: run.plan.roles,
                requester: nil, isNew: false, now: now)
            guard facts.wayOn?.run == run.run else { continue }
            var readiness = Readiness(facts)
            readiness.notes.append(
                "the files that are here have errors, and no new run begins; run \(run.run) keeps those with which it began"
            )
            return readiness
        }
        return nil
    }

    /// The runs that have not ended, were begun as a new one by a plan would be, and have not come to the package that they bring to
    /// an environment; those first that were begun first, whose turn is the next.
    ///
    /// They make what a new one makes where they were begun at the same commit, and only there are they taken up.
    func runsUnderWay(
        as plan: Plan, to name: String, now: Date
    ) async throws -> [RunState] {
        guard let store = try existingStore() else { return [] }
        var found: [RunState] = []
        let open = RunFilter(statuses: [.running, .waiting], pipeline: plan.pipeline, limit: 50)
        let head = headCommit
        for summary in try await store.runs(matching: open).reversed() {
            let read = try await RunState.loadUndamaged(summary.run, from: store, objects: objects, damage.warn)
            guard let run = read, run.plan.isMadeAs(plan), run.commit == head, run.bringsUnknown(to: name, now: now),
                try await RunState.fault(of: run.run, in: store, objects: objects) == nil
            else { continue }
            found.append(try await informed(run, in: store).facing(try await store.locks()))
        }
        return found
    }
}
