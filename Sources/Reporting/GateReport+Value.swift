public import Documents
import Engine
import OrderedCollections
import Pipelines

extension GateReport {
    /// The same for machines.
    public var value: Value {
        var members: [(String, Value?)] = [
            ("run", .string(state.run.rawValue)), ("gate", .string(step.id.rawValue)),
            ("status", .string(current.status.rawValue)), ("message", current.suspension.map { .string($0.message) }),
            ("requester", .string(state.requester)), ("commit", state.commit.map { .string($0) }),
            ("package", brief?.package.map { .string($0) }), ("solution", brief?.solution.map { .string($0) }),
            ("version", brief?.version.map { .string($0) }), ("environment", step.environment.map { .string($0) }),
            ("preview", preview.flatMap { try? ValueEncoder().encode($0) }),
            ("policy", policy.flatMap { try? ValueEncoder().encode($0) }),
        ]
        if case .open(_, let missing)? = standing { members.append(("missing", .integer(missing))) }
        if policy != nil, current.status == .waiting {
            members.append(("mayDecide", .list(state.deciders(at: step).map { .string($0.email) })))
            members.append(("leftOut", .list(state.leftOut(at: step).map(\.value))))
        }
        members.append(("waitsFor", waitForTime))
        if !current.voided.isEmpty {
            members.append(("askedAnew", .list(current.voided.map { .string($0) })))
        }
        members.append(("fault", fault.map { .string($0) }))
        members.append(("decideBefore", state.deadline(of: step).map { .string(Timestamp.text(of: $0)) }))
        members.append(("expired", state.expiry(of: step, now: now).map { .string(Timestamp.text(of: $0)) }))
        if let evidence {
            members.append(("evidence", try? ValueEncoder().encode(evidence.items)))
            members.append(("evidenceExpires", evidence.expires.map { .string(Timestamp.text(of: $0)) }))
        }
        if let brief {
            // What may speak against a deployment is of no use once it was decided.
            members += isUndecided ? brief.facts : brief.facts.filter { $0.0 != "risks" }
            if !isUndecided { members.append(("risks", (try? ValueEncoder().encode(risks)) ?? [])) }
        }
        let loose = state.people.looseManifests.filter(KnownPeople.isManifest)
        if !loose.isEmpty { members.append(("looseManifests", .list(loose.map { .string($0) }))) }
        members.append(("bypass", try? ValueEncoder().encode(state.bypassPolicy(at: step))))
        members.append(("decisions", .list(current.decisions.map(value))))
        let records = state.signedRecords(at: step).map { record in
            Value(members: [
                ("person", .string(record.person)), ("fingerprint", .string(record.fingerprint)),
                ("record", .string(record.record.text)), ("signature", .string(record.signature)),
                ("allowedSigner", .string(record.allowedSigner)),
            ])
        }
        if !records.isEmpty { members.append(("signed", .list(records))) }
        return Value(members: members)
    }

    /// The time that the stage waits for before its approval is asked.
    private var waitForTime: Value? {
        guard let (gate, message, until) = state.waitsForTime(before: step, now: now) else { return nil }
        return Value(members: [
            ("gate", .string(gate.id.rawValue)), ("message", .string(message)),
            ("until", .string(Timestamp.text(of: until))),
            ("mayBypass", .list((state.bypassOfTime(at: gate)?.may ?? []).map { .string($0) })),
        ])
    }

    private func value(_ decision: Decision) -> Value {
        // Types of ours have no value that cannot be written, so a failure to encode leaves nothing out.
        guard case .map(var members)? = try? ValueEncoder().encode(decision) else { return .null }
        switch decision.standing {
        case .good(let fingerprint): members["key"] = .string(fingerprint)
        case .wrong(_, let message): members["invalid"] = .string(message)
        case .unsigned: break
        }
        let objection = objection(to: decision)
        members["counts"] = .boolean(objection == nil)
        members["because"] = objection.map { .string($0) }
        return .map(members)
    }
}

extension RunState.LeftOut {
    /// For programs.
    var value: Value { ["person": .string(person), "because": .string(why.phrase)] }
}
