import ArgumentParser
import Documents
import Engine
import Foundation
import Git
import Pipelines
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
        let state = workspace.facingFiles(decided)
        let made = state.plan.steps.compactMap { step in
            state[step.id]?.decisions.last.map { (step: step, decision: $0) }
        }.max { $0.decision.time < $1.decision.time }
        guard let made else { return }
        switch common.format {
        case .json: Console.print(try value(made.decision, at: made.step, in: state))
        case .text:
            Console.print(
                try await lines(made.decision, at: made.step, in: state, opened.store)
                    .map { safeText($0) }.joined(separator: "\n"))
        }
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

    private func value(_ decision: Decision, at gate: Step, in state: RunState) throws -> Value {
        var value: Value = [
            "run": .string(state.run.rawValue), "step": .string(gate.id.rawValue),
            "decision": try ValueEncoder().encode(decision),
        ]
        if let fingerprint = decision.standing.fingerprint { value["key"] = .string(fingerprint) }
        if decision.verdict == .bypass { value["morePeople"] = .integer(missingBypasses(gate, state)) }
        return value
    }

    private func missingBypasses(_ gate: Step, _ state: RunState) -> Int {
        max(0, state.bypassPolicy(at: gate).count - state.bypasses(at: gate).count)
    }

    /// That evidence beside a gate has run out, or the files are others, so that what is said there is not enough.
    private func lapsed(beside gate: Step, in state: RunState) -> [String] {
        state.lapsedEvidence(beside: gate, now: Date()).map { ["this alone does not do: \($0.line)"] } ?? []
    }

    private func lines(
        _ decision: Decision, at gate: Step, in state: RunState, _ store: any RunStore
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
        if decision.verdict == .bypass, missingBypasses(gate, state) > 0 {
            let role = state.bypassPolicy(at: gate).role
            lines.append("the gate stays closed: one more person with the role '\(role)' is needed")
            return lines
        }
        if case .rejected(let no)? = state.standing(of: gate, now: Date()), decision.verdict == .approve {
            let why = no.comment.map { ": \($0)" } ?? ""
            lines.append("this does not open it: \(no.person) has said no\(why), and that stands")
        }
        if case .open(_, let missing)? = state.standing(of: gate, now: Date()), decision.verdict == .approve {
            let may = state.openQuestion(gate.id, now: Date())?.may ?? []
            lines.append(
                "\(missing) more \(missing == 1 ? "person" : "people") must approve: "
                    + (may.isEmpty ? "nobody is left who may" : may.joined(separator: ", ")))
            if let impasse = state.impasse(at: gate, now: Date()) {
                lines.append("  what goes on: `\(impasse.command)`, \(impasse.condition)")
            }
            // Taking it up now would only wait.
            return lines + lapsed(beside: gate, in: state)
        }
        // Taking it up now would only end it.
        if decision.verdict != .reject || state.otherFiles != nil, case let lapsed = lapsed(beside: gate, in: state),
            !lapsed.isEmpty
        {
            return lines + lapsed
        }
        if try await store.holder(of: state.run) == nil {
            lines.append("next: almrun resume \(state.run)")
            if decision.verdict != .reject, let next = state.nextQuestion(after: gate) {
                let people = state.deciders(at: next).map(\.email).joined(separator: ", ")
                lines.append("  which asks at '\(next.id)' then: \(people.isEmpty ? "nobody is left who may" : people)")
            }
        }
        return lines
    }
}
