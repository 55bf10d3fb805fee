/// Writes archives field by field, so that tests can make ones that no sane writer would.
struct RawZip {
    struct Entry {
        var name: [UInt8]
        var content: [UInt8]
        var declaredSize: Int?
        var checksum: UInt32?
        var attributes: UInt32 = 0
        var madeBy: UInt16 = 3 << 8 | 20
        var flags: UInt16 = 0x800
        var method: UInt16 = 0

        init(_ name: String, _ content: String = "content") {
            self.name = Array(name.utf8)
            self.content = Array(content.utf8)
        }
    }

    var entries: [Entry] = []

    var bytes: [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let size = UInt32(entry.declaredSize ?? entry.content.count)
            let shared =
                two(20) + two(entry.flags) + two(entry.method) + two(0) + two(0x5821)
                + four(entry.checksum ?? RawZip.checksum(entry.content)) + four(UInt32(entry.content.count))
                + four(entry.method == 0 ? UInt32(entry.content.count) : size) + two(UInt16(entry.name.count)) + two(0)
            directory += four(0x0201_4b50) + two(entry.madeBy) + shared + two(0) + two(0) + two(0)
            directory += four(entry.attributes) + four(UInt32(archive.count)) + entry.name
            archive += four(0x0403_4b50) + shared + entry.name + entry.content
        }
        let start = UInt32(archive.count)
        let end =
            four(0x0605_4b50) + two(0) + two(0) + two(UInt16(entries.count)) + two(UInt16(entries.count))
            + four(UInt32(directory.count)) + four(start) + two(0)
        return archive + directory + end
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xffff_ffff
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
        return ~sum
    }

    private func two(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
    private func four(_ value: UInt32) -> [UInt8] { two(UInt16(value & 0xffff)) + two(UInt16(value >> 16)) }
}
