public import struct Foundation.Date

/// A lock that is held, with what is known of its holder.
public struct HeldLock: Sendable, Hashable {
    public var lock: Lock
    /// How the holding run stands; nil when there is no such run.
    public var status: RunStatus?
    /// The process that works on the holding run; nil when none does.
    public var process: RunHold.Holder?
    /// Why the holding run cannot be read; nil where it can.
    public var damage: String?
    /// Whether the next run that asks gets this lease at once, as its process is gone.
    public var isLeft = false

    public init(lock: Lock, status: RunStatus?, process: RunHold.Holder?) {
        self.lock = lock
        self.status = status
        self.process = process
    }

    /// Whether the run gets the lock whose turn it is.
    public func hasRunOut(_ now: Date) -> Bool { lock.expires.map { $0 <= now } ?? false }

    /// Whether the run cannot be read and no process works on it: nobody gives the lock back then.
    public var isDamaged: Bool { process == nil && damage != nil }

    /// Whether nothing can come any more for which the lock is held: its run has ended, or there is no such run.
    public var isLeftOver: Bool { process == nil && (status?.isFinished ?? true) }
}
