import Documents
import Engine
public import Pipelines

public import struct Foundation.Date

/// What stands before a deployment besides the people who are asked, as it is now.
///
/// An approval alone brings nothing there: evidence grows old, and windows and freezes come after it.
public struct GateCondition: Sendable, Hashable {
    public var gate: StepID
    /// `after`, `evidence`, `approval` or `window`.
    public var kind: String
    public var isMet: Bool
    /// What is or is not as it should be, lower case, no full stop.
    private var matter = ""
    /// What follows for who decides.
    private(set) var consequence: String?
    /// Whether people have opened the gate without what it asks for.
    public var isBypassed = false
    /// Before which the deployment cannot begin.
    public var notBefore: Date?

    /// One sentence, lower case, no full stop.
    public var text: String { matter + (consequence.map { "; \($0)" } ?? "") }

    /// The same with when it can be met and at which gate.
    var line: String { line(text) }

    /// A sentence about it with when it can be met and at which gate.
    func line(_ text: String) -> String {
        "\(text)\(notBefore.map { "; not before \(Timestamp.text(of: $0))" } ?? "") (\(gate))"
    }

    private init(gate: StepID, kind: String) {
        (self.gate, self.kind, isMet) = (gate, kind, true)
    }

    /// For programs.
    var value: Value {
        Value(members: [
            ("gate", .string(gate.rawValue)), ("kind", .string(kind)), ("met", .boolean(isMet)),
            ("text", .string(text)),
            ("notBefore", notBefore.map { .string(Timestamp.text(of: $0)) }),
        ])
    }

    /// The conditions of the stage that a gate stands before, in the order of their gates.
    static func all(beside gate: Step, in state: RunState, now: Date) -> [GateCondition] {
        guard let guarded = gate.guarding else { return [] }
        let gates = state.plan.steps.filter { $0.guarding == guarded }
        var opening: Date?
        for case .gate(.window(let windows, let freezes)) in gates.map(\.work) {
            opening = WindowPolicy.nextOpening(windows, freezes, after: now)?.date
        }
        return gates.compactMap { other in
            guard case .gate(let work) = other.work else { return nil }
            var condition = GateCondition(gate: other.id, kind: "")
            switch work {
            case .preview: return nil
            case .approval:
                condition.kind = "approval"
                guard other.id != gate.id, condition.approval(other, in: state, until: opening, now) else { return nil }
            case .eligible(let after, let soak):
                condition.kind = "after"
                condition.eligible(other, after, soak, in: state)
            case .evidence(let policy):
                condition.kind = "evidence"
                let standing = EvidenceStanding(policy, step: other, in: state, now: now)
                let ways = state.lapsedEvidence(at: other, now: now)?.ways
                condition.evidence(standing, until: opening, consequence(of: gate, without: other, ways), now)
            case .window(let windows, let freezes):
                condition.kind = "window"
                condition.window(WindowPolicy.nextOpening(windows, freezes, after: now), windows)
                if case .gate(.approval(let policy)) = gate.work, let expires = policy.expires,
                    let date = condition.notBefore, date > now.addingTimeInterval(expires)
                {
                    condition.consequence = "an approval that is given now has run out by then"
                }
            }
            return condition.isMet ? condition : condition.bypassed(state.bypasses(at: other), other, in: state)
        }
    }

    private mutating func eligible(_ gate: Step, _ after: String?, _ soak: Double, in state: RunState) {
        let known = state[gate.id]
        isMet = known?.status.isGood == true
        let place = after.map { "verified in '\($0)'" } ?? "verified"
        matter =
            isMet
            ? place + (soak > 0 ? " for long enough" : "")
            : known?.suspension?.message ?? known?.failure?.message ?? "whether it is \(place) was not looked at yet"
        if case .until(let date)? = known?.suspension?.cause { notBefore = date }
    }

    /// That people have opened another gate for a time, or will not be asked there; false where there is nothing to say.
    private mutating func approval(_ other: Step, in state: RunState, until opening: Date?, _ now: Date) -> Bool {
        if let end = state.lapse(of: other) {
            let time = Timestamp.text(of: end)
            isMet = now <= end && opening.map { $0 <= max(end, now) } ?? true
            matter =
                isMet
                ? "'\(other.id)' approved, good until \(time)"
                : now > end
                    ? "the approval of '\(other.id)' has run out \(time)"
                    : "the approval of '\(other.id)' will have run out \(time), before changes are allowed"
            if !isMet { consequence = "asked again before the deployment, which no approval here brings about alone" }
            return true
        }
        guard let given = state.approvedAhead(other, now: now) else { return false }
        matter = "'\(other.id)' is approved already by \(given.map(\.person).joined(separator: " and "))"
        return true
    }

    /// What follows for who decides at a gate from evidence that is not good, with what helps.
    private static func consequence(of gate: Step, without other: Step, _ ways: String?) -> String? {
        // Who bypasses the gate itself opens it without.
        guard gate.id != other.id else { return ways }
        let what = if case .gate(.approval) = gate.work { "an approval" } else { "what is said here" }
        return "as it stands, \(what) comes to nothing" + (ways.map { "; \($0)" } ?? "")
    }

    private mutating func evidence(
        _ standing: EvidenceStanding, until opening: Date?, _ consequence: String?, _ now: Date
    ) {
        let unmet = standing.items.filter { $0.verdict != .good }
        guard unmet.isEmpty else {
            isMet = false
            matter = unmet.map(\.message).joined(separator: "; ")
            self.consequence = consequence
            return
        }
        let shown = standing.items.filter { $0.made != nil }
        guard !shown.isEmpty else {
            matter = standing.items.first?.message ?? matter
            return
        }
        let names = shown.map { "'\($0.name)'" }.joined(separator: ", ")
        matter = "\(names) shown" + (standing.expires.map { ", good until \(Timestamp.text(of: $0))" } ?? "")
        if let end = standing.expires, let opening, opening > max(end, now) {
            isMet = false
            matter = "\(names) will be too old from \(Timestamp.text(of: end)) on, before changes are allowed"
        }
    }

    private mutating func window(_ opening: WindowPolicy.Opening?, _ windows: [ChangeWindow]) {
        guard let opening else {
            isMet = false
            matter = "no window ever opens: \(windows.map(\.description).joined(separator: " and "))"
            return
        }
        isMet = opening.isOpen
        matter = opening.reason
        if !isMet { notBefore = opening.date }
    }

    /// As it stands once enough people have opened the gate without what it asks for.
    private func bypassed(_ people: [Decision], _ gate: Step, in state: RunState) -> GateCondition {
        guard !people.isEmpty, people.count >= state.bypassPolicy(at: gate).count else { return self }
        var condition = self
        condition.isMet = true
        condition.isBypassed = true
        let who = people.map { "\($0.person)\($0.comment.map { ": \($0)" } ?? "")" }
        // What would follow from it does not.
        condition.consequence = "bypassed by \(who.joined(separator: ", "))"
        condition.notBefore = nil
        return condition
    }
}
