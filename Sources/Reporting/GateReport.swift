import Documents
public import Engine
import OrderedCollections
public import Pipelines

public import struct Foundation.Date

/// What a person needs in order to decide at a gate.
public struct GateReport: Sendable {
    let state: RunState
    let step: Step
    let current: StepState
    let now: Date
    /// Why the run would not be taken up.
    let fault: String?
    /// The same as in the inbox.
    let brief: GateBrief?

    /// The step that the report is about.
    public var gate: StepID { step.id }

    /// The gate of a run as it stands at a time; nil when the plan has no such step.
    ///
    /// - Parameters:
    ///   - fault: Why the run would not be taken up.
    ///   - brief: What is known of the gate, where somebody knows more than the run says.
    public init?(
        _ state: RunState, step id: StepID, fault: String? = nil, brief: GateBrief? = nil, now: Date = Date()
    ) {
        guard let step = state.planned(id), let current = state[id] else { return nil }
        self.state = state
        self.step = step
        self.current = current
        self.now = now
        self.fault = fault
        self.brief = brief ?? GateBrief(state, gate: id, now: now)
    }

    /// Whether people may still say something there that counts.
    var isUndecided: Bool { current.status == .waiting || brief?.pendingBypass != nil }

    /// What speaks against a yes; of a gate that asks nobody, what a bypass of it would undo.
    var risks: [GateRisk] {
        (brief?.otherRisks ?? []).filter { isUndecided || $0.code == GateRisk.undone }
    }

    var preview: Preview? { step.guarding.flatMap { state.preview(for: $0) } }

    var policy: ApprovalPolicy? {
        if case .gate(.approval(let policy)) = step.work { policy } else { nil }
    }

    var standing: ApprovalStanding? {
        current.status == .waiting || current.status == .succeeded ? state.standing(of: step, now: now) : nil
    }

    /// The evidence that the gate itself, or one of the same stage, asks for.
    var evidence: EvidenceStanding? {
        guard let gate = evidenceGate, case .gate(.evidence(let policy)) = gate.work else { return nil }
        return EvidenceStanding(policy, step: gate, in: state, now: now)
    }

    private var evidenceGate: Step? {
        let guarded = step.guarding ?? step.id
        return state.plan.steps.first { other in
            guard other.id == step.id || other.guarding == guarded, case .gate(.evidence) = other.work else {
                return false
            }
            return true
        }
    }

    /// The decisions that count now.
    var counted: [Decision] {
        switch standing {
        case .open(let given, _)?, .approved(let given)?, .bypassed(let given)?: given
        case .rejected(let no)?: [no]
        case .expired?, nil: []
        }
    }

    /// Why a decision does not count; nil when it does, or did when the gate came to its end.
    func objection(to decision: Decision) -> String? {
        let isOver = current.status == .succeeded || current.status == .rejected
        return state.objection(to: decision, at: step, now: isOver ? current.ended ?? now : now)
    }

    public var text: String {
        var lines = ["\(step.id) of run \(state.run): \(current.status.rawValue)"]
        if let fault { lines.append("  NOT TAKEN UP: \(safeText(fault))") }
        if let end = state.expiry(of: step, now: now) {
            lines.append(
                "  EXPIRED \(Timestamp.text(of: end)): \(state.shortfall(at: step, now: now)); "
                    + state.wayToAskAnew(at: step))
        } else if let waits = state.waitText(of: step, now: now, saysEnd: false) {
            lines.append("  \(safeText(waits))")
        }
        lines += outcome.map { "  \(safeText($0))" }
        if let impasse = state.impasse(at: step, now: now) { lines.append("  \(safeText(impasse.line))") }
        lines += rows(brief?.failures)
        lines.append(
            line("requested by", state.requester + state.commits))
        for (name, value) in state.plan.inputs {
            lines.append(line("input", "\(name) = \(value.string ?? value.json())"))
        }
        if let environment = step.environment { lines.append(line("environment", environment)) }
        if let preview {
            if let package = preview.package { lines.append(line("package", "sha256 \(package)")) }
            lines.append(line("plan", "\(preview.summary)\(preview.plan.map { " (\($0.prefix(12)))" } ?? "")"))
            lines += preview.changes.map { line("", $0) }
            if let target = preview.target { lines.append(line("target state", String(target.prefix(12)))) }
        }
        lines += rows(brief?.shown(details: .max))
        for result in brief?.results ?? [] {
            guard let report = result.report else { continue }
            lines.append(line("report", "\(result.step): .almrun/objects/sha256/\(report.prefix(2))/\(report)"))
        }
        if let policy { lines += rules(policy) }
        lines += asked
        lines += timed
        lines += rows(brief?.standing(evidence: true))
        lines += risks.map { line("risk", $0.text) }
        // What a gate asked for is of use also when it is over.
        if !isUndecided { lines += state.looseManifestNotes(at: step).map { line("files", $0) } }
        let isOver = state.expiry(of: step, now: now) != nil
        if settlement == nil, !isOver, current.status == .waiting || current.status == .failed,
            let who = state.whoMayBypass(step)
        {
            lines.append(line("bypass", who))
        }
        if let policy, let instructions = policy.instructions {
            lines.append(line("instructions", "") + InstructionText.of(instructions, indent: 14))
        }
        lines += decisions
        lines += results
        return lines.joined(separator: "\n")
    }

    /// Why the gate was not opened.
    private var outcome: [String] {
        switch current.reason {
        case .rejected(let why)?: [why]
        case .failed(let failure)?: ["\(failure.message) [\(failure.code)]"]
        default: []
        }
    }

    /// That another gate of the same stage waits for a time, and who may bypass it.
    private var timed: [String] {
        guard let (gate, _, until) = state.waitsForTime(before: step, now: now) else { return [] }
        let wait = line("waits for", "'\(gate.id)', until \(Timestamp.text(of: until))")
        guard state.bypassOfTime(at: gate) != nil, let who = state.whoMayBypass(gate) else { return [wait] }
        return [wait + ": `\(state.bypassCommand(at: gate))`, by \(who)"]
    }

    private func rows(_ rows: [(String, String)]?) -> [String] { (rows ?? []).map { line($0.0, $0.1) } }

    /// What has been decided and was not acted on yet.
    private var settlement: Settlement? { state.settlement(of: step, now: now) }

    /// One line: what people wrote makes none of its own.
    private func line(_ label: String, _ text: String) -> String {
        label + String(repeating: " ", count: max(1, 14 - label.count)) + safeText(text)
    }

    /// Who decides, until when, and what makes it void.
    private func rules(_ policy: ApprovalPolicy) -> [String] {
        let people = state.deciders(at: step).map(\.email)
        let who = people.isEmpty ? "nobody may decide" : people.joined(separator: ", ")
        var lines = [line("who", "\(policy.count) of \(policy.role): \(who)")]
        if !policy.distinctFrom.isEmpty {
            lines.append(line("not", policy.distinctFrom.map(\.phrase).joined(separator: " and ")))
        }
        lines += state.peopleLeftOut(at: step).map { why, people in
            line("left out", "\(people.joined(separator: " and ")), who \(why.phrase)")
        }
        if policy.signed == .required {
            lines.append(line("signed", "only what is signed counts: `almrun approve ... --sign KEY`"))
        }
        if policy.voidOn != ApprovalPolicy.Part.allCases {
            lines.append(
                line("void when", "the \(policy.voidOn.map(\.rawValue).joined(separator: " or the ")) changes"))
        }
        guard current.status == .waiting else { return lines }
        if case .open(_, let missing)? = standing {
            let left = people.filter { email in
                !counted.contains { $0.person.lowercased() == email.lowercased() }
            }.joined(separator: ", ")
            lines.append(
                line("still needed", "\(missing) of: \(left.isEmpty ? "nobody who is left may decide" : left)"))
            if let end = state.deadline(of: step) {
                let left = DurationText.of(end.timeIntervalSince(now))
                lines.append(
                    line("open until", "\(Timestamp.text(of: end)), in \(left); what is given before that counts"))
            }
        }
        return lines
    }

    /// The evidence that is asked for, with its age.
    private var asked: [String] {
        guard let evidence, let gate = evidenceGate else { return [] }
        var lines = evidence.items.map { item in
            let age = item.made.map { " (\(DurationText.of(now.timeIntervalSince($0))) ago)" } ?? ""
            return line("asked for", "\(item.name): \(item.verdict.rawValue): \(item.message)\(age)")
        }
        if let people = state[gate.id]?.output?["bypassedBy"]?.string {
            lines.append(line("", "BYPASSED by \(people)"))
        }
        return lines
    }

    private var decisions: [String] {
        let bypasses = state.bypasses(at: step)
        var lines: [String] = []
        if current.status != .succeeded, !current.voided.isEmpty {
            lines.append(line("asked anew", current.voided.joined(separator: ", ")))
        }
        for decision in current.decisions {
            let signed = decision.standing.fingerprint.map { ", signed with \($0)" } ?? ""
            let comment = decision.comment.map { ": \($0)" } ?? ""
            let void = objection(to: decision).map { " (does not count: \($0))" } ?? ""
            let time = Timestamp.text(of: decision.time)
            lines.append(
                line("decided", "\(decision.verdict.rawValue) by \(decision.person) \(time)\(signed)\(comment)\(void)"))
        }
        if current.status != .succeeded, state.expiry(of: step, now: now) == nil, !bypasses.isEmpty,
            bypasses.count < state.bypassPolicy(at: step).count
        {
            let people = bypasses.map(\.person).joined(separator: " and ")
            lines.append(line("", "beside \(people), one more person must bypass it"))
        }
        if settlement == nil, brief?.pendingBypass == nil, !bypasses.isEmpty,
            let overtaking = state.overtaking(of: step)
        {
            let wayOn = state.wayOnWhenOvertaken(at: step)
            lines.append(line("", "\(overtaking): void when the run is taken up; \(wayOn)"))
        }
        return lines + recipe
    }

    /// How anybody checks the signatures without almrun.
    private var recipe: [String] {
        let records = SignedRecordFiles([self])
        let commands = records.commands(in: "signed")
        guard !commands.isEmpty else { return [] }
        return [line("check it", "almrun show \(state.run) --gate \(step.id) --record signed")]
            + commands.map { line("", $0) }
    }

    /// What the other stages that ended well before say for themselves.
    private var results: [String] {
        zip(state.plan.steps, state.steps).compactMap { other, result in
            guard case .stage(let kind) = other.work, GateBrief.word(for: kind) == nil, result.status.isGood,
                let output = result.output
            else { return nil }
            let headline = OutputHeadline.of(output)
            return headline.isEmpty ? nil : line("evidence", "\(other.id) (\(kind)): \(headline)")
        }
    }
}
