/// The keys of the maps that are being read, innermost last; finds the ones that a map has twice.
struct KeyTable {
    private struct Entry {
        var hash: UInt32
        var slot: UInt32
    }

    private var entries: [Entry] = []
    private var table: [UInt32] = []
    /// Different in each process, so that nobody can prepare keys that collide.
    private static let seed = UInt64.random(in: .min ... .max) | 1

    var count: Int { entries.count }

    /// Adds a key of a JSON text.
    mutating func append(_ index: Int, _ slot: Slot, _ text: UnsafeBufferPointer<UInt8>) {
        let range = slot.range
        let inside = slot.marks.contains(.quoted) ? range.lowerBound + 1..<range.upperBound - 1 : range
        let bytes = UnsafeBufferPointer(rebasing: text[inside])
        if slot.marks.contains(.escaped) {
            JSONEscapes.decode(bytes).withUnsafeBufferPointer { append(index, $0) }
        } else {
            append(index, bytes)
        }
    }

    /// Adds a key by its decoded text.
    @inline(__always)
    mutating func append(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        entries.append(Entry(hash: Self.hash(bytes), slot: UInt32(truncatingIfNeeded: index)))
    }

    /// Ends the innermost map, whose keys begin at an index of this table; gives each key that stood there before.
    mutating func removeKeys(
        from start: Int, isEqual: (_ left: Int, _ right: Int) -> Bool
    ) -> [(first: Int, second: Int)] {
        let count = entries.count - start
        defer { entries.removeLast(count) }
        if count < 2 { return [] }
        if count > 12 { return findInTable(start, isEqual) }
        var found: [(first: Int, second: Int)] = []
        for second in start + 1..<entries.count {
            let hash = entries[second].hash
            for first in start..<second where entries[first].hash == hash {
                if isEqual(Int(entries[first].slot), Int(entries[second].slot)) {
                    found.append((Int(entries[first].slot), Int(entries[second].slot)))
                    break
                }
            }
        }
        return found
    }

    private mutating func findInTable(
        _ start: Int, _ isEqual: (Int, Int) -> Bool
    ) -> [(first: Int, second: Int)] {
        var found: [(first: Int, second: Int)] = []
        let count = entries.count - start
        let size = 1 << (Int.bitWidth - (count * 2 - 1).leadingZeroBitCount)
        table.removeAll(keepingCapacity: true)
        table.append(contentsOf: repeatElement(UInt32.max, count: size))
        for index in start..<entries.count {
            let entry = entries[index]
            var place = Int(entry.hash) & (size - 1)
            var isNew = true
            while table[place] != UInt32.max {
                let known = entries[start + Int(table[place])]
                if known.hash == entry.hash, isEqual(Int(known.slot), Int(entry.slot)) {
                    found.append((Int(known.slot), Int(entry.slot)))
                    isNew = false
                    break
                }
                place = (place + 1) & (size - 1)
            }
            if isNew { table[place] = UInt32(truncatingIfNeeded: index - start) }
        }
        return found
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count)
        var at = 0
        if let base = bytes.baseAddress {
            while at + 8 <= bytes.count {
                mix(&hash, UnsafeRawPointer(base).loadUnaligned(fromByteOffset: at, as: UInt64.self))
                at += 8
            }
        }
        var rest: UInt64 = 0
        while at < bytes.count {
            rest = rest << 8 | UInt64(bytes[at])
            at += 1
        }
        mix(&hash, rest)
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }

    @inline(__always)
    private static func mix(_ hash: inout UInt64, _ word: UInt64) {
        let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        hash = product.high ^ product.low &+ seed
    }
}

extension Problems {
    mutating func reportDuplicateKey(_ key: String, first: Range<Int>, second: Range<Int>) {
        report(
            "document/duplicate-key", "the key '\(key)' stands here a second time", second,
            notes: [Diagnostic.Note("the first one", at: location(first))])
    }
}
