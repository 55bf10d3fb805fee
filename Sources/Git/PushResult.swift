/// How a push of a tag ended well.
public enum PushResult: Sendable, Hashable {
    /// The remote did not have the tag and does now.
    case pushed
    /// The remote had the same tag before.
    case alreadyThere
}
