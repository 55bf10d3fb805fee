public import Documents

/// A `when`: a map holds when every entry holds, a list when any of its maps does.
public struct Condition: Sendable, Hashable, Codable {
    /// One entry: the value at a reference equals the expected one, or one of them.
    public struct Entry: Sendable, Hashable, Codable {
        /// As written, such as `stages.diff.level`.
        public var subject: String
        public var argument: Argument
        /// A list in the manifest means any of its values.
        public var expected: [Value]

        public init(subject: String, argument: Argument, expected: [Value]) {
            self.subject = subject
            self.argument = argument
            self.expected = expected
        }
    }

    /// Any of these, each of which holds when all its entries do.
    public var alternatives: [[Entry]]

    public init(alternatives: [[Entry]]) { self.alternatives = alternatives }
}
