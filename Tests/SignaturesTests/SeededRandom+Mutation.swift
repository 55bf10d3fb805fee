import TestSupport

extension SeededRandom {
    /// The bytes with one to three of them changed, taken out, put in, or cut off.
    mutating func mutation(of bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(3) where !bytes.isEmpty {
            let place = below(bytes.count)
            switch below(6) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
            case 1: bytes[place] ^= 1 << UInt8(below(8))
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(UInt8(truncatingIfNeeded: next()), at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + below(20) + 1))
            default: bytes.swapAt(place, below(bytes.count))
            }
        }
        return bytes
    }
}
