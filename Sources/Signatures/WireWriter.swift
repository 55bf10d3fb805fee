/// Writes the encoding of RFC 4251 section 5.
struct WireWriter {
    private(set) var written: [UInt8] = []

    mutating func raw(_ bytes: some Sequence<UInt8>) { written.append(contentsOf: bytes) }

    mutating func byte(_ byte: UInt8) { written.append(byte) }

    mutating func number(_ number: UInt32) {
        for shift in [24, 16, 8, 0] as [UInt32] { written.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    mutating func bytes(_ bytes: some Collection<UInt8>) {
        number(UInt32(bytes.count))
        raw(bytes)
    }

    mutating func text(_ text: String) { bytes(text.utf8) }

    /// A positive number from its big-endian bytes: no zeros in front, but one where the number would seem negative.
    mutating func positive(_ digits: some Collection<UInt8>) {
        let digits = digits.drop { $0 == 0 }
        bytes((digits.first ?? 0) >= 0x80 ? [0] + digits : Array(digits))
    }
}
