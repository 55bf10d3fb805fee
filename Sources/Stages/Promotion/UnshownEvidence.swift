public import Engine
public import OrderedCollections
public import Pipelines

/// What a new run of a pipeline would not show, of what is asked for on the way to an environment.
public struct UnshownEvidence: Sendable, Hashable {
    /// As in the files of the environments.
    public var names: OrderedSet<String>
    /// By name: the stage that would show it, where the pipeline connects none with the package.
    public var unconnected: [String: PlannedEvidence.Unconnected]
    /// By name: the run of the same files and inputs that has not shown it, though it has a stage for it.
    public var failed: [String: RunID]

    /// By name: the first environment on the way that asks for it.
    public var askers: [String: String] = [:]

    public init(
        names: OrderedSet<String> = [], unconnected: [String: PlannedEvidence.Unconnected] = [:],
        failed: [String: RunID] = [:]
    ) {
        self.names = names
        self.unconnected = unconnected
        self.failed = failed
    }
}
