/// A value as an environment keeps it: text, or a secret of which only the reference and a keyed digest are kept.
public struct StoredText: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The text, or for a secret the reference such as `${{ secrets.NAME }}`.
    public var text: String
    /// HMAC-SHA-256 of a secret's value under the environment's own key; nil for what is no secret.
    public var secretDigest: String?

    public var isSecret: Bool { secretDigest != nil }
    public var description: String { text }

    /// A value in the open.
    public init(_ text: String) { self.text = text }

    /// A text that may hold references to secrets, of which the value is revealed here and not kept.
    init(_ text: String, key: String, reveal: (String) throws -> String) throws {
        self.text = text
        let value = try reveal(text)
        if value != text { secretDigest = Digest.keyed(value, key: key) }
    }
}
