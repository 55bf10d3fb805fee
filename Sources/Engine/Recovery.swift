/// What a stage found out about an attempt that started and never ended.
public enum Recovery<Output: Sendable>: Sendable {
    case completed(Output)
    case notStarted
    /// It cannot tell; the text says what a person should look at.
    case unknown(String)
}
