import Pipelines

public import struct Foundation.Date

/// That somebody opened a gate of an environment for a package, in an earlier run.
public struct EarlierApproval: Sendable, Hashable, Codable {
    /// E-mail of the person.
    public var person: String
    public var environment: String
    /// Digest of the package.
    public var package: String
    public var run: RunID
    public var time: Date

    public init(person: String, environment: String, package: String, run: RunID, time: Date) {
        self.person = person
        self.environment = environment
        self.package = package
        self.run = run
        self.time = time
    }
}

extension RunState {
    /// Who opened gates of the run, and of the earlier runs that it knows of, for a package or for any; a later run can
    /// be made with it.
    public func approvals(about package: String? = nil) -> [EarlierApproval] {
        var found: [EarlierApproval] = []
        for (step, known) in zip(plan.steps, steps) {
            guard let environment = step.environment, case .gate = step.work else { continue }
            for decision in known.decisions where decision.verdict != .reject && !decision.isForged {
                guard let about = decision.package, package == nil || about == package else { continue }
                found.append(
                    EarlierApproval(
                        person: decision.person, environment: environment, package: about, run: run,
                        time: decision.time))
            }
        }
        return found + people.approvals.filter { package == nil || $0.package == package }
    }
}
