import Crypto
import Documents
import Pipelines

/// An event as it is stored: one line of JSON, and the SHA-256 that the next line names.
public struct LedgerLine: Sendable, Hashable {
    public let event: RunEvent
    /// UTF-8, without a line feed.
    public let bytes: [UInt8]
    /// SHA-256 of ``bytes``, hexadecimal.
    public let hash: String
    /// The number of the form that it is written in.
    public let format: Int

    public static func == (left: LedgerLine, right: LedgerLine) -> Bool { left.bytes == right.bytes }

    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// Writes an event down.
    public init(_ event: RunEvent) {
        self.event = event
        format = RunEvent.format
        bytes = Self.encode(event)
        hash = Self.digest(bytes)
    }

    /// Reads a line; refuses one that is damaged or in a form of a newer version.
    public init(bytes: [UInt8]) throws(RunStoreError) {
        (event, format) = try EventReader.read(bytes)
        self.bytes = bytes
        hash = Self.digest(bytes)
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    static func digest(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).withUnsafeBytes { hexadecimal($0) } }

    private static func encode(_ event: RunEvent) -> [UInt8] {
        var line = JSONLine(capacity: 320)
        line.member("format", RunEvent.format)
        line.member("sequence", event.sequence)
        line.member("time", event.time)
        line.member("previous", event.previous)
        line.member("kind", event.kind.name)
        line.member("step", ifPresent: event.step?.rawValue)
        event.kind.write(to: &line)
        if !event.logs.isEmpty {
            line.member("logs", each: event.logs) { log, line in
                line.member("step", log.step.rawValue)
                line.member("attempt", log.attempt)
                line.member("bytes", log.bytes)
                line.member("sha256", log.sha256)
            }
        }
        return line.line()
    }
}

extension RunEvent.Kind {
    /// The word under `kind`.
    public var name: String {
        switch self {
        case .created: "created"
        case .queued: "queued"
        case .started: "started"
        case .ended: "ended"
        case .reused: "reused"
        case .skipped: "skipped"
        case .blocked: "blocked"
        case .suspended: "suspended"
        case .retryScheduled: "retryScheduled"
        case .decided: "decided"
        case .expired: "expired"
        case .voided: "voided"
        case .cancelRequested: "cancelRequested"
        case .interrupted: "interrupted"
        case .cancelled: "cancelled"
        case .assumed: "assumed"
        case .lockWaited: "lockWaited"
        case .lockAcquired: "lockAcquired"
        case .lockReleased: "lockReleased"
        case .rested: "rested"
        case .lockBroken: "lockBroken"
        case .indexRebuilt: "indexRebuilt"
        case .resumed: "resumed"
        case .finished: "finished"
        case .learned: "learned"
        case .askedAnew: "askedAnew"
        case .groupEntered: "groupEntered"
        }
    }

    func write(to line: inout JSONLine) {
        switch self {
        case .created(let creation):
            // Types of ours have no value that cannot be written, so the error says nothing.
            line.member("run", json: (try? creation.json()) ?? Array("null".utf8))
        case .queued(let group, let holder, let since):
            line.member("group", group)
            line.member("holder", holder.rawValue)
            if let since { line.member("since", since) }
        case .started(_, let attempt, let token, let fence, let recovering):
            line.member("attempt", attempt)
            line.member("token", token)
            if let fence { line.member("fence", fence) }
            if recovering { line.member("recovering", true) }
        case .ended(_, let attempt, let ending):
            line.member("attempt", attempt)
            ending.write(to: &line)
        case .reused(_, let result):
            line.member("from", result.run.rawValue)
            line.member("fromStep", result.step)
            line.member("made", result.time)
            line.member("inputDigest", result.inputDigest)
            line.member("object", ifPresent: result.object)
            if result.object == nil { line.member("output", result.output) }
        case .skipped(_, let reason): line.member("reason", plain(reason))
        case .blocked(_, let by): line.member("by", by.rawValue)
        case .suspended(_, let suspension): line.member("suspension", plain(suspension))
        case .retryScheduled(_, let date, let reason):
            line.member("at", date)
            line.member("reason", reason)
        case .decided(let decision): line.member("decision", plain(decision))
        case .expired(_, let round): line.member("round", round)
        case .voided(_, let gates, let changed, let parts, let round):
            line.member("gates", Value.list(gates.map { .string($0.rawValue) }))
            line.member("changed", Value.list(changed.map { .string($0) }))
            if !parts.isEmpty { line.member("parts", Value.list(parts.map { .string($0.rawValue) })) }
            line.member("round", round)
        case .cancelRequested(let person, let reason):
            line.member("by", person)
            line.member("reason", ifPresent: reason)
        case .interrupted(let person): line.member("by", person)
        case .cancelled, .rested: break
        case .assumed(_, let done, let person, let comment):
            line.member("done", done)
            line.member("by", person)
            line.member("comment", ifPresent: comment)
        case .lockWaited(_, let lock, let holder, let holderStep, let since, let isNext):
            line.member("lock", lock)
            line.member("holder", holder)
            line.member("holderStep", ifPresent: holderStep)
            line.member("since", since)
            if isNext { line.member("next", true) }
        case .lockAcquired(_, let lock, let fence), .lockReleased(_, let lock, let fence),
            .groupEntered(let lock, let fence):
            line.member("lock", lock)
            line.member("fence", fence)
        case .lockBroken(let lock, let fence, let person, let reason):
            line.member("lock", lock)
            line.member("fence", fence)
            line.member("by", person)
            line.member("reason", reason)
        case .indexRebuilt(let person): line.member("by", person)
        case .resumed(let person, let process, let only):
            line.member("by", person)
            line.member("process", process)
            if !only.isEmpty { line.member("only", Value.list(only.map { .string($0.rawValue) })) }
        case .finished(let status): line.member("status", status.rawValue)
        case .learned(let people, let by):
            line.member("by", by)
            line.member("people", plain(people))
        case .askedAnew(let reason): line.member("because", reason)
        }
    }

    /// Types of ours have no value that cannot be written, so the error says nothing.
    private func plain(_ value: some Encodable) -> Value { (try? ValueEncoder().encode(value)) ?? .null }
}

extension AttemptEnding {
    fileprivate func write(to line: inout JSONLine) {
        switch self {
        case .succeeded(let output, let object, let inputDigest, let found):
            line.member("outcome", "succeeded")
            if found { line.member("found", true) }
            line.member("inputDigest", ifPresent: inputDigest)
            line.member("object", ifPresent: object)
            if object == nil { line.member("output", output) }
        case .failed(let failure):
            line.member("outcome", "failed")
            line.member("failure", (try? ValueEncoder().encode(failure)) ?? .null)
        case .rejected(let message):
            line.member("outcome", "rejected")
            line.member("message", message)
        case .cancelled: line.member("outcome", "cancelled")
        case .lost(let message):
            line.member("outcome", "lost")
            line.member("message", message)
        }
    }
}
