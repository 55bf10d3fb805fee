import Documents
import Pipelines

extension RunState {
    /// How gates of the run were opened for a package without what they asked for, one line each.
    public func bypassNotes(about package: String) -> [String] {
        zip(plan.steps, steps).compactMap { gate, known in
            let given = bypasses(thatOpened: gate).filter { $0.package == package }
            guard !given.isEmpty else { return nil }
            let people = given.map { "\($0.person)\($0.comment.map { " (\($0))" } ?? "")" }.joined(separator: " and ")
            let nos = known.decisions.filter { $0.verdict == .reject && !$0.isForged }.map { no in
                "; \(no.person) had said no\(no.comment.map { ": \($0)" } ?? "")"
            }
            return "'\(gate.id)' was bypassed for this package in run \(run) by \(people)\(nos.joined())"
        }
    }
}
