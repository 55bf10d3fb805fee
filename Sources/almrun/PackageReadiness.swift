import Documents
import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Solutions
import Stages

extension Workspace {
    /// Finds out whether a package may come into an environment now.
    ///
    /// - Parameters:
    ///   - rollback: The plan by which a lower version would take the place of a higher one; that of a run that is open is
    ///     known.
    ///   - files: The environments, where it is known which of their files are sound; all of them must be otherwise.
    ///   - roles: Who has which role, where that was read already.
    ///   - requester: Who would ask, where that is known.
    ///   - isNew: Of a run that is still to be made: what others wait for is no condition of it.
    func readiness(
        of package: KnownPackage, in name: String, finder: PackageFinder, rollback: Plan? = nil,
        among files: [EnvironmentFile]? = nil, roles: Roles? = nil, requester: String? = nil, isNew: Bool = false,
        now: Date
    ) async throws -> Readiness {
        let files = try files ?? environments(named: nil)
        guard let file = files.first(where: { $0.name == name }) else { throw unknownEnvironment(name) }
        // Of a place that cannot be reached nothing is known, which is not the same as nothing being there.
        for place in files where place.name == name || place.name == file.after {
            _ = try EnvironmentTargets.directory(place, root: root)
        }
        let store = try existingStore()
        var trail = try await informed(trail(of: package.digest, finder: finder))
        if isNew { trail = trail.withoutOpen }
        let rollback = rollback ?? trail.openRollback(in: name)?.plan
        let isRollback = rollback != nil
        let lock = try await store?.lock(named: Lock.environment(name))
        var facts = ReadinessFacts(
            package: package, environment: file, roles: try roles ?? planner.roles(),
            here: finder.environments[name] ?? EnvironmentState(key: ""),
            before: file.after.flatMap { finder.environments[$0] }, lock: lock, trail: trail,
            plan: try await deployment(of: package, to: file, among: files, isRollback: isRollback),
            isRollback: isRollback, now: now)
        facts.requester = requester
        facts.places = finder.environments
        for place in [name, file.after].compactMap(\.self) {
            guard let state = finder.environments[place] else { continue }
            facts.takenBack[place] = await rollbackText(of: package.digest, in: place, state, store)
        }
        let starters = isRollback ? [] : PipelineStarter.all(promotingTo: name, trail, in: self)
        for starter in starters {
            facts.pipelines.append(starter.pipeline)
            facts.arguments[starter.pipeline] = starter.arguments
            facts.placesBefore[starter.pipeline] = starter.plan.deployments(before: name).compactMap(\.environment)
            facts.shown[starter.pipeline] = evidenceStages(of: starter.plan, in: name)
        }
        // As a run judges it, which knows the environments of its plan.
        let binding = rollback.map { [$0] } ?? starters.map(\.plan).filter { $0.bindsByFile(of: name) }
        if let contents = package.contents {
            facts.unbound = binding.map { plan in
                faults(ofBinding: contents, to: file, among: Array(plan.environments.values))
            }.min { $0.count < $1.count }
        }
        for run in trail.open + [trail.ended(before: name)].compactMap({ $0 }) {
            if let store { facts.faults[run.run] = try await RunState.fault(of: run.run, in: store, objects: objects) }
            if try await store?.holder(of: run.run) != nil { facts.atWork.insert(run.run) }
            if try await store?.hasOutlivedSuccessors(of: run) == true { facts.outlived.insert(run.run) }
            facts.present[run.run] = await present(of: run, in: name)
        }
        return Readiness(facts)
    }

    /// What a plan has stages for, of the evidence that an environment asks for.
    private func evidenceStages(of plan: Plan, in name: String) -> Set<String> {
        var found: Set<String> = []
        for gate in plan.steps where gate.environment == name {
            guard case .gate(.evidence(let policy)) = gate.work else { continue }
            let stages = gate.needs.filter { $0.reason == .evidence }.compactMap { need in
                plan.steps.first { $0.id == need.step }
            }
            found.formUnion(
                policy.stages.filter { wanted in
                    stages.contains { step in
                        guard case .stage(let kind) = step.work else { return false }
                        return EvidencePolicy.matches(wanted, step: step.id, kind: kind)
                    }
                })
        }
        return found
    }

    /// The runs of a package.
    ///
    /// - Parameters:
    ///   - limit: How many of the newest runs are read, besides those at work when the package was deployed.
    ///   - openLimit: How many of those that have not ended.
    ///   - index: All runs, where somebody has read them already.
    func trail(
        of digest: String, finder: PackageFinder, limit: Int = 50, openLimit: Int = 100, index: RunIndex? = nil
    ) async throws -> PackageTrail {
        guard let store = try existingStore() else { return PackageTrail(digest: digest, runs: []) }
        return try await PackageTrail.find(
            digest, in: store, objects: objects, around: finder.times(of: digest), limit: limit, openLimit: openLimit,
            index: index, damaged: damage.warn)
    }

    /// The finder over the environments that can be reached from here.
    func packageFinder() async throws -> PackageFinder {
        try await PackageFinder(
            environments: try environments(named: nil), root: root, objects: objects, store: try existingStore())
    }

    /// What a deployment would do; nil where the package's file is gone, or the environment would refuse it.
    func deployment(
        of package: KnownPackage, to file: EnvironmentFile, among files: [EnvironmentFile], isRollback: Bool
    ) async throws -> DeploymentPlan? {
        guard let contents = package.contents else { return nil }
        let names = file.secretNames
        let known = secrets(names)
        // A value that is not here is compared as its reference: then it counts as changed, which is the safe side.
        let target = try EnvironmentTargets.directory(file, root: root, secrets: known)
        let blind = DirectoryEnvironment(path: target.path)
        let settings = bindings(of: contents, for: file, among: files)
        for place in [target, blind] {
            do {
                return try await place.plan(
                    contents, settings: settings, flows: FlowSettings(file),
                    options: DeploymentOptions(allowsDowngrade: isRollback))
            } catch let error as EnvironmentError where error.kind == .refused {
                return nil
            } catch let failure as StageFailure where failure.code.hasPrefix("secret/") {
                continue
            }
        }
        return nil
    }

    /// What `connections.rebind` would bind; where it would say no, what the environment's file says.
    private func bindings(
        of package: PackageContents, for file: EnvironmentFile, among files: [EnvironmentFile]
    ) -> EnvironmentSettings {
        guard let rebinding = try? rebind(package, to: file, among: files) else { return EnvironmentSettings(file) }
        return EnvironmentSettings(rebinding.settings)
    }

    /// Why a package cannot be bound in an environment, lower case; none when it can.
    private func faults(
        ofBinding package: PackageContents, to file: EnvironmentFile, among files: [EnvironmentFile]
    ) -> [String] {
        do {
            _ = try rebind(package, to: file, among: files)
            return []
        } catch let rejected as Rejected {
            return rejected.diagnostics.filter { $0.severity == .error }.map(\.message)
        } catch {
            return ["it cannot be told whether it can be bound: \(error)"]
        }
    }

    private func rebind(
        _ package: PackageContents, to file: EnvironmentFile, among files: [EnvironmentFile]
    ) throws -> Rebinding {
        try Rebinding.preflight(
            SolutionPackage(bytes: Array(package.bytes), file: "\(package.solution).zip").contents, for: file,
            among: files, root: root, unused: .warning)
    }
}
