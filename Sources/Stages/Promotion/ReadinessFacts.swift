public import Engine
public import Environments
public import Foundation
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
    public var lock: Lock?
    public var trail: PackageTrail
    /// What a deployment would do, where the package's file is there.
    public var plan: DeploymentPlan?
    /// A lower version may replace a higher one.
    public var isRollback: Bool
    /// The pipelines that promote to the environment.
    public var pipelines: [String]
    /// What stands after the name of each on the command line, with a blank before it.
    public var arguments: [String: String] = [:]
    /// What each of these pipelines has stages for, of the evidence that the environment asks for; nil for one of which
    /// that is not known.
    public var shown: [String: Set<String>]
    /// Why the environment's file cannot bind the package; nil where no stage takes its bindings from there.
    public var unbound: [String]?
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
    /// E-mail of who would ask, where that is known.
    public var requester: String?
    /// The open runs that a process works on.
    public var atWork: Set<RunID> = []
    /// The runs that were superseded, and of which no run is left that has taken their place.
    public var outlived: Set<RunID> = []

    public init(
        package: KnownPackage, environment: EnvironmentFile, roles: Roles = Roles(), here: EnvironmentState,
        before: EnvironmentState? = nil, lock: Lock? = nil, trail: PackageTrail, plan: DeploymentPlan? = nil,
        isRollback: Bool = false, pipelines: [String] = [], shown: [String: Set<String>] = [:],
        faults: [RunID: String] = [:], present: [RunID: [StepID: PresentPreview]] = [:], now: Date
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
        self.shown = shown
        self.faults = faults
        self.present = present
        self.now = now
    }

    /// The runs of the package that have not ended and can be taken up.
    var open: [RunState] { trail.open.filter { faults[$0.run] == nil } }
}

extension PackageTrail {
    /// The open run that brings the package back to an environment.
    public func openRollback(in environment: String) -> RunState? {
        open.first { run in
            guard run.plan.pipeline == RollbackPlan.pipeline else { return false }
            return run.plan.steps.contains { step in
                step.environment == environment && step.locksEnvironment && run[step.id]?.status.isSettled == false
                    && run.binding(of: step).package == digest
            }
        }
    }
}
