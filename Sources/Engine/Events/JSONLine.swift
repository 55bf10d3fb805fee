import Documents
import OrderedCollections

import struct Foundation.Date

/// Writes one JSON object on one line, member after member.
struct JSONLine {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
    private var isFirst = true

    init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    mutating func member(_ key: StaticString, _ text: String) {
        begin(key)
        write(text)
    }

    mutating func member(_ key: StaticString, _ number: Int) {
        begin(key)
        write(number)
    }

    mutating func member(_ key: StaticString, _ flag: Bool) {
        begin(key)
        bytes.append(contentsOf: flag ? "true".utf8 : "false".utf8)
    }

    mutating func member(_ key: StaticString, _ date: Date) {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        EventTime.write(date, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func member(_ key: StaticString, _ value: Value) {
        begin(key)
        write(value)
    }

    /// A member that is JSON already.
    mutating func member(_ key: StaticString, json: [UInt8]) {
        begin(key)
        bytes += json
    }

    /// A member that is an object; the body writes its members.
    mutating func member(_ key: StaticString, _ body: (inout JSONLine) throws -> Void) rethrows {
        begin(key)
        try object(body)
    }

    /// A member that is a list of objects; the body writes the members of each.
    mutating func member<Element>(
        _ key: StaticString, each elements: [Element], _ body: (Element, inout JSONLine) throws -> Void
    ) rethrows {
        begin(key)
        try write(elements, body)
    }

    private mutating func write<Element>(
        _ elements: [Element], _ body: (Element, inout JSONLine) throws -> Void
    ) rethrows {
        bytes.append(UInt8(ascii: "["))
        for (number, element) in elements.enumerated() {
            if number > 0 { bytes.append(UInt8(ascii: ",")) }
            try object { try body(element, &$0) }
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func object(_ body: (inout JSONLine) throws -> Void) rethrows {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        try body(&self)
        isFirst = false
        bytes.append(UInt8(ascii: "}"))
    }

    /// Leaves the member out when there is no text.
    mutating func member(_ key: StaticString, ifPresent text: String?) {
        if let text { member(key, text) }
    }

    /// Ends the object.
    consuming func line() -> [UInt8] {
        var result = bytes
        result.append(UInt8(ascii: "}"))
        return result
    }

    /// Adds a list of objects to bytes that there are already; the body writes the members of each.
    static func list<Element>(
        _ elements: [Element], at bytes: inout [UInt8], _ body: (Element, inout JSONLine) throws -> Void
    ) rethrows {
        var line = JSONLine(capacity: 0)
        swap(&line.bytes, &bytes)
        defer { swap(&line.bytes, &bytes) }
        try line.write(elements, body)
    }

    /// The bytes of one value.
    static func bytes(of value: Value) -> [UInt8] {
        var line = JSONLine()
        line.bytes.removeAll(keepingCapacity: true)
        line.write(value)
        return line.bytes
    }

    private mutating func begin(_ key: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func write(_ number: Int) {
        if (0..<10).contains(number) {
            bytes.append(48 + UInt8(number))
        } else {
            bytes.append(contentsOf: String(number).utf8)
        }
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { buffer in
            let isPlain = buffer.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            if isPlain {
                bytes.append(contentsOf: buffer)
            } else {
                for byte in buffer { escape(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }

    private mutating func write(_ value: Value) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let flag): bytes.append(contentsOf: flag ? "true".utf8 : "false".utf8)
        case .integer(let number): write(number)
        case .number(let number):
            // JSON has no text for these, and nothing that a stage gives should hold them.
            bytes.append(contentsOf: number.isFinite ? "\(number)".utf8 : "null".utf8)
        case .string(let text): write(text)
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .map(let members):
            bytes.append(UInt8(ascii: "{"))
            var isFirst = true
            for (key, element) in members {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                write(key)
                bytes.append(UInt8(ascii: ":"))
                write(element)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
