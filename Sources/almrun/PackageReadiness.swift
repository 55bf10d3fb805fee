import Documents
import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Solutions
import Stages

extension Workspace {
    /// Finds out by what it is judged whether a package may come into an environment.
    ///
    /// - Parameters:
    ///   - rollback: The plan by which a lower version would take the place of a higher one; that of a run that is open is
    ///     known.
    ///   - files: The environments.
    ///   - roles: Who has which role, where that was read already.
    ///   - requester: Who would ask, where that is known.
    ///   - isNew: Of a run that is still to be made: what others wait for is no condition of it.
    ///   - begun: That run as it would begin, where that is known.
    func readinessFacts(
        of package: KnownPackage, in name: String, finder: PackageFinder, rollback: Plan?,
        among files: [EnvironmentFile], roles: Roles?, requester: String?, isNew: Bool,
        begun: RunState? = nil, now: Date
    ) async throws -> ReadinessFacts {
        guard let file = files.first(where: { $0.name == name }) else { throw unknownEnvironment(name) }
        // Of a place that cannot be reached nothing is known, which is not the same as nothing being there.
        for place in files where place.name == name || place.name == file.after {
            _ = try EnvironmentTargets.directory(place, root: root)
        }
        let store = try existingStore()
        var trail = try await informed(trail(of: package.digest, finder: finder))
        let beside = isNew ? trail.open.filter { $0.brings(package.digest, to: name) } : []
        if isNew { trail = trail.withoutOpen }
        let bypassable = isNew ? nil : await bypassable(trail, to: name, now: now)
        let back = bypassable.flatMap { $0.plan.isRollback ? $0.plan : nil }
        let rollback = rollback ?? trail.openRollback(in: name)?.plan ?? back
        let isRollback = rollback != nil
        let lock = try await store.map { LockRegister(store: $0) }?.held(named: Lock.environment(name))
        var facts = ReadinessFacts(
            package: package, environment: file, roles: try roles ?? planner.roles(),
            here: finder.environments[name] ?? EnvironmentState(key: ""),
            before: file.after.flatMap { finder.environments[$0] }, lock: lock, trail: trail,
            isRollback: isRollback, now: now)
        facts.requester = requester
        facts.beside = beside
        facts.begun = begun
        if let lock, let process = lock.process, process.isStopped { facts.stopped[lock.lock.run] = process }
        // What a promotion waits for that has failed is said of the one that ended last.
        if back != nil || !trail.open.isEmpty { facts.bypassable = bypassable }
        facts.places = finder.environments
        for place in [name, file.after].compactMap(\.self) {
            guard let state = finder.environments[place] else { continue }
            facts.takenBack[place] = await rollbackText(of: package.digest, in: place, state, store)
        }
        let starters =
            isRollback ? [] : PipelineStarter.all(promotingTo: name, trail, version: package.version, in: self)
        let isRebound = isRollback || starters.isEmpty || starters.contains { $0.plan.rebinds(for: name) }
        facts.plan = try await deployment(
            of: package, to: file, among: files, isRollback: isRollback, isRebound: isRebound)
        for starter in starters {
            facts.pipelines.append(starter.pipeline)
            facts.arguments[starter.pipeline] = starter.arguments
            if let concurrency = starter.concurrency {
                facts.rivals[starter.pipeline] = try await rivals(ofNew: concurrency, &facts.stopped)
            }
            facts.learnWay(of: starter.plan)
            facts.otherContent[starter.pipeline] = otherContent(by: starter, than: package, trail)
            facts.makersOfAnother[starter.pipeline] = try await makerOfAnother(by: starter, than: package, trail)
            // What has changed since makes another package, or is refused.
            if !isNew, facts.otherContent[starter.pipeline] == nil {
                facts.underWay[starter.pipeline] = try await runsUnderWay(as: starter.plan, to: name, now: now)
            }
        }
        for place in facts.placesBefore.values.joined() { if let error = finder.leftOut[place] { throw error } }
        try await learnStopped(before: file, among: files, into: &facts)
        let ended = trail.ended(before: name)
        let kept = trail.resumable(to: name).filter { $0.run != ended?.run && $0.isDecided }.prefix(5)
        let runs = trail.open + [ended].compactMap(\.self) + kept + facts.underWay.values.joined()
        if let contents = package.contents {
            learnBindings(of: contents, to: file, by: starters, rollback, runs, into: &facts)
        }
        try await look(at: runs, bringing: name, into: &facts)
        if facts.asksForNewRun, let starter = starters.first(where: { $0.pipeline == facts.starters.first }) {
            facts.begun = await self.begun(by: starter, bringing: package, as: facts.plan, to: name, now: now)
        }
        return facts
    }

    /// Finds out which environments that come before one are held by a process that is stopped.
    private func learnStopped(
        before file: EnvironmentFile, among files: [EnvironmentFile], into facts: inout ReadinessFacts
    ) async throws {
        guard let store = try existingStore() else { return }
        var seen: Set<String> = [file.name]
        var next = file.after
        while let place = next, seen.insert(place).inserted {
            next = files.first { $0.name == place }?.after
            guard let lock = try await LockRegister(store: store).held(named: Lock.environment(place)),
                let process = lock.process, process.isStopped
            else { continue }
            facts.heldBefore[place] = lock
            facts.stopped[lock.lock.run] = process
        }
    }

    /// Finds out what keeps runs from bringing a package to an environment, and what they would do there now.
    private func look(at runs: [RunState], bringing name: String, into facts: inout ReadinessFacts) async throws {
        let store = try existingStore()
        for run in runs {
            if let store { facts.faults[run.run] = try await RunState.fault(of: run.run, in: store, objects: objects) }
            if let process = try await store?.holder(of: run.run) {
                facts.atWork.insert(run.run)
                if process.isStopped { facts.stopped[run.run] = process }
            }
            if let holder = run.queue?.holder, let process = try await store?.holder(of: holder), process.isStopped {
                facts.stopped[holder] = process
            }
            if try await store?.hasOutlivedSuccessors(of: run) == true { facts.outlived.insert(run.run) }
            facts.present[run.run] = await present(of: run, in: name)
            facts.groupHolders[run.run] = try await groupHolder(besides: run, &facts.stopped)
        }
    }

    /// Finds out why a package cannot be bound in an environment by a rollback, by new runs, and by those that there are.
    private func learnBindings(
        of contents: PackageContents, to file: EnvironmentFile, by starters: [PipelineStarter], _ rollback: Plan?,
        _ runs: [RunState], into facts: inout ReadinessFacts
    ) {
        // As a run judges it, which knows the environments of its plan.
        facts.unbound = rollback.map { faults(ofBinding: contents, to: file, among: Array($0.environments.values)) }
        for starter in starters {
            let found = faults(ofBinding: contents, by: starter.plan, to: file.name)
            if !found.isEmpty { facts.unboundBy[starter.pipeline] = found }
        }
        for run in runs {
            let found = faults(ofBinding: contents, by: run.plan, to: file.name) { step in
                let status = run[step.id]?.status
                return status?.isGood == false && status != .skipped
                    && (run.binding(of: step).package ?? run.package(of: step)) == facts.package.digest
            }
            if !found.isEmpty { facts.unboundIn[run.run] = found.values.flatMap(\.self) }
        }
        guard facts.unbound != nil || !facts.unboundBy.isEmpty else { return }
        // As a deployment takes them: by name, whatever its letter case, and not what the package has no use for.
        let names = Set(
            (contents.connectionReferences.map(\.logicalName) + contents.variables.map(\.schemaName)).map {
                $0.lowercased()
            })
        facts.missingSecrets = MissingSecret.all(
            boundBy: file, root: root, known: secrets(file.secretNames)
        ) { names.contains($0.lowercased()) }
    }

    /// The newest run that has failed before it brought a package here, where it failed only at gates which people have opened
    /// since, and nothing has changed that they are about; then the newest rollback that one more person opens; otherwise the
    /// newest of all, where only a bypass opens its gates.
    private func bypassable(_ trail: PackageTrail, to name: String, now: Date) async -> RunState? {
        var half: RunState?
        for run in trail.resumable(to: name).filter(\.isDecided).prefix(5)
        where !run.failedGatesToBypass(now: now).isEmpty {
            let seen = run.facing(await present(of: run, in: name))
            let gates = seen.failedGatesToBypass(now: now)
            if !gates.isEmpty, gates.count == seen.bypassedFailures.count { return seen }
            // Beside one that nobody has begun to open: what was said in it would be said in vain.
            guard half == nil, run.plan.isRollback,
                gates.contains(where: { seen.pendingBypass(of: $0.id, now: now) != nil })
            else { continue }
            half = seen
        }
        if let half { return half }
        guard let run = trail.ended(before: name), run.status == .failed else { return nil }
        let seen = run.facing(await present(of: run, in: name))
        return seen.failedGatesToBypass(now: now).isEmpty ? nil : seen
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
    ///
    /// - Parameter name: Where a package is to go, so that environments that are not on the way there need not be readable; nil
    ///   where all must be.
    func packageFinder(toward name: String? = nil) async throws -> PackageFinder {
        let files = try environments(named: nil)
        var needed: Set<String> = []
        var next = name
        while let place = next, needed.insert(place).inserted { next = files.first { $0.name == place }?.after }
        return try await PackageFinder(
            environments: files, root: root, objects: objects, store: try existingStore(),
            needed: name == nil ? nil : needed)
    }

    /// What a deployment would do, with what `connections.rebind` binds or with what the file says alone; nil where the package's file is gone, or the environment would refuse it.
    func deployment(
        of package: KnownPackage, to file: EnvironmentFile, among files: [EnvironmentFile], isRollback: Bool,
        isRebound: Bool = true
    ) async throws -> DeploymentPlan? {
        guard let contents = package.contents else { return nil }
        let names = file.secretNames
        let own = secrets(names)
        let known = (try? file.secrets(beside: own, root: root)) ?? own
        // A value that is not here is compared as its reference: then it counts as changed, which is the safe side.
        let target = try EnvironmentTargets.directory(file, root: root, secrets: known)
        let blind = DirectoryEnvironment(path: target.path)
        let settings = isRebound ? bindings(of: contents, for: file, among: files) : EnvironmentSettings(file)
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

    /// Why a package cannot be bound by a plan, by the environments to which that deploys before it comes to one, and that.
    ///
    /// - Parameter isMeant: Whether a deployment counts.
    private func faults(
        ofBinding package: PackageContents, by plan: Plan, to name: String,
        where isMeant: (Step) -> Bool = { _ in true }
    ) -> OrderedDictionary<String, [String]> {
        let last = plan.steps.filter { $0.locksEnvironment && $0.environment == name }
        let files = Array(plan.environments.values)
        var found: OrderedDictionary<String, [String]> = [:]
        for place in (plan.deployments(before: name) + last).filter(isMeant).compactMap(\.environment)
        where found[place] == nil && plan.bindsByFile(of: place) {
            guard let file = plan.environments[place] else { continue }
            found[place] = faults(ofBinding: package, to: file, among: files)
        }
        return found
    }

    private func rebind(
        _ package: PackageContents, to file: EnvironmentFile, among files: [EnvironmentFile]
    ) throws -> Rebinding {
        try Rebinding.preflight(
            SolutionPackage(bytes: Array(package.bytes), file: "\(package.solution).zip").contents, for: file,
            among: files, root: root, unused: .warning, secrets: secrets(file.secretNames))
    }
}

extension RunState {
    /// Whether people have said something in it.
    fileprivate var isDecided: Bool { steps.contains { !$0.decisions.isEmpty } }
}
