/// A piece of an XML file: tokens follow one another without a gap, so that writing them all gives the file back.
public struct XMLToken: Sendable, Hashable {
    /// What a token is.
    public enum Kind: Sendable, Hashable {
        /// `<?xml ... ?>` at the beginning.
        case declaration
        /// Any other `<? ... ?>`.
        case instruction
        case comment
        case cdata
        case text
        /// `<a>`
        case start
        /// `<a />`
        case empty
        /// `</a>`
        case end
    }

    /// An attribute of a tag.
    public struct Attribute: Sendable, Hashable {
        /// The bytes of the name.
        public var name: Range<Int>
        /// The bytes between the quotes.
        public var value: Range<Int>
        /// From the white space before the name to the closing quote.
        public var range: Range<Int>
    }

    public var kind: Kind
    /// All bytes of the token.
    public var range: Range<Int>
    /// The bytes of the tag's name; empty for what is no tag.
    public var name: Range<Int>
    /// The attributes of a start tag in the order of the file.
    public var attributes: [Attribute]
}
