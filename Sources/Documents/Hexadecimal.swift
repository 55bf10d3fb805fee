/// Two lower-case hexadecimal digits for each byte: the form in which digests are shown and kept.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    // Bytes that lie side by side need no iterator, which costs more than the digits where it is not specialised.
    if let text = bytes.withContiguousStorageIfAvailable(text(of:)) { return text }
    return Array(bytes).withUnsafeBufferPointer(text(of:))
}

private func text(of bytes: UnsafeBufferPointer<UInt8>) -> String {
    String(unsafeUninitializedCapacity: 2 * bytes.count) { digits in
        for (number, byte) in bytes.enumerated() {
            digits[2 * number] = digit(byte >> 4)
            digits[2 * number + 1] = digit(byte & 15)
        }
        return 2 * bytes.count
    }
}

private func digit(_ half: UInt8) -> UInt8 { half < 10 ? 48 + half : 87 + half }
