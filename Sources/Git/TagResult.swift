/// How the making of a tag ended well.
public enum TagResult: Sendable, Hashable {
    /// The tag did not exist and does now.
    case created(Tag)
    /// The tag was on that commit before; `difference` says what is not as asked for, such as its message.
    case alreadyThere(Tag, difference: String?)

    /// The tag as it is in the repository.
    public var tag: Tag {
        switch self {
        case .created(let tag), .alreadyThere(let tag, _): tag
        }
    }
}
