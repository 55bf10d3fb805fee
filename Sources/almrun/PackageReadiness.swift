import Documents
import Engine
import Environments
import Foundation
import Pipelines
import Solutions
import Stages

extension Workspace {
    /// Finds out whether a package may come into an environment now.
    ///
    /// - Parameter isRollback: Whether a lower version may take the place of a higher one.
    func readiness(
        of package: KnownPackage, in name: String, finder: PackageFinder, isRollback: Bool = false, now: Date
    ) async throws -> Readiness {
        let file = try environments(named: name)[0]
        // Of a place that cannot be reached nothing is known, which is not the same as nothing being there.
        for place in try environments(named: nil) where place.name == name || place.name == file.after {
            _ = try EnvironmentTargets.directory(place, root: root)
        }
        let store = try existingStore()
        let trail = try await trail(of: package.digest, finder: finder)
        let isRollback = isRollback || trail.openRollback(in: name) != nil
        let lock = try await store?.locks().first { $0.name == Lock.environment(name) }
        let facts = ReadinessFacts(
            package: package, environment: file, roles: try planner.roles(),
            here: finder.environments[name] ?? EnvironmentState(key: ""),
            before: file.after.flatMap { finder.environments[$0] }, lock: lock, trail: trail,
            plan: try await deployment(of: package, to: file, isRollback: isRollback), isRollback: isRollback,
            pipelines: isRollback ? [] : pipelines(promotingTo: name), now: now)
        return Readiness(facts)
    }

    /// The runs of a package.
    ///
    /// - Parameters:
    ///   - limit: How many of the newest runs are read, besides those at work when the package was deployed.
    ///   - openLimit: How many of those that have not ended.
    func trail(
        of digest: String, finder: PackageFinder, limit: Int = 50, openLimit: Int = 100
    ) async throws -> PackageTrail {
        guard let store = try existingStore() else { return PackageTrail(digest: digest, runs: []) }
        return try await PackageTrail.find(
            digest, in: store, objects: objects, around: finder.times(of: digest), limit: limit, openLimit: openLimit,
            damaged: Console.warnOfDamage)
    }

    /// The finder over the environments that can be reached from here.
    func packageFinder() async throws -> PackageFinder {
        try await PackageFinder(
            environments: try environments(named: nil), root: root, objects: objects, store: try existingStore())
    }

    /// What a deployment would do; nil where the package's file is gone, or the environment would refuse it.
    func deployment(
        of package: KnownPackage, to file: EnvironmentFile, isRollback: Bool
    ) async throws -> DeploymentPlan? {
        guard let contents = package.contents else { return nil }
        let names = file.secretNames
        let known = secrets(names)
        // A value that is not here is compared as its reference: then it counts as changed, which is the safe side.
        let target = try EnvironmentTargets.directory(file, root: root, secrets: known)
        let blind = DirectoryEnvironment(path: target.path)
        let settings = try bindings(of: contents, for: file)
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
    private func bindings(of package: PackageContents, for file: EnvironmentFile) throws -> EnvironmentSettings {
        let others = try environments(named: nil).filter { $0.name != file.name }
        let rebinding = try? Rebinding.preflight(
            SolutionPackage(bytes: Array(package.bytes), file: "\(package.solution).zip").contents,
            bindings: EnvironmentBindings(file, root: root),
            others: others.map { EnvironmentBindings($0, root: root) }, unused: .warning)
        guard let rebinding else { return EnvironmentSettings(file) }
        return EnvironmentSettings(rebinding.settings)
    }

    /// The pipelines that promote to an environment, as far as their files are sound.
    private func pipelines(promotingTo name: String) -> [String] {
        let planner = planner
        return planner.pipelineNames.filter { pipeline in
            // A pipeline that cannot be read is `almrun check`'s to report.
            guard let plan = try? planner.outline(of: pipeline) else { return false }
            return plan.steps.contains { $0.environment == name && $0.locksEnvironment }
        }
    }
}
