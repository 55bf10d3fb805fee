import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Stages

extension Workspace {
    /// Finds out whether a package may come into an environment now: by the files of the run that is named as the way on, by
    /// a rollback where that is the shortest way, otherwise by the files that are here.
    ///
    /// - Parameters:
    ///   - rollback: The plan by which a lower version would take the place of a higher one; that of a run that is open is
    ///     known.
    ///   - files: The environments, where it is known which of their files are sound; all of them must be otherwise.
    ///   - roles: Who has which role, where that was read already.
    ///   - requester: Who would ask, where that is known.
    ///   - isNew: Of a run that is still to be made: what others wait for is no condition of it.
    ///   - begun: That run as it would begin, where that is known.
    func readiness(
        of package: KnownPackage, in name: String, finder: PackageFinder, rollback: Plan? = nil,
        among files: [EnvironmentFile]? = nil, roles: Roles? = nil, requester: String? = nil, isNew: Bool = false,
        begun: RunState? = nil, now: Date
    ) async throws -> Readiness {
        var readiness = try await judged(
            of: package, in: name, finder: finder, rollback: rollback, among: files, roles: roles, requester: requester,
            isNew: isNew, begun: begun, now: now)
        guard let way = await namedRollback(in: readiness) else { return readiness }
        let begun = begun ?? way.begun
        if let begun, begun.plan.steps.contains(where: { !begun.leftOut(at: $0).isEmpty }) {
            // Whom its gates leave out only the run itself can say.
            readiness = try await judged(
                of: package, in: name, finder: finder, rollback: rollback, among: files, roles: roles,
                requester: requester, isNew: isNew, begun: begun, now: now)
        }
        let stops = way.stops(of: begun, now: now).map(\.text)
        if !stops.isEmpty {
            readiness.notes.append(
                "as a rollback to \(way.choice.target.version), \(stops.joined(separator: "; then "))")
        }
        return readiness
    }

    /// The rollback that is named as the only way on; nil where none is.
    private func namedRollback(in readiness: Readiness) async -> RollbackPreparation? {
        guard let solution = readiness.package.solution, let version = readiness.package.version,
            readiness.commands == [RollbackChoice.command(readiness.environment, to: version, solution: solution)]
        else { return nil }
        return try? await RollbackPreparation(
            readiness.environment, solution: solution, version: version, reason: nil, in: self)
    }

    private func judged(
        of package: KnownPackage, in name: String, finder: PackageFinder, rollback: Plan?,
        among files: [EnvironmentFile]?,
        roles: Roles?, requester: String?, isNew: Bool, begun: RunState?, now: Date
    ) async throws -> Readiness {
        let files = try files ?? environments(named: nil)
        let facts = try await readinessFacts(
            of: package, in: name, finder: finder, rollback: rollback, among: files, roles: roles,
            requester: requester, isNew: isNew, begun: begun, now: now)
        if !facts.isRollback, facts.isRoundabout, let back = try await back(facts, finder, begun, among: files) {
            return back
        }
        guard let run = facts.wayOn, let kept = run.plan.environments[name],
            kept != facts.environment || run.plan.roles != facts.roles
        else { return Readiness(facts) }
        let keptFiles = Array(run.plan.environments.values)
        // What is installed where the run goes, and not where the file leads by now.
        let isElsewhere = keptFiles.contains { old in files.contains { $0.name == old.name && $0.target != old.target }
        }
        let finder =
            isElsewhere
            ? try await PackageFinder(environments: keptFiles, root: root, objects: objects, store: try existingStore())
            : finder
        let own = try await readinessFacts(
            of: package, in: name, finder: finder, rollback: rollback, among: keptFiles,
            roles: run.plan.roles, requester: requester, isNew: isNew, now: now)
        // Where its own files say that it comes here no more, a new run is the way.
        guard own.wayOn?.run == run.run else { return Readiness(facts) }
        var readiness = Readiness(own)
        readiness.notes += [facts.note(beside: own)].compactMap(\.self)
        return readiness
    }

    /// The same by a rollback to a package that was verified there; nil where no rollback takes it there without a bypass.
    private func back(
        _ facts: ReadinessFacts, _ finder: PackageFinder, _ begun: RunState?, among files: [EnvironmentFile]
    ) async throws -> Readiness? {
        let (package, name) = (facts.package, facts.environment.name)
        guard !facts.isHere, !facts.isOlder, let command = facts.rollback, let contents = package.contents,
            let installed = facts.here.solutions[contents.solution]
        else { return nil }
        let reference = PackageReference(
            digest: package.digest, solution: contents.solution, version: contents.version,
            managed: contents.isManaged, size: contents.bytes.count)
        let plan = try? planner.plan(
            RollbackPlan(environment: name, package: reference, from: installed.version))
        guard let plan else { return nil }
        var readiness = Readiness(
            try await readinessFacts(
                of: package, in: name, finder: finder, rollback: plan, among: files, roles: facts.roles,
                requester: facts.requester, isNew: true, begun: begun, now: facts.now))
        // What neither time nor an approval opens for the run that would be made.
        let isRefused = readiness.conditions.contains { condition in
            switch condition.standing {
            case .met: false
            case .never: true
            case .unmet:
                [.after, .evidence, .bindings].contains(condition.kind)
                    || (condition.kind == .soak && condition.notBefore == nil)
            }
        }
        guard !isRefused else { return nil }
        readiness.commands = [command]
        readiness.notes.append(
            "it was verified in '\(name)' before: a rollback brings it back through the gates of '\(name)' alone")
        return readiness
    }
}
