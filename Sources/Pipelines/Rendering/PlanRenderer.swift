import Documents
import OrderedCollections

/// Shows a plan to people: a line for each step, and why it is where it is.
public struct PlanRenderer: Sendable {
    /// One step as it is shown.
    public struct Line: Sendable, Hashable {
        public var step: StepID
        /// The stage's kind, or which gate it is.
        public var work: String
        public var environment: String?
        /// Why the step waits, may not run, may not run again, or stands there at all.
        public var reasons: [String]
        /// A gate is shown under the stage that it guards.
        public var isGate: Bool
        public var isFinally: Bool
    }

    public init() {}

    /// The steps in the order of the plan.
    public func lines(_ plan: Plan) -> [Line] {
        let ids = Set(plan.steps.map(\.id))
        var gates: [StepID: Int] = [:]
        for step in plan.steps {
            if let guarded = step.guarding { gates[guarded, default: 0] += 1 }
        }
        return plan.steps.map { step in
            Line(
                step: step.id, work: Self.work(step), environment: step.environment,
                reasons: reasons(step, gates: gates[step.id] ?? 0, ids), isGate: step.guarding != nil,
                isFinally: step.isFinally)
        }
    }

    /// The whole plan as text.
    public func text(_ plan: Plan) -> String {
        var rows: [String] = ["pipeline \(plan.pipeline)" + (plan.summary.map { ": \($0)" } ?? "")]
        for (name, value) in plan.inputs where !value.isNull {
            rows.append("  input \(name) = \(value.string ?? value.json())")
        }
        if let concurrency = plan.concurrency {
            rows.append("  group \(concurrency.group): a second run \(Self.words(concurrency.pending))")
        }
        rows.append("")
        let lines = lines(plan)
        let width = min(lines.map { $0.step.rawValue.count + ($0.isGate ? 2 : 0) }.max() ?? 0, 48)
        let workWidth = min(lines.map(\.work.count).max() ?? 0, 24)
        let numberWidth = String(lines.count).count
        var wasFinally = false
        for (index, line) in lines.enumerated() {
            if line.isFinally, !wasFinally { rows.append("finally") }
            wasFinally = line.isFinally
            let number = Self.padded(String(index + 1), numberWidth, left: true)
            let name = Self.padded((line.isGate ? "  " : "") + line.step.rawValue, width)
            let work = Self.padded(line.work, workWidth)
            let reasons = line.reasons.joined(separator: "; ")
            rows.append(Self.trimmed("\(number)  \(name)  \(work)  \(reasons)"))
        }
        let gateCount = lines.count { $0.isGate }
        rows.append("")
        rows.append(
            "\(Self.count(lines.count - gateCount, "stage")), \(Self.count(gateCount, "gate"))"
                + (plan.environments.isEmpty ? "" : ", environments \(plan.environments.keys.joined(separator: ", "))"))
        return rows.map { safeText($0) }.joined(separator: "\n") + "\n"
    }

    private func reasons(_ step: Step, gates: Int, _ ids: Set<StepID>) -> [String] {
        var reasons: [String] = []
        if let guarded = step.guarding {
            reasons.append(Self.gate(step) + " before '\(guarded)' (environments/\(step.environment ?? "?").yaml)")
            return reasons
        }
        if case .gate(.approval(let policy)) = step.work { reasons.append(Self.approval(policy)) }
        reasons += needs(step)
        if let condition = step.condition { reasons.append("when \(condition)") }
        if gates > 0 { reasons.append(gates == 1 ? "after its gate" : "after its \(gates) gates") }
        if let environment = step.environment {
            reasons.append(step.locksEnvironment ? "changes \(environment)" : "in \(environment)")
        }
        if step.effect == .none, case .stage = step.work { reasons.append("reused when its inputs are unchanged") }
        if let retry = step.retry, retry.attempts > 1 { reasons.append("up to \(retry.attempts) attempts") }
        if let timeout = step.timeout { reasons.append("at most \(DurationText.text(timeout))") }
        if let pool = step.pool { reasons.append("at most \(pool.width) of '\(pool.name)' at once") }
        return reasons
    }

    private func needs(_ step: Step) -> [String] {
        var declared: [String] = []
        var used: [String] = []
        for need in step.needs {
            switch need.reason {
            case .declared: if !declared.contains(need.step.rawValue) { declared.append(need.step.rawValue) }
            case .output(let name): used.append("\(need.step).\(name)")
            case .condition, .gate, .evidence: continue
            }
        }
        if declared.isEmpty, used.isEmpty {
            let looks = step.needs.contains { if case .condition = $0.reason { true } else { false } }
            return looks ? [] : [step.isFinally ? "after everything else" : "waits for nothing"]
        }
        var reasons: [String] = []
        if !declared.isEmpty { reasons.append("needs \(Self.few(declared))") }
        if !used.isEmpty { reasons.append("uses \(Self.few(used))") }
        return reasons
    }

    /// A stage's kind, or a gate's name.
    static func work(_ step: Step) -> String {
        switch step.work {
        case .stage(let kind): kind
        case .gate(.preview): "preview"
        case .gate(.eligible): "eligible"
        case .gate(.evidence): "evidence"
        case .gate(.approval): step.guarding == nil ? "approval.wait" : "approval"
        case .gate(.window): "window"
        }
    }

    /// What a gate asks for.
    static func gate(_ step: Step) -> String {
        guard case .gate(let gate) = step.work else { return "" }
        switch gate {
        case .preview: return "shows what would change"
        case .eligible(let after?, let soak) where soak > 0:
            return "the package is verified in '\(after)' and has lived there for \(DurationText.text(soak))"
        case .eligible(let after?, _): return "the package is verified in '\(after)'"
        case .eligible(nil, let soak): return "the package is \(DurationText.text(soak)) old"
        case .evidence(let policy):
            let names = Problems.list(policy.stages)
            let age = policy.age.map { " (at most \($0) ago)" } ?? ""
            return "the package has passed \(names)\(age)"
        case .approval(let policy): return approval(policy)
        case .window(let windows, let freezes):
            var parts = windows.isEmpty ? [] : ["open \(windows.map(\.description).joined(separator: " or "))"]
            parts += freezes.map { "frozen \($0.days): \($0.reason)" }
            return parts.joined(separator: ", ")
        }
    }

    private static func approval(_ policy: ApprovalPolicy) -> String {
        var text = policy.count == 1 ? "one '\(policy.role)' approves" : "\(policy.count) of '\(policy.role)' approve"
        if !policy.distinctFrom.isEmpty {
            text += ", not \(policy.distinctFrom.map(\.phrase).joined(separator: " or "))"
        }
        if policy.signed == .required { text += ", signed" }
        if let expires = policy.expires { text += ", within \(DurationText.text(expires))" }
        if policy.voidOn != ApprovalPolicy.Part.allCases {
            text += ", void when the \(policy.voidOn.map(\.rawValue).joined(separator: " or the ")) changes"
        }
        return text
    }

    private static func words(_ pending: Plan.Concurrency.Pending) -> String {
        switch pending {
        case .queue: "waits for the first"
        case .supersede: "takes the place of the one that waits"
        case .refuse: "is refused"
        }
    }

    private static func few(_ names: [String]) -> String {
        names.count <= 6
            ? names.joined(separator: ", ") : names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more"
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return left ? space + text : text + space
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension Condition: CustomStringConvertible {
    /// As in a manifest: `stages.diff.level is major and inputs.kind is a or b`.
    public var description: String {
        alternatives.map { entries in
            entries.map { entry in
                "\(entry.subject) is \(entry.expected.map { $0.string ?? $0.json() }.joined(separator: " or "))"
            }.joined(separator: " and ")
        }.joined(separator: ", or ")
    }
}
