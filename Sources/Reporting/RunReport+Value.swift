public import Documents
import Engine
import Pipelines

import struct Foundation.Date

/// The same for machines.
extension RunReport {
    /// Everything that is known, as JSON.
    public var value: Value {
        var members: [(String, Value?)] = []
        members.append(("id", .string(state.run.rawValue)))
        members.append(("pipeline", .string(state.plan.pipeline)))
        members.append(("status", .string(state.status.rawValue)))
        members.append(("exitStatus", .integer(Int(state.exitStatus))))
        members.append(("requester", .string(state.requester)))
        members.append(("commit", state.commit.map { .string($0) }))
        members.append(("created", time(state.created)))
        members.append(("updated", time(state.updated)))
        members.append(("inputs", .map(state.plan.inputs)))
        members.append(("planDigest", .string(state.plan.digest)))
        members.append(("events", .integer(state.sequence)))
        if state.people.uncommitted > 0 { members.append(("uncommitted", .integer(state.people.uncommitted))) }
        let files = state.people.looseFiles
        let manifests = state.people.looseManifests.filter(KnownPeople.isManifest)
        if !manifests.isEmpty { members.append(("looseManifests", .list(manifests.map { .string($0) }))) }
        if !files.isEmpty { members.append(("looseFiles", .list(files.map { .string($0) }))) }
        members.append(("cancelRequest", state.cancelRequest.map(value)))
        members.append(("earlierCancelRequest", state.earlierCancelRequest.map(value)))
        members.append(("steps", .list(zip(state.plan.steps, state.steps).map(value))))
        let waits = state.waits.map { step, suspension in
            Value(members: [
                ("step", .string(step.id.rawValue)), ("code", .string(suspension.code)),
                ("message", .string(suspension.message)),
                ("decided", state.settlement(of: step, now: now).map { .string($0.text) }),
                ("expired", time(state.expiry(of: step, now: now))),
                ("impasse", state.impasse(at: step, now: now).map { .string($0.line) }),
                ("text", state.waitText(of: step, now: now).map { .string($0) }),
                (
                    "approvedBy",
                    state.openQuestion(step.id, now: now).map { .list($0.given.map { .string($0.person) }) }
                ),
                ("missing", state.openQuestion(step.id, now: now).map { .integer($0.missing) }),
                ("since", time(state[step.id]?.waitingSince)),
                ("until", time(suspension.end ?? state.openQuestion(step.id, now: now)?.until)),
                ("lock", suspension.lock.map { .string($0.name) }),
                ("holder", suspension.lock.map { .string($0.holder.rawValue) }),
            ])
        }
        if let queue = state.queue {
            members.append(
                (
                    "queue",
                    Value(members: [
                        ("group", .string(queue.group)), ("holder", .string(queue.holder.rawValue)),
                        ("since", time(queue.since)),
                        ("free", queue.isFree && queue.hasSince == nil ? .boolean(true) : nil),
                        ("hasSince", time(queue.hasSince)),
                    ])
                ))
        }
        if let loss = state.groupLoss {
            members.append(
                (
                    "groupLoss",
                    Value(members: [
                        ("group", .string(loss.group)), ("fence", .integer(loss.fence)), ("by", .string(loss.person)),
                        ("reason", .string(loss.reason)), ("at", time(loss.time)),
                    ])
                ))
        }
        let retries = state.waitsForRetries.map { wait in
            Value(members: [
                ("step", .string(wait.step)), ("code", .string(wait.suspension.code)),
                ("message", .string(wait.suspension.message)), ("until", time(wait.suspension.end)),
            ])
        }
        members.append(("head", .string(state.head)))
        members.append(("waits", .list(waits + retries)))
        members.append(("processIsGone", .boolean(isAbandoned)))
        members.append(("bypassed", .list(bypasses)))
        members.append(("rollbackReason", state.plan.rollbackReason.map { .string($0) }))
        members.append(("next", .list(next.map { .string(safeText($0).trimmingBlanks) })))
        return Value(members: members)
    }

    /// Each bypass, with what has come of it.
    private var bypasses: [Value] {
        zip(state.plan.steps, state.steps).flatMap { step, known in
            known.decisions.filter { $0.verdict == .bypass && !$0.isInvalid }.map { bypass in
                let effect = state.effect(ofBypass: bypass, at: step, now: now)
                return Value(members: [
                    ("step", .string(step.id.rawValue)), ("by", .string(bypass.person)),
                    ("reason", bypass.comment.map { .string($0) }), ("at", time(bypass.time)),
                    ("inForce", .boolean(state.isInForce(bypass, at: step, now: now))),
                    ("effect", effect.isEmpty ? nil : .string(String(effect.dropFirst(2).dropLast()))),
                ])
            }
        }
    }

    private func value(_ request: RunState.CancelRequest) -> Value {
        Value(members: [
            ("by", .string(request.person)), ("reason", request.reason.map { .string($0) }),
            ("at", time(request.time)),
        ])
    }

    private func time(_ date: Date?) -> Value? { date.map { .string(Timestamp.text(of: $0)) } }

    private func value(_ step: Step, _ current: StepState) -> Value {
        let kind: String
        switch step.work {
        case .stage(let name): kind = name
        case .gate(let gate): kind = gate.word
        }
        var members: [(String, Value?)] = []
        members.append(("id", .string(step.id.rawValue)))
        members.append(("kind", .string(kind)))
        members.append(("status", .string(current.status.rawValue)))
        members.append(("environment", step.environment.map { .string($0) }))
        members.append(("attempts", .integer(current.works)))
        members.append(("looks", .integer(current.looks)))
        members.append(("tries", .integer(current.tries)))
        members.append(("of", .integer(max(1, step.retry?.attempts ?? 1))))
        if case .retry(let at, let why)? = current.reason {
            members.append(("again", Value(members: [("at", time(at)), ("because", .string(why))])))
        }
        members.append(("started", time(current.started)))
        members.append(("ended", time(current.ended)))
        members.append(("seconds", duration(current).map { .number($0) }))
        members.append(("remark", .string(remark(step, current))))
        members.append(("inDoubt", current.mayHaveTakenEffect && !current.status.isGood ? .boolean(true) : nil))
        if !current.noted.isEmpty { members.append(("said", .list(current.noted.map { .string($0) }))) }
        members.append(("output", current.output))
        // Types of ours have no value that cannot be written, so a failure to encode leaves nothing out.
        members.append(("failure", current.failure.flatMap { try? ValueEncoder().encode($0) }))
        if !current.decisions.isEmpty { members.append(("decisions", try? ValueEncoder().encode(current.decisions))) }
        return Value(members: members)
    }
}

extension Decision {
    /// Whether it has a signature that does not hold.
    fileprivate var isInvalid: Bool { if case .wrong = standing { true } else { false } }
}

extension String {
    /// Without the blanks that set it off in a list.
    fileprivate var trimmingBlanks: String { String(drop { $0 == " " }) }
}
