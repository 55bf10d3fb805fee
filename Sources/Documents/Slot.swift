/// One entry of a document's tape, 16 bytes: a scalar, a key, or the head of a list or map whose content follows.
///
/// A map's content is key, value, key, value...; a container's `link` is the index just after its content. A scalar's
/// `link` says where its text stands in the document's text pool, if it is pooled.
struct Slot {
    /// The bytes of the value in the file, quotes included.
    var start: UInt32
    var end: UInt32
    var link: UInt32
    /// Kind and marks in the low byte, the number of members or elements above it.
    private var meta: UInt32

    enum Kind: UInt32 {
        case null = 0
        case boolean = 1
        case number = 2
        case string = 3
        case list = 4
        case map = 5
    }

    /// Facts about a scalar.
    struct Marks: OptionSet {
        var rawValue: UInt32
        /// The text is the range without its first and last byte.
        static let quoted = Marks(rawValue: 8)
        /// JSON: the text has escapes to decode.
        static let escaped = Marks(rawValue: 16)
        /// YAML: the text is in the pool, because it is not what stands in the file.
        static let pooled = Marks(rawValue: 32)
        /// YAML: written without quotes, not as a block.
        static let plain = Marks(rawValue: 64)
        /// A number without fraction and exponent.
        static let integer = Marks(rawValue: 128)
    }

    private static let countLimit = (1 << 24) - 1

    init(_ kind: Kind, _ range: Range<Int>, marks: Marks = []) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        end = UInt32(truncatingIfNeeded: range.upperBound)
        link = 0
        meta = kind.rawValue | marks.rawValue
    }

    var kind: Kind { Kind(rawValue: meta & 7) ?? .null }
    var marks: Marks { Marks(rawValue: meta & 0xF8) }
    var range: Range<Int> { Int(start)..<Int(end) }
    var isContainer: Bool { meta & 7 >= Kind.list.rawValue }

    /// The number of members or elements, nil when it is too large to be noted.
    var count: Int? {
        let count = Int(meta >> 8)
        return count < Self.countLimit ? count : nil
    }

    /// Notes where a container ends and how much is in it.
    mutating func close(end: Int, next: Int, count: Int) {
        self.end = UInt32(truncatingIfNeeded: end)
        link = UInt32(truncatingIfNeeded: next)
        meta = meta & 0xFF | UInt32(truncatingIfNeeded: min(count, Self.countLimit)) << 8
    }

    /// Makes a scalar a pooled one.
    mutating func pool(at offset: Int) {
        link = UInt32(truncatingIfNeeded: offset)
        meta = meta & ~Marks([.quoted, .escaped]).rawValue | Marks.pooled.rawValue
    }
}
