public import Documents
public import Engine
import OrderedCollections
public import Pipelines

/// What a person needs in order to decide at a gate.
public struct GateReport: Sendable {
    private let state: RunState
    private let step: Step
    private let current: StepState

    /// The gate of a run; nil when the plan has no such step.
    public init?(_ state: RunState, step id: StepID) {
        guard let step = state.planned(id), let current = state[id] else { return nil }
        self.state = state
        self.step = step
        self.current = current
    }

    private var preview: Preview? { step.guarding.flatMap { state.preview(for: $0) } }

    private var policy: ApprovalPolicy? {
        if case .gate(.approval(let policy)) = step.work { policy } else { nil }
    }

    public var text: String {
        var lines = ["\(step.id) of run \(state.run): \(current.status.rawValue)"]
        if let suspension = current.suspension { lines.append("  \(suspension.message)") }
        lines.append("requested by  \(state.requester)\(state.commit.map { ", commit \($0.prefix(12))" } ?? "")")
        for (name, value) in state.plan.inputs {
            lines.append("input         \(name) = \(value.string ?? value.json())")
        }
        if let environment = step.environment { lines.append("environment   \(environment)") }
        if let preview {
            if let package = preview.package { lines.append("package       sha256 \(package)") }
            lines.append("plan          \(preview.summary)\(preview.plan.map { " (\($0.prefix(12)))" } ?? "")")
            lines += preview.changes.map { "              \($0)" }
            if let target = preview.target { lines.append("target state  \(target.prefix(12))") }
        }
        if let policy {
            let people = state.plan.roles.members[policy.role] ?? []
            lines.append(
                "who           \(policy.count) of \(policy.role): \(people.map(\.email).joined(separator: ", "))")
            if !policy.distinctFrom.isEmpty {
                lines.append("not           the \(policy.distinctFrom.map(\.rawValue).joined(separator: " and the "))")
            }
            if let instructions = policy.instructions { lines.append("instructions  \(instructions)") }
        }
        for decision in current.decisions {
            let stale = decision.round == current.round ? "" : " (void: round \(decision.round))"
            let comment = decision.comment.map { ": \($0)" } ?? ""
            lines.append("decided       \(decision.verdict.rawValue) by \(decision.person)\(comment)\(stale)")
        }
        lines += evidence
        return lines.joined(separator: "\n")
    }

    /// What the stages that ended well before say for themselves.
    private var evidence: [String] {
        zip(state.plan.steps, state.steps).compactMap { other, result in
            guard case .stage(let kind) = other.work, result.status.isGood, let output = result.output else {
                return nil
            }
            let headline = OutputHeadline.of(output)
            return headline.isEmpty ? nil : "evidence      \(other.id) (\(kind)): \(headline)"
        }
    }

    public var value: Value {
        Value(members: [
            ("run", .string(state.run.rawValue)), ("gate", .string(step.id.rawValue)),
            ("status", .string(current.status.rawValue)), ("message", current.suspension.map { .string($0.message) }),
            ("requester", .string(state.requester)), ("environment", step.environment.map { .string($0) }),
            ("preview", preview.flatMap { try? ValueEncoder().encode($0) }),
            ("policy", policy.flatMap { try? ValueEncoder().encode($0) }),
            ("decisions", try? ValueEncoder().encode(current.decisions)),
        ])
    }
}
