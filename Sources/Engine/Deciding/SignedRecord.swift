public import Pipelines
import Signatures

/// A decision that is signed, with all that `ssh-keygen -Y verify` needs to check it without almrun.
public struct SignedRecord: Sendable, Hashable {
    /// What was signed.
    public var record: ApprovalRecord
    /// The signature in its armor.
    public var signature: String
    /// E-mail of who signed.
    public var person: String
    /// The public key that the roles give to the person: its kind and Base64.
    public var key: String
    public var fingerprint: String

    /// The line of the person in a file of allowed signers.
    public var allowedSigner: String { "\(person) namespaces=\"\(ApprovalRecord.namespace)\" \(key)" }
}

extension RunState {
    /// The decisions at a gate whose signatures hold, oldest first.
    public func signedRecords(at gate: Step) -> [SignedRecord] {
        (self[gate.id]?.decisions ?? []).compactMap { decision in
            guard let fingerprint = decision.standing.fingerprint, let signature = decision.signature,
                let role = role(for: decision.verdict, at: gate),
                let key = keys(of: decision.person, for: role).first(where: { $0.fingerprint == fingerprint })
            else { return nil }
            return SignedRecord(
                record: ApprovalRecord(self, decision), signature: signature, person: decision.person, key: key.text,
                fingerprint: fingerprint)
        }
    }
}
