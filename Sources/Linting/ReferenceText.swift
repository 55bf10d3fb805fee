/// The parts of a JSON pointer inside a reference.
enum ReferenceText {
    /// A part with `%20`, `~1` and `~0` read.
    static func decoded(_ part: some StringProtocol) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "~") }) else {
            return String(part)
        }
        var bytes: [UInt8] = []
        var rest = Array(part.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        var text = ""
        var tail = Substring(String(decoding: bytes, as: UTF8.self))
        while let next = tail.popFirst() {
            if next == "~", let code = tail.first, code == "0" || code == "1" {
                text.append(code == "0" ? "~" : "/")
                tail.removeFirst()
            } else {
                text.append(next)
            }
        }
        return text
    }

    /// The last part of a reference.
    static func last(of reference: String) -> String {
        decoded(reference.split(separator: "/").last ?? "")
    }
}
