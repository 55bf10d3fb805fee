/// Numbers that a runner goes by.
public struct RunnerSettings: Sendable {
    /// How many steps run at once.
    public var width = 8
    /// Whether results of earlier runs stand in for steps without effects.
    public var reuses = true
    /// Seconds for which a process waits when a time is all that is waited for.
    public var patience = 10.0
    /// Seconds for which a process waits until a failed step is tried again.
    public var retryPatience = 900.0
    /// Seconds after which a lock that nobody renews may be taken over.
    public var lease = 120.0
    /// Seconds for which a process waits for an environment that a run holds on which no process works: longer than a lease.
    public var lockPatience = 150.0
    /// Seconds for which a run whose turn it is may leave a lock alone that is free, before the next one goes.
    public var turnPatience = 30.0
    /// Seconds for which a process waits for a person's decision.
    public var personPatience = 0.0
    /// Seconds between looks for events that other processes wrote.
    public var poll = 1.0
    /// Seconds for which is looked what an attempt that was stopped has done, before that is left open.
    public var lookPatience = 10.0
    /// Seconds that each `finally` step has after a cancellation.
    public var cleanup = 300.0
    /// How often the gates of a step are asked again because what they approved has changed.
    public var rounds = 5
    /// Bytes of outputs above which they are kept as an object.
    public var inlineOutput = 4096

    public init() {}
}
