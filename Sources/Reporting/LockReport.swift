public import Documents
public import Engine

public import struct Foundation.Date

/// The locks that are held, for people and machines.
public struct LockReport: Sendable {
    private let locks: [HeldLock]
    private let unreadable: [UnreadableLock]
    private let now: Date

    public init(_ locks: [HeldLock], unreadable: [UnreadableLock] = [], now: Date) {
        self.locks = locks
        self.unreadable = unreadable
        self.now = now
    }

    /// Each lock with who has it, since when, until when, and what can be done.
    public var text: String { locks.map(text).joined(separator: "\n") }

    private func text(_ held: HeldLock) -> String {
        let lock = held.lock
        let step = lock.step.isEmpty ? "" : ", step \(lock.step)"
        let since = DurationText.of(now.timeIntervalSince(lock.since))
        return [
            lock.name,
            "  held by  run \(lock.run)\(step) (\(held.status?.rawValue ?? "there is no such run"))",
            "  since    \(Timestamp.text(of: lock.since)) (\(since)), fence \(lock.fence)",
            "  until    \(until(held))",
            "  process  \(Self.process(held.process))\(held.damage == nil ? "" : Self.advice(held))",
        ].map { safeText($0) }.joined(separator: "\n")
    }

    private func until(_ held: HeldLock) -> String {
        guard let expires = held.lock.expires else { return "it is released" }
        let text = Timestamp.text(of: expires)
        if held.hasRunOut(now) { return "\(text): it has run out, and the run whose turn it is gets it" }
        guard held.process == nil else { return "\(text), unless it is renewed" }
        guard !held.isLeft else { return "\(text), or until another run asks: its process is gone" }
        return "\(text): any other run waits until then, unless the lock is taken away"
    }

    /// The process that works on the holding run, in words.
    public static func process(_ process: RunHold.Holder?) -> String {
        guard let process else { return "none works on that run" }
        if let obstacle = process.obstacle { return "whether one works on that run cannot be told: \(obstacle)" }
        return "\(process.process) on \(process.host) works on that run since \(Timestamp.text(of: process.since))"
            + (process.isStopped ? ", and is stopped: `kill -CONT \(process.process)` lets it go on" : "")
    }

    /// That the process which works on a run is stopped, and how it goes on, or that nobody knows whether one does; nil
    /// where it is at work.
    public static func stop(_ process: RunHold.Holder?) -> String? {
        if let obstacle = process?.obstacle {
            return "whether its process lives cannot be told: \(obstacle); whoever started the run can look"
        }
        guard let process, process.isStopped else { return nil }
        return "process \(process.process) on \(process.host), which works on the run, is stopped: nothing goes on "
            + "until `kill -CONT \(process.process)`"
    }

    /// That the run which comes first at a lock that nobody has is stopped, and how it goes on; nil where it is not.
    public static func stop(_ process: RunHold.Holder?, before run: RunID) -> String? {
        guard let process, process.isStopped else { return nil }
        return "run \(run), which comes first, has process \(process.process) on \(process.host) since "
            + "\(Timestamp.text(of: process.since)), which is stopped: `kill -CONT \(process.process)` lets it go on; a run "
            + "that is at work passes it after a while"
    }

    /// What a person can do about a run that has a lock and that no process works on; empty where one does and the run can be
    /// read.
    public static func advice(_ held: HeldLock) -> String {
        let run = held.lock.run
        guard held.damage == nil else {
            let said = "; that run cannot be read: `almrun verify \(run)` says what was changed"
            let way = "`\(Lock.forcedRelease(of: held.lock.name))` takes the lock away"
            return held.isDamaged ? "\(said), \(way)" : said
        }
        guard held.process == nil, let status = held.status else { return "" }
        switch status {
        case .running: return "; its process is gone: `almrun resume \(run)` takes it up"
        case .waiting: return "; it waits: `almrun show \(run)` says for what"
        case .succeeded, .failed, .rejected, .cancelled: return ""
        }
    }

    /// What gives a run up that cannot be read, and that no process works on.
    ///
    /// - Parameter locks: The names of those that it has.
    public static func removal(damaged run: RunID, locks: [String]) -> String {
        let releases = Lock.inTheWay(locks).map { "`\(Lock.forcedRelease(of: $0))`" }
        let way =
            switch releases.count {
            case 0: ""
            case 1: "\(releases[0]) takes the lock away, then "
            default: "\(releases.joined(separator: " and ")) take its locks away, then "
            }
        return "\(way)`\(run.removal)` gives it up"
    }

    /// What ends the work on a run that cannot be read, behind what is said of it; empty where no process has locks for it, or it
    /// is stopped.
    public static func endOfWork(_ process: RunHold.Holder?, _ locks: [String]) -> String {
        guard let process, process.obstacle == nil, !process.isStopped, let lock = Lock.inTheWay(locks).first else {
            return ""
        }
        return "; `kill \(process.process)` on \(process.host) ends its process, with what it runs; "
            + "`\(Lock.forcedRelease(of: lock))` takes the lock away and stops what works under it"
    }

    /// Every lock with what is known of its holder.
    public var value: Value {
        [
            "locks": .list(locks.map(value)),
            "unreadable": .list(
                unreadable.map { ["name": $0.name.map { .string($0) } ?? .null, "reason": .string($0.reason)] }),
        ]
    }

    private func value(_ held: HeldLock) -> Value {
        let lock = held.lock
        return [
            "name": .string(lock.name), "run": .string(lock.run.rawValue),
            "status": held.status.map { .string($0.rawValue) } ?? .null,
            "step": lock.step.isEmpty ? .null : .string(lock.step), "fence": .integer(lock.fence),
            "since": .string(Timestamp.text(of: lock.since)),
            "expires": lock.expires.map { .string(Timestamp.text(of: $0)) } ?? .null,
            "hasRunOut": .boolean(held.hasRunOut(now)), "process": Self.value(held.process),
            "damage": held.damage.map { .string($0) } ?? .null,
        ]
    }

    /// The process that works on the holding run; null when none does.
    public static func value(_ process: RunHold.Holder?) -> Value {
        guard let process else { return .null }
        return [
            "process": .integer(process.process), "host": .string(process.host),
            "since": .string(Timestamp.text(of: process.since)), "stopped": .boolean(process.isStopped),
            "obstacle": process.obstacle.map { .string($0) } ?? .null,
        ]
    }
}
