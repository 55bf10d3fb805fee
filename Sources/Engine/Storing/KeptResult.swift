import Documents
public import Foundation
import OrderedCollections
import Pipelines

/// A reusable result as a store has it, which counts only as far as the event that made it says the same.
public struct KeptResult: Sendable {
    public var run: RunID
    public var step: String
    public var time: Date
    public var inputDigest: String
    /// JSON; `null` when there is an object.
    public var output: String
    public var object: String?

    public init(run: RunID, step: String, time: Date, inputDigest: String, output: String, object: String?) {
        self.run = run
        self.step = step
        self.time = time
        self.inputDigest = inputDigest
        self.output = output
        self.object = object
    }

    /// As a store keeps it: the output in the very bytes that the ledger has.
    public init(_ result: ReusedResult) {
        self.init(
            run: result.run, step: result.step, time: result.time, inputDigest: result.inputDigest,
            output: String(decoding: JSONLine.bytes(of: result.output), as: UTF8.self), object: result.object)
    }

    /// The result; throws when the output is no JSON.
    public func result() throws(RunStoreError) -> ReusedResult {
        do {
            return ReusedResult(
                run: run, step: step, time: time, inputDigest: inputDigest,
                output: output == "{}" ? .map([:]) : try Value(json: output), object: object)
        } catch {
            throw .damaged("the output that is kept of step '\(step)' of run '\(run)' is no JSON")
        }
    }

    /// What the event that made it says otherwise; nil when it says the same.
    ///
    /// A line in the form that today's version writes is compared byte by byte, which costs next to nothing; any other
    /// is read.
    public func disagreement(with line: UnsafeRawBufferPointer) -> String? {
        if isWritten(in: line) { return nil }
        guard let event = try? LedgerLine(bytes: Array(line)).event else { return "its event cannot be read" }
        guard case .ended(let step, _, .succeeded(let output, let object, let digest?, _)) = event.kind else {
            return "its event is not the good end of an attempt"
        }
        var wrong: [String] = []
        if digest != inputDigest { wrong.append("inputs") }
        if step.rawValue != self.step { wrong.append("step") }
        if EventTime.milliseconds(of: event.time) != EventTime.milliseconds(of: time) { wrong.append("time") }
        if object != self.object { wrong.append("object") }
        if object == nil, (try? Value(json: self.output)) != output { wrong.append("output") }
        return wrong.isEmpty ? nil : "its event has another \(wrong.joined(separator: ", another "))"
    }

    private func isWritten(in line: UnsafeRawBufferPointer) -> Bool {
        var scan = LineScan(line)
        guard scan.skip("{\"format\":"), scan.skipDigits(), scan.skip(",\"sequence\":"), scan.skipDigits(),
            scan.skip(",\"time\":\""), scan.skip(EventTime.bytes(time)), scan.skip("\",\"previous\":\""),
            scan.skip(count: 64), scan.skip("\",\"kind\":\"ended\",\"step\":\""), scan.skip(plain: step),
            scan.skip("\",\"attempt\":"), scan.skipDigits(),
            scan.skip(",\"outcome\":\"succeeded\",\"inputDigest\":\""), scan.skip(plain: inputDigest)
        else { return false }
        if let object {
            return scan.skip("\",\"object\":\"") && scan.skip(plain: object) && scan.skip("\"}") && scan.isAtEnd
        }
        return scan.skip("\",\"output\":") && scan.skip(output) && scan.skip("}") && scan.isAtEnd
    }
}

/// Goes along the bytes of a line as long as they are what they should be.
private struct LineScan {
    private let bytes: UnsafeRawBufferPointer
    private var place = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func skip(_ literal: StaticString) -> Bool {
        literal.withUTF8Buffer { skip(UnsafeRawBufferPointer($0)) }
    }

    mutating func skip(_ text: [UInt8]) -> Bool { text.withUnsafeBytes { skip($0) } }

    mutating func skip(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { skip(UnsafeRawBufferPointer($0)) }
    }

    /// A text that is written as it is; one that needs escapes is for the reader.
    mutating func skip(plain text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return true }
            let isPlain =
                memchr(start, 0x22, bytes.count) == nil && memchr(start, 0x5C, bytes.count) == nil
            return isPlain && skip(UnsafeRawBufferPointer(bytes))
        }
    }

    mutating func skip(count: Int) -> Bool {
        place += count
        return place <= bytes.count
    }

    mutating func skipDigits() -> Bool {
        let start = place
        while place < bytes.count, (48...57).contains(bytes[place]) { place += 1 }
        return place > start
    }

    private mutating func skip(_ text: UnsafeRawBufferPointer) -> Bool {
        guard place + text.count <= bytes.count else { return false }
        defer { place += text.count }
        guard let line = bytes.baseAddress, let start = text.baseAddress else { return text.isEmpty }
        return memcmp(line + place, start, text.count) == 0
    }
}
