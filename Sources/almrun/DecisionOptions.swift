import ArgumentParser
import Documents
import Engine
import Foundation
import Git
import Pipelines
import Reporting
import Signatures

/// The run and the gate that a decision is about, and the key to sign it with.
struct DecisionOptions: ParsableArguments {
    @Argument(help: "The run: its name, the beginning of it, or 'latest'.")
    var run: String

    @Argument(help: "The gate, or the stage it stands before.")
    var stage: String

    @Option(
        help: ArgumentHelp(
            "Sign the decision with this SSH key.",
            discussion:
                "A private key file; or a '.pub' file, or a private key with a passphrase, when ssh-agent holds the key.",
            valueName: "key"))
    var sign: String?

    @OptionGroup var common: CommonOptions

    /// Makes the decision as the person at the keyboard and says what follows from it.
    func decide(
        _ body: (Decisions, RunID, StepID, Decisions.Person, Decisions.Signing?) async throws -> RunState
    ) async throws {
        let workspace = try common.workspace()
        let opened = try await OpenedRun(run, in: workspace)
        let person = try workspace.person()
        let step = try opened.step(stage)
        let signer = try signer()
        let signing: Decisions.Signing? = signer.map { signer in
            { try signer.sign($0.bytes, namespace: ApprovalRecord.namespace).armored }
        }
        let decided = try await body(
            Decisions(
                store: opened.store, objects: workspace.objects, learning: workspace.learning(in: opened.store),
                foreseeing: { await workspace.present(of: $1, in: $0) }),
            opened.state.run, step,
            Decisions.Person(email: person.email, name: person.name), signing)
        let now = Date()
        var state = workspace.facingFiles(decided)
        let made = state.plan.steps.compactMap { step in
            state[step.id]?.decisions.last.map { (step: step, decision: $0) }
        }.max { $0.decision.time < $1.decision.time }
        guard let made else { return }
        // Nothing that makes void was another thing just now; what does not may be, and the target may be past reading.
        if made.decision.verdict != .reject, let guarded = made.step.guarding,
            let present = await workspace.present(of: guarded, in: state)
        {
            state = state.facing([guarded: present])
            if let target = state.unreadableTarget(at: made.step) { Console.error(safeText("warning: \(target)")) }
        }
        let risks: [String] =
            switch made.decision.verdict {
            case .approve:
                await EarlierRejections(opened.store).risks(at: made.step, in: state).map(\.text)
                    + saidElsewhere(at: made.step, in: state, workspace, opened.store, now)
            case .bypass:
                // Once it is enough, nobody is asked any more.
                await workspace.needlessBypass(
                    at: made.step.id, in: state.before(made.decision, at: made.step.id), store: opened.store, now: now
                ).map(\.text)
            case .reject: []
            }
        let undone = await undone(by: made.decision, at: made.step, in: state, workspace, opened.store, now)
        switch common.format {
        case .json: Console.print(try value(made.decision, at: made.step, in: state, risks, undone, now))
        case .text:
            let notes = risks.map { "  risk: \($0)" } + undone.map { "  undone: \($0)" }
            Console.print(
                try await lines(made.decision, at: made.step, in: state, opened.store, notes, now)
                    .map { safeText($0) }.joined(separator: "\n"))
        }
    }

    /// What people have said in other runs that wait before the same environment: what is said here may be in vain.
    private func saidElsewhere(
        at gate: Step, in state: RunState, _ workspace: Workspace, _ store: any RunStore, _ now: Date
    ) async -> [String] {
        // What cannot be read says nothing here; the decision is written.
        let others = try? await Inbox.others(
            besides: state, at: gate.id, from: store, now: now,
            informed: { await workspace.asNow($0, in: store, now: now) })
        return GateRisk.company((others ?? []).filter { $0.said != nil }, gate).map(\.text)
    }

    /// What somebody's word has taken away from them at other gates, in this run and in others that have not ended.
    private func undone(
        by decision: Decision, at gate: Step, in state: RunState, _ workspace: Workspace, _ store: any RunStore,
        _ now: Date
    ) async -> [String] {
        let open = await OpenRuns(store, objects: workspace.objects).leavingOutApprovers(of: decision.package)
        let before = state.before(decision, at: gate.id)
        return state.losses(since: before, of: decision.person, at: gate.id, besides: open, now: now)
            .map { $0.text(in: state.run) }
    }

    /// The key that is named, read before anything else is done.
    private func signer() throws -> SSHSigner? {
        guard let sign else { return nil }
        let path = NSString(string: sign).expandingTildeInPath
        do throws(SignatureError) {
            return try SSHSigner(
                keyFile: path, agentSocket: ProcessInfo.processInfo.environment["SSH_AUTH_SOCK"])
        } catch {
            throw Rejected([
                Diagnostic(
                    error.code, error.message,
                    help:
                        "give a private key such as ~/.ssh/id_ed25519, or its '.pub' file when ssh-agent holds the key")
            ])
        }
    }

    private func value(
        _ decision: Decision, at gate: Step, in state: RunState, _ risks: [String], _ undone: [String], _ now: Date
    ) throws -> Value {
        var value: Value = [
            "run": .string(state.run.rawValue), "step": .string(gate.id.rawValue),
            "decision": try ValueEncoder().encode(decision),
        ]
        if let fingerprint = decision.standing.fingerprint { value["key"] = .string(fingerprint) }
        if decision.verdict == .bypass { value["morePeople"] = .integer(missingBypasses(gate, state, now)) }
        if !risks.isEmpty { value["risks"] = .list(risks.map { .string($0) }) }
        if !undone.isEmpty { value["undone"] = .list(undone.map { .string($0) }) }
        return value
    }

    /// How many more people must bypass a gate; none where it is approved.
    private func missingBypasses(_ gate: Step, _ state: RunState, _ now: Date) -> Int {
        if case .approved? = state.standing(of: gate, now: now) { return 0 }
        return max(0, state.bypassPolicy(at: gate).count - state.bypasses(at: gate).count)
    }

    /// That nothing hangs on a bypass, as enough people had said yes before it; empty where they had not.
    private func enough(before bypass: Decision, at gate: Step, in state: RunState, _ now: Date) -> [String] {
        guard bypass.verdict == .bypass,
            let before = state.before(bypass, at: gate.id).settlement(of: gate, now: now), before.opens, !before.isVoid
        else { return [] }
        let people = before.decisions.map(\.person).joined(separator: " and ")
        return ["it was enough before: \(before.outcome.rawValue) by \(people); the gate opens without this bypass"]
    }

    /// That evidence beside a gate has run out, or the files are others, so that what is said there is not enough.
    private func lapsed(beside gate: Step, in state: RunState) -> [String] {
        state.lapsedEvidence(beside: gate, now: Date()).map { ["this alone does not do: \($0.line)"] } ?? []
    }

    private func lines(
        _ decision: Decision, at gate: Step, in state: RunState, _ store: any RunStore, _ notes: [String],
        _ now: Date
    ) async throws -> [String] {
        let verb =
            switch decision.verdict {
            case .approve: "approved"
            case .reject: "rejected"
            case .bypass: "bypassed"
            }
        var lines = ["\(gate.id) of \(state.run): \(verb) by \(decision.person)"]
        if let package = decision.package { lines.append("  package sha256 \(package)") }
        if let plan = decision.plan { lines.append("  plan \(plan.prefix(12))") }
        if let fingerprint = decision.standing.fingerprint { lines.append("  signed with \(fingerprint)") }
        lines += notes + enough(before: decision, at: gate, in: state, now)
        if decision.verdict == .bypass, missingBypasses(gate, state, now) > 0 {
            let role = state.bypassPolicy(at: gate).role
            lines.append("the gate stays closed: one more person with the role '\(role)' is needed")
            return lines
        }
        if case .open(_, let missing)? = state.standing(of: gate, now: now), decision.verdict == .approve {
            let may = state.openQuestion(gate.id, now: now)?.may ?? []
            lines.append(
                "\(missing) more \(missing == 1 ? "person" : "people") must approve: "
                    + (may.isEmpty ? "nobody is left who may" : may.joined(separator: ", ")))
            if let impasse = state.impasse(at: gate, now: now) {
                lines.append("  what goes on: `\(impasse.command)`, \(impasse.condition)")
            }
            // Taking it up now would only wait.
            return lines + lapsed(beside: gate, in: state)
        }
        if decision.verdict == .bypass { lines += unopened(after: gate, in: state) }
        // Taking it up now would only end it.
        if decision.verdict != .reject || state.otherFiles != nil, case let lapsed = lapsed(beside: gate, in: state),
            !lapsed.isEmpty
        {
            return lines + lapsed
        }
        if decision.verdict == .approve { lines += besides(gate, in: state, now) }
        if try await store.holder(of: state.run) == nil {
            // Nothing that a cleanup tells of is taken up before the run has ended.
            let isHeldBack = state.bypassedFailures.contains { $0.id == gate.id } && state.obstacles()[gate.id] != nil
            if state.isCleaningUp && state[gate.id]?.status == .failed || isHeldBack && !state.status.isFinished {
                return lines + ["next: \(state.way(pastOpened: gate.id))"] + state.waysToTheEnd.map { "  \($0)" }
            }
            lines.append("next: almrun resume \(state.run)")
            if decision.verdict != .reject { lines += after(gate, in: state, now) }
        }
        return lines
    }

    /// That a bypass is of one gate alone, where a stage was named and more gates stand before it.
    private func unopened(after gate: Step, in state: RunState) -> [String] {
        guard stage != gate.id.rawValue, let guarded = gate.guarding else { return [] }
        let later = state.plan.steps.drop { $0.id != gate.id }.dropFirst().filter {
            $0.guarding == guarded && state[$0.id]?.status.isGood != true
        }
        guard !later.isEmpty else { return [] }
        return ["  that opens this gate alone, and not \(later.map { "'\($0.id)'" }.joined(separator: " and "))"]
    }

    /// What somebody who has approved has to know besides: that it was enough before, and what stands in the way all the same.
    private func besides(_ gate: Step, in state: RunState, _ now: Date) -> [String] {
        var lines: [String] = []
        if case .gate(.approval(let policy)) = gate.work,
            case .approved(let given)? = state.standing(of: gate, now: now), given.count > policy.count
        {
            let before = given.prefix(policy.count).map(\.person).joined(separator: " and ")
            lines.append("it was enough before: \(before) had approved, and \(policy.count) must")
        }
        let unmet = GateBrief(state, gate: gate.id, now: now)?.conditions.filter { !$0.isMet && $0.kind != "evidence" }
        lines += (unmet ?? []).map { condition in
            let date = condition.notBefore.map { "; not before \(Timestamp.text(of: $0))" } ?? ""
            return "unmet: \(condition.text)\(date) (\(condition.gate))"
        }
        if let drift = state.unboundDrift(at: gate) { lines.append(drift) }
        return lines
    }

    /// Who is asked next once the run is taken up, or that nobody is.
    private func after(_ gate: Step, in state: RunState, _ now: Date) -> [String] {
        let lapsed = state.lapsedApprovals(beside: gate, now: now)
        let ahead = lapsed.isEmpty ? state.approvedAhead(after: gate, now: now) : []
        var lines = ahead.map { other, given in
            let people = given.map(\.person).joined(separator: " and ")
            return "  '\(other.id)' is approved already by \(people), and asks nobody then"
        }
        if let next = state.nextQuestion(after: gate, now: now) {
            let people = state.deciders(at: next).map(\.email).joined(separator: ", ")
            lines.append("  which asks at '\(next.id)' then: \(people.isEmpty ? "nobody is left who may" : people)")
        } else if !ahead.isEmpty, let guarded = gate.guarding {
            lines.append("  nobody else is asked: '\(guarded)' begins then, as soon as what stands before it lets it")
        }
        return lines
    }
}
