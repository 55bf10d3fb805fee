/// Finds the digests that a text names, whatever the text is.
struct DigestScan {
    /// What is looked for.
    let wanted: Set<String>

    /// Adds the wanted digests that stand in the bytes: 64 hexadecimal digits, whatever is around them.
    func collect(from bytes: some Collection<UInt8>, into found: inout Set<String>) {
        guard !wanted.isEmpty else { return }
        let isScanned: Void? = bytes.withContiguousStorageIfAvailable { scan($0, &found) }
        if isScanned == nil { Array(bytes).withUnsafeBufferPointer { scan($0, &found) } }
    }

    private func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ found: inout Set<String>) {
        var length = 0
        for (index, byte) in bytes.enumerated() {
            guard Self.isDigit(byte) else {
                length = 0
                continue
            }
            length += 1
            // A longer run of digits may begin with the end of an escape, so that each of its windows counts.
            guard length >= 64 else { continue }
            let digest = String(decoding: bytes[(index - 63)...index], as: UTF8.self)
            if wanted.contains(digest) { found.insert(digest) }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte) }
}
