/// Two lower-case hexadecimal digits for each byte: the form in which digests are shown and kept.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
        text.append(digit(byte >> 4))
        text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
}

private func digit(_ half: UInt8) -> UInt8 { half < 10 ? 48 + half : 87 + half }
