import Documents
import Pipelines

import struct Foundation.Date

/// Reads the lines that ``LedgerLine`` writes, and those of every earlier format.
enum EventReader {
    /// The event, and the number of the form that it is in.
    static func read(_ bytes: [UInt8]) throws(RunStoreError) -> (event: RunEvent, format: Int) {
        let document: Document
        do {
            document = try Document(
                bytes: bytes, file: "event", syntax: .json, limits: Document.Limits(size: 1 << 30))
        } catch {
            throw .damaged("an event is no JSON: \(error.diagnostics.first?.message ?? "")")
        }
        let line = Members(node: document.root)
        let format = try line.integer("format")
        guard format <= RunEvent.format else {
            throw .newer("an event is in format \(format); this version reads up to \(RunEvent.format)")
        }
        let event = RunEvent(
            sequence: try line.integer("sequence"), time: try line.date("time"), previous: try line.text("previous"),
            kind: try kind(line), logs: format < 5 ? [] : try logs(line))
        return (event, format)
    }

    private static func kind(_ line: Members) throws(RunStoreError) -> RunEvent.Kind {
        switch try line.text("kind") {
        case "created": return .created(try line.creation())
        case "queued":
            return .queued(
                group: try line.text("group"), holder: RunID(try line.text("holder")),
                since: line.has("since") ? try line.date("since") : nil)
        case "decided": return .decided(try line.decode("decision", Decision.self))
        case "cancelRequested":
            let (person, reason) = (try line.text("by"), line.optionalText("reason"))
            // Before format 4 this reason said that it was a signal.
            let isSignal = try line.integer("format") < 4 && reason == "interrupted"
            return isSignal ? .interrupted(by: person) : .cancelRequested(by: person, reason: reason)
        case "interrupted": return .interrupted(by: try line.text("by"))
        case "rested": return .rested
        case "lockBroken":
            return .lockBroken(
                lock: try line.text("lock"), fence: try line.integer("fence"), by: try line.text("by"),
                reason: try line.text("reason"))
        case "indexRebuilt": return .indexRebuilt(by: try line.text("by"))
        case "resumed":
            return .resumed(
                by: try line.text("by"), process: try line.text("process"),
                only: line.has("only") ? try line.texts("only").map { StepID($0) } : [])
        case "finished":
            guard let status = RunStatus(rawValue: try line.text("status")) else { throw line.wrong("status") }
            return .finished(status)
        case "learned": return .learned(try line.decode("people", KnownPeople.self), by: try line.text("by"))
        case "groupEntered":
            return .groupEntered(lock: try line.text("lock"), fence: try line.integer("fence"))
        case "askedAnew": return .askedAnew(because: try line.text("because"))
        case let name: return try kind(name, StepID(try line.text("step")), line)
        }
    }

    private static func kind(
        _ name: String, _ step: StepID, _ line: Members
    ) throws(RunStoreError) -> RunEvent.Kind {
        switch name {
        case "started":
            return .started(
                step, attempt: try line.integer("attempt"), token: try line.text("token"),
                fence: line.has("fence") ? try line.integer("fence") : nil, recovering: line.flag("recovering"))
        case "ended": return .ended(step, attempt: try line.integer("attempt"), try ending(line))
        case "reused":
            return .reused(
                step,
                ReusedResult(
                    run: RunID(try line.text("from")), step: try line.text("fromStep"), time: try line.date("made"),
                    inputDigest: try line.text("inputDigest"), output: line.value("output"),
                    object: line.optionalText("object")))
        case "skipped": return .skipped(step, try line.decode("reason", SkipReason.self))
        case "blocked": return .blocked(step, by: StepID(try line.text("by")))
        case "suspended": return .suspended(step, try line.decode("suspension", Suspension.self))
        case "retryScheduled":
            return .retryScheduled(step, at: try line.date("at"), reason: try line.text("reason"))
        case "expired": return .expired(step, round: try line.integer("round"))
        case "voided":
            return .voided(
                step, gates: try line.texts("gates").map { StepID($0) }, changed: try line.texts("changed"),
                parts: try line.parts(), round: try line.integer("round"))
        case "cancelled": return .cancelled(step)
        case "assumed":
            return .assumed(
                step, done: line.flag("done"), by: try line.text("by"), comment: line.optionalText("comment"))
        case "lockWaited":
            return .lockWaited(
                step, lock: try line.text("lock"), holder: try line.text("holder"),
                holderStep: line.optionalText("holderStep"), since: try line.date("since"), isNext: line.flag("next"))
        case "lockAcquired":
            return .lockAcquired(step, lock: try line.text("lock"), fence: try line.integer("fence"))
        case "lockReleased":
            return .lockReleased(step, lock: try line.text("lock"), fence: try line.integer("fence"))
        default: throw .damaged("an event is of the unknown kind '\(name)'")
        }
    }

    private static func logs(_ line: Members) throws(RunStoreError) -> [LogDigest] {
        guard line.has("logs") else { return [] }
        return try line.list("logs").map { (log) throws(RunStoreError) in
            LogDigest(
                step: StepID(try log.text("step")), attempt: try log.integer("attempt"),
                bytes: try log.integer("bytes"), sha256: try log.text("sha256"))
        }
    }

    private static func ending(_ line: Members) throws(RunStoreError) -> AttemptEnding {
        switch try line.text("outcome") {
        case "succeeded":
            return .succeeded(
                output: line.value("output"), object: line.optionalText("object"),
                inputDigest: line.optionalText("inputDigest"), found: line.flag("found"))
        case "failed": return .failed(try line.decode("failure", StageFailure.self))
        case "rejected": return .rejected(try line.text("message"))
        case "cancelled": return .cancelled
        case "lost": return .lost(try line.text("message"))
        default: throw line.wrong("outcome")
        }
    }

    /// The members of one line, by name and type.
    private struct Members {
        let node: Node

        func has(_ key: String) -> Bool { node[key] != nil }

        func wrong(_ key: String) -> RunStoreError { .damaged("an event has no usable member '\(key)'") }

        func text(_ key: String) throws(RunStoreError) -> String {
            guard let text = node[key]?.string else { throw wrong(key) }
            return text
        }

        func optionalText(_ key: String) -> String? { node[key]?.string }

        func integer(_ key: String) throws(RunStoreError) -> Int {
            guard let number = node[key]?.integer else { throw wrong(key) }
            return number
        }

        func flag(_ key: String) -> Bool { node[key]?.boolean ?? false }

        func date(_ key: String) throws(RunStoreError) -> Date {
            guard let date = EventTime.date(try text(key)) else { throw wrong(key) }
            return date
        }

        func value(_ key: String) -> Value { node[key]?.value ?? .null }

        func texts(_ key: String) throws(RunStoreError) -> [String] {
            guard let list = node[key], list.kind == .array else { throw wrong(key) }
            return list.elements.compactMap(\.string)
        }

        /// None before format 5.
        func parts() throws(RunStoreError) -> [ApprovalPolicy.Part] {
            guard has("parts") else { return [] }
            let parts = try texts("parts")
            let known = parts.compactMap(ApprovalPolicy.Part.init(rawValue:))
            guard known.count == parts.count else { throw wrong("parts") }
            return known
        }

        func list(_ key: String) throws(RunStoreError) -> [Members] {
            guard let list = node[key], list.kind == .array else { throw wrong(key) }
            return list.elements.map { Members(node: $0) }
        }

        func creation() throws(RunStoreError) -> RunCreation {
            guard let member = node["run"] else { throw wrong("run") }
            do {
                return try RunCreation(json: member)
            } catch {
                throw .damaged("the first event of a run cannot be read: \(error)")
            }
        }

        func decode<T: Decodable>(_ key: String, _ type: T.Type) throws(RunStoreError) -> T {
            guard let member = node[key] else { throw wrong(key) }
            do {
                return try ValueDecoder().decode(type, from: member.value)
            } catch {
                throw .damaged("the member '\(key)' of an event cannot be read: \(error)")
            }
        }
    }
}
