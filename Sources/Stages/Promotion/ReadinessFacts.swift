public import Engine
public import Environments
public import Foundation
public import OrderedCollections
public import Pipelines

/// Everything that the conditions for one package in one environment are judged by, as it was found at one time.
public struct ReadinessFacts: Sendable {
    public var package: KnownPackage
    public var environment: EnvironmentFile
    public var roles: Roles
    /// What the environment holds.
    public var here: EnvironmentState
    /// What the environment before it holds.
    public var before: EnvironmentState?
    /// Who works in the environment.
    public var lock: HeldLock?
    /// Who works in environments before it, by name, where that process is stopped.
    public var heldBefore: [String: HeldLock] = [:]
    /// The processes that are stopped, by run of which something is waited for here.
    public var stopped: [RunID: RunHold.Holder] = [:]
    public var trail: PackageTrail
    /// What a deployment would do, where the package's file is there.
    public var plan: DeploymentPlan?
    /// A lower version may replace a higher one.
    public var isRollback: Bool
    /// The pipelines that promote to the environment.
    public var pipelines: [String]
    /// What stands after the name of each on the command line, with a blank before it.
    public var arguments: [String: String] = [:]
    /// By pipeline: what a new run of it would not show, of what is asked for on the way here; nil for one of which that is not
    /// known.
    public var unshown: [String: UnshownEvidence] = [:]
    /// Why the environment's file cannot bind the package, where one plan alone is asked; nil where no stage takes its bindings
    /// from there.
    public var unbound: [String]?
    /// The same by pipeline, and by the environment to which that deploys: here, or before it comes here.
    public var unboundBy: [String: OrderedDictionary<String, [String]>] = [:]
    /// The same by run, with the files that the run keeps.
    public var unboundIn: [RunID: [String]] = [:]
    /// What keeps the secrets that it binds from being put in by this process; none where no stage binds from there.
    public var missingSecrets: [MissingSecret] = []
    /// Why open runs would not be taken up.
    public var faults: [RunID: String]
    /// What stages of open runs would do here now, as far as that can be told.
    public var present: [RunID: [StepID: PresentPreview]]
    public var now: Date
    /// By environment in which it was: that the package was taken back from there, when, by whom and why.
    public var takenBack: [String: String] = [:]
    /// What every environment holds that can be looked at, by name.
    public var places: [String: EnvironmentState] = [:]
    /// The environments to which each pipeline deploys before it comes here, in its order.
    public var placesBefore: [String: [String]] = [:]
    /// The other runs of the group of each pipeline that have not ended.
    public var rivals: [String: [GroupRival]] = [:]
    /// By pipeline: the runs that have not ended, were begun as a new one of it would be now, and have not come to what they
    /// release; those first whose turn comes first.
    public var underWay: [String: [RunState]] = [:]
    /// By run that may be taken up: the other run that has its group.
    public var groupHolders: [RunID: GroupRival] = [:]
    /// By pipeline: why a new run of it may make another package than this one; nothing where it would not.
    public var otherContent: [String: String] = [:]
    /// By pipeline: the run that is as a new one would be, and has made another content of the package's version.
    public var makersOfAnother: [String: RunID] = [:]
    /// E-mail of who would ask, where that is known.
    public var requester: String?
    /// The open runs that a process works on.
    public var atWork: Set<RunID> = []
    /// The runs that were superseded, and of which no run is left that has taken their place.
    public var outlived: Set<RunID> = []
    /// Of a run that is still to be made: the others that have not ended and come here with the package too.
    public var beside: [RunState] = []
    /// The run that is still to be made, as it would begin, where that is known.
    public var begun: RunState?
    /// The newest run that has failed only at gates which people have opened since, or that only a bypass opens.
    public var bypassable: RunState?

    public init(
        package: KnownPackage, environment: EnvironmentFile, roles: Roles = Roles(), here: EnvironmentState,
        before: EnvironmentState? = nil, lock: HeldLock? = nil, trail: PackageTrail, plan: DeploymentPlan? = nil,
        isRollback: Bool = false, pipelines: [String] = [], faults: [RunID: String] = [:],
        present: [RunID: [StepID: PresentPreview]] = [:], now: Date
    ) {
        self.package = package
        self.environment = environment
        self.roles = roles
        self.here = here
        self.before = before
        self.lock = lock
        self.trail = trail
        self.plan = plan
        self.isRollback = isRollback
        self.pipelines = pipelines
        self.faults = faults
        self.present = present
        self.now = now
    }

    /// The runs of the package that can be taken up: those that have not ended, and the one that waits for a bypass or has
    /// it. The first are those that only have to be taken up, of these such as need not wait for a time either, then those
    /// that nothing but what they ask keeps back, of each the newest first.
    var open: [RunState] {
        let found = ([bypassable].compactMap(\.self) + trail.open).filter { faults[$0.run] == nil }
            .map { $0.facing(present[$0.run] ?? [:]) }
        guard found.count > 1 else { return found }
        var newestFirst = found.sorted { ($0.created, $0.run) > ($1.created, $1.run) }
        // Where people have begun to open one, another one that is begun would be in vain.
        newestFirst = newestFirst.filter(isBegun) + newestFirst.filter { !isBegun($0) }
        let ranks = newestFirst.map { run in
            if needsOnlyResume(run) { return waitsForTime(run) ? 1 : 0 }
            if isInVain(run) { return 5 }
            if !run.status.isFinished, !isComing(run) { return isTakenUpMeanwhile(run) ? 3 : 4 }
            return isHeldBack(run) ? 3 : 2
        }
        return (0...5).flatMap { rank in zip(newestFirst, ranks).filter { $0.1 == rank }.map(\.0) }
    }

    /// Whether people have approved or bypassed a gate here that waits for more of them.
    private func isBegun(_ run: RunState) -> Bool {
        guard !run.status.isFinished else { return false }
        return gates(of: run).contains { gate in
            run.pendingBypass(of: gate.id, now: now) != nil
                || run.openQuestion(gate.id, now: now)?.given.isEmpty == false
        }
    }

    /// Whether a run waits for more than what it asks: evidence has run out, a gate is not opened yet, or the plan changed.
    func isHeldBack(_ run: RunState) -> Bool {
        if run.status.isFinished {
            return run.failedGatesToBypass(now: now).contains {
                run.bypasses(at: $0).count < run.bypassPolicy(at: $0).count
            }
        }
        return deployments(of: run).first.map { run.lapsedEvidence(beside: $0, now: now) != nil } ?? false
    }

    /// The run that brings the package back here, nearest first.
    var openRollback: RunState? {
        open.first { run in
            run.plan.isRollback && run.brings(package.digest, to: environment.name)
        }
    }

    /// That other runs come here too with the package, and can be taken up; one line each.
    var otherRuns: [String] {
        let coming = open.filter { $0.brings(package.digest, to: environment.name) }.dropFirst()
        return coming.filter { refusals(in: $0).isEmpty }.map { run in
            "run \(run.run)\(run.plan.rollbackReason.map { " (\($0))" } ?? "") is to bring it here too, and is "
                + "\(run.status.rawValue): `almrun show \(run.run)`"
        }
    }
}

extension PackageTrail {
    /// The open run that brings the package back to an environment.
    public func openRollback(in environment: String) -> RunState? {
        open.first { run in
            guard run.plan.isRollback else { return false }
            return run.plan.steps.contains { step in
                step.environment == environment && step.locksEnvironment && run[step.id]?.status.isSettled == false
                    && run.binding(of: step).package == digest
            }
        }
    }
}
