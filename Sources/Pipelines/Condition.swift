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

        /// Whether a value is one that is expected, where 1 and 1.0 are the same.
        public func isMet(by actual: Value) -> Bool {
            expected.contains { wanted in
                switch (wanted, actual) {
                case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
                    Double(whole) == number
                default: wanted == actual
                }
            }
        }
    }

    /// Any of these, each of which holds when all its entries do.
    public var alternatives: [[Entry]]

    public init(alternatives: [[Entry]]) { self.alternatives = alternatives }

    /// Whether the plan says already that it does not hold, whatever the run finds.
    public var neverHolds: Bool {
        alternatives.allSatisfy { entries in
            entries.contains { entry in entry.argument.literal.map { !entry.isMet(by: $0) } ?? false }
        }
    }
}
