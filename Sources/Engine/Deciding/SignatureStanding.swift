import OrderedCollections
import Pipelines
import Signatures

/// Whether the signature of a decision holds.
public enum SignatureStanding: Sendable, Hashable {
    case unsigned
    /// Made with a key that the roles give to the person.
    case good(fingerprint: String)
    /// It, or the time that the decision says, does not hold, and so the decision does not count.
    case wrong(code: String, message: String)

    /// The key's fingerprint, when the signature holds.
    public var fingerprint: String? { if case .good(let fingerprint) = self { fingerprint } else { nil } }
}

extension RunState {
    /// Whether a decision counts, as far as its signature and its time go.
    ///
    /// Whether it came in time, and until when it is good, is told by its own time: that must be the event's, and not
    /// before what happened before.
    func standing(of decision: Decision, in event: RunEvent) -> SignatureStanding {
        let standing = signatureStanding(of: decision, after: event.previous)
        if case .wrong = standing { return standing }
        guard EventTime.milliseconds(of: decision.time) == EventTime.milliseconds(of: event.time) else {
            return .wrong(
                code: "gate/forged",
                message: "it says that it was made \(EventTime.text(decision.time)), "
                    + "and it was written down \(EventTime.text(event.time))")
        }
        guard event.time >= updated else {
            return .wrong(
                code: "gate/forged",
                message: "it says that it was made \(EventTime.text(decision.time)), "
                    + "and what comes before it happened \(EventTime.text(updated))")
        }
        return standing
    }

    /// Checks the signature of a decision that was written down after the event of this hash.
    func signatureStanding(of decision: Decision, after head: String) -> SignatureStanding {
        guard let text = decision.signature else { return .unsigned }
        let person = decision.person
        guard let gate = planned(decision.step), let role = role(for: decision.verdict, at: gate) else {
            return .wrong(code: "gate/unknown-key", message: "'\(decision.step)' is no gate at which people decide")
        }
        do throws(SignatureError) {
            let signature = try SSHSignature(armored: text)
            let keys = keys(of: person, for: role)
            guard !keys.isEmpty else {
                return .wrong(
                    code: "gate/unknown-key",
                    message:
                        "'\(person)' signed, and environments/roles.yaml has no key of theirs for the role '\(role)'")
            }
            guard keys.contains(signature.publicKey) else {
                return .wrong(
                    code: "gate/unknown-key",
                    message: "the signature is by key \(signature.publicKey.fingerprint), "
                        + "which is not the key of '\(person)' for the role '\(role)'")
            }
            guard decision.ledger == head else {
                return .wrong(
                    code: "gate/forged",
                    message: "the signature of '\(person)' was made at another point of the run, or of another run")
            }
            try signature.verify(ApprovalRecord(self, decision).bytes, namespace: ApprovalRecord.namespace)
            return .good(fingerprint: signature.publicKey.fingerprint)
        } catch {
            return .wrong(code: "gate/forged", message: "the signature of '\(person)' does not hold: \(error.message)")
        }
    }

    /// The keys with which a person signs in a role; one that cannot be read is none.
    func keys(of person: String, for role: String) -> [PublicKey] {
        (plan.roles.members[role] ?? []).filter { $0.email.lowercased() == person.lowercased() }
            .compactMap { $0.key.flatMap { try? PublicKey($0) } }
    }

    /// The role in which people say something at a gate.
    func role(for verdict: Decision.Verdict, at gate: Step) -> String? {
        guard case .gate(let kind) = gate.work else { return nil }
        if verdict == .bypass { return bypassPolicy(at: gate).role }
        if case .approval(let policy) = kind { return policy.role }
        return nil
    }
}
