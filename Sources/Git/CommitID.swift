import CLibGit2

/// The name of a git object: 40 hexadecimal digits.
public struct CommitID: Sendable, Hashable, CustomStringConvertible {
    /// All 40 digits.
    public let hex: String

    /// The first ten digits, for people.
    public var short: String { String(hex.prefix(10)) }
    public var description: String { hex }

    /// Nil unless the text is 40 hexadecimal digits.
    public init?(hex: String) {
        guard hex.utf8.count == 40, hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        self.hex = hex
    }

    init(_ id: git_oid) {
        var id = id
        var text = [CChar](repeating: 0, count: Int(GIT_OID_HEXSZ) + 1)
        git_oid_tostr(&text, text.count, &id)
        hex = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    var raw: git_oid {
        var id = git_oid()
        git_oid_fromstr(&id, hex)
        return id
    }
}
