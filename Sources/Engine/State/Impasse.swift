public import Pipelines

public import struct Foundation.Date

/// A gate at which too few people are left who may approve.
public struct Impasse: Sendable, Hashable {
    /// Lower case, no full stop.
    public var text: String
    /// What goes on all the same.
    public var command: String
    /// Who may use the command, or what has to be another way first.
    public var condition: String

    /// What is so, and what goes on all the same, in one line.
    public var line: String { "\(text): `\(command)`, \(condition)" }
}

extension RunState {
    /// That a gate waits for people of whom there are too few; nil where enough may still approve.
    public func impasse(at gate: Step, now: Date) -> Impasse? {
        guard let question = openQuestion(gate.id, now: now), question.may.count < question.missing else { return nil }
        let others = question.leftOut.map { ", not \($0.person), who \($0.why.phrase)" }.joined()
        let text =
            question.may.isEmpty
            ? "nobody is left who may approve\(others)"
            : "\(question.missing) more must approve, and only \(question.may.joined(separator: ", ")) may\(others)"
        let sign = gate.wantsSignature ? " --sign ~/.ssh/id_ed25519" : ""
        let bypass = "almrun bypass \(run) \(gate.id) --reason \"...\"\(sign)"
        if let pending = pendingBypass(of: gate.id), !pending.may.isEmpty {
            return Impasse(
                text: text, command: bypass,
                condition: "by one more of '\(pending.role)': \(pending.may.joined(separator: ", "))")
        }
        if let who = whoMayBypass(gate) { return Impasse(text: text, command: bypass, condition: "by \(who)") }
        let isDoubted = question.leftOut.contains { if case .approversUnknown = $0.why { true } else { false } }
        if isDoubted {
            return Impasse(
                text: text, command: "almrun doctor",
                condition: "which says what is to be mended, put back or given up; nobody may bypass the gate")
        }
        return Impasse(
            text: text, command: plan.startCommand,
            condition: "a new run, once environments/roles.yaml names others; nobody may bypass the gate")
    }
}
