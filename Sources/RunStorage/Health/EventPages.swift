import Documents
import Engine
import Foundation

/// The events in the pages of an SQLite file, whatever of its trees can still be followed.
///
/// Each event says its own number and has the hash of the one before it, so that nothing else passes for one.
struct EventPages {
    private let bytes: Data
    private let size: Int
    private let usable: Int

    init(_ data: Data) {
        bytes = data
        let written = bytes.count >= 100 ? Int(bytes[16]) << 8 | Int(bytes[17]) : 0
        let isSize = written >= 512 && written <= 32_768 && written & (written - 1) == 0
        size = written == 1 ? 65_536 : isSize ? written : 4096
        usable = size - (isSize && bytes[20] < 64 ? Int(bytes[20]) : 0)
    }

    /// Whether there is an event in them.
    var hasEvents: Bool {
        var found = false
        visit { _, _ in
            found = true
            return false
        }
        return found
    }

    /// Shows each line with its id: the number of the run in the high half, the sequence in the low one.
    ///
    /// - Parameter take: Says whether to go on. It may be given an event more than once.
    func visit(_ take: (Int64, String) throws -> Bool) rethrows {
        for page in 0..<(bytes.count / size) {
            let start = page * size
            let head = start + (page == 0 ? 100 : 0)
            // A leaf of a table.
            guard bytes[head] == 13 else { continue }
            let count = number(head + 3, 2)
            guard head + 8 + 2 * count <= start + size else { continue }
            for cell in 0..<count {
                let place = start + number(head + 8 + 2 * cell, 2)
                guard let (id, line) = event(at: place, of: start) else { continue }
                guard try take(id, line) else { return }
            }
        }
    }

    private func event(at place: Int, of page: Int) -> (Int64, String)? {
        var place = place
        guard let length = varint(&place, page + size), let id = varint(&place, page + size), id > 1 << 32,
            let payload = payload(length, place, page + size)
        else { return nil }
        // A header of two columns: the id, which stands outside, and text.
        guard payload.count > 2, payload[1] == 0 else { return nil }
        var header = 2
        var kind: UInt64 = 0
        repeat {
            guard header < payload.count, header < 11 else { return nil }
            kind = kind << 7 | UInt64(payload[header] & 0x7f)
            header += 1
        } while payload[header - 1] & 0x80 != 0
        guard Int(payload[0]) == header, kind >= 13, kind % 2 == 1, header + Int((kind - 13) / 2) == payload.count,
            Self.sequence(of: Array(payload[header...])) == Int(id & 0xffff_ffff)
        else { return nil }
        return (id, String(decoding: payload[header...], as: UTF8.self))
    }

    /// What an event says of its place; nil for what is none.
    private static func sequence(of line: [UInt8]) -> Int? {
        do throws(RunStoreError) {
            return try LedgerLine(bytes: line).event.sequence
        } catch .newer {
            // Another version reads the rest of it.
            return (try? Value(json: line))?["sequence"]?.integer
        } catch {
            return nil
        }
    }

    /// The bytes of a cell, of which a long one goes on in other pages.
    private func payload(_ length: Int64, _ place: Int, _ end: Int) -> [UInt8]? {
        guard length > 0, length < Int64(bytes.count) else { return nil }
        let length = Int(length)
        let most = usable - 35
        let least = (usable - 12) * 32 / 255 - 23
        let rest = least + (length - least) % (usable - 4)
        let here = length <= most ? length : rest <= most ? rest : least
        guard place + here <= end, place + here <= bytes.count else { return nil }
        var result = Array(bytes[place..<(place + here)])
        guard result.count < length else { return result }
        guard place + here + 4 <= bytes.count else { return nil }
        var next = number(place + here, 4)
        while result.count < length {
            let start = (next - 1) * size
            guard next > 1, start + size <= bytes.count else { return nil }
            result += bytes[(start + 4)..<(start + 4 + min(usable - 4, length - result.count))]
            next = number(start, 4)
        }
        return result
    }

    private func number(_ place: Int, _ count: Int) -> Int {
        bytes[place..<(place + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    private func varint(_ place: inout Int, _ end: Int) -> Int64? {
        var value: UInt64 = 0
        for position in 0..<9 {
            guard place < end, place < bytes.count else { return nil }
            let byte = bytes[place]
            place += 1
            if position == 8 {
                value = value << 8 | UInt64(byte)
                break
            }
            value = value << 7 | UInt64(byte & 0x7f)
            if byte & 0x80 == 0 { break }
        }
        return Int64(bitPattern: value)
    }
}
