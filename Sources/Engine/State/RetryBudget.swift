public import Pipelines

/// How often a step may be tried, how often it was, and what follows from its last failure.
public struct RetryBudget: Sendable, Hashable {
    /// How many attempts began since the step was last taken up anew.
    public var tries: Int
    /// How many there may be.
    public var of: Int
    /// Which failures are tried again, and how long is waited.
    private let policy: RetryPolicy

    /// The budget of a step after so many tries; nil where nothing is ever tried again.
    public init?(_ policy: RetryPolicy?, tries: Int) {
        guard let policy, policy.attempts > 1 else { return nil }
        self.tries = tries
        of = policy.attempts
        self.policy = policy
    }

    /// The budget of a step as it stands; nil where nothing is ever tried again.
    public init?(_ step: Step, _ known: StepState) { self.init(step.retry, tries: known.tries) }

    /// Such as `attempt 2 of 3`, of the attempt that is under way or was the last.
    public var current: String { "attempt \(max(1, tries)) of \(max(of, tries))" }

    /// Such as `attempt 3 of 3`, of the attempt that comes next.
    public var next: String { "attempt \(tries + 1) of \(max(of, tries + 1))" }

    /// What comes next, and when: an attempt, or only a look where the last one may have had its effect.
    ///
    /// - Parameter time: Such as `in 4.0 s`.
    public static func next(_ budget: RetryBudget?, _ time: String, looksFirst: Bool) -> String {
        guard looksFirst else { return "\(budget?.next ?? "again") \(time)" }
        let look = "looks \(time) whether the last attempt took effect"
        guard let budget else { return look }
        return budget.tries < budget.of ? "\(look), \(budget.next) only where it did not" : "\(budget.used), \(look)"
    }

    /// Such as `3 of 3 attempts used`.
    public var used: String { "\(tries) of \(max(of, tries)) attempts used" }

    /// Whether another attempt follows a failure.
    public func goesOn(after failure: StageFailure) -> Bool {
        policy.retries(failure.kind) && tries < of && policy.waits(afterWish: failure.retryAfter)
    }

    /// Why a failure was the last one.
    public func ending(_ failure: StageFailure) -> String {
        guard policy.retries(failure.kind) else {
            let kinds = policy.on == .any ? "'transient' and 'broken' failures are" : "'transient' failures are"
            return "not tried again: only \(kinds), and this one is '\(failure.kind.rawValue)'"
        }
        guard tries < of else { return used }
        if let wish = failure.retryAfter, !policy.waits(afterWish: wish) {
            return "\(used); not tried again: the service asks for \(DurationText.text(wish)), and no more than "
                + "\(DurationText.text(policy.longestWait)) is waited"
        }
        return "\(used); not tried again, because the run was cancelled"
    }
}

extension RetryPolicy {
    /// Whether failures of a kind are tried again, as far as attempts are left.
    func retries(_ kind: StageFailure.Kind) -> Bool {
        switch kind {
        case .transient: true
        case .broken: on == .any
        case .rejected, .stale: false
        }
    }

    /// Seconds that are waited at most when a service asks for a time: nobody waits for days, and holds up others meanwhile.
    var longestWait: Double { max(longest, 3600) }

    /// Whether another attempt is made that a service wants to come so many seconds later.
    func waits(afterWish seconds: Double?) -> Bool { seconds ?? 0 <= longestWait }
}
