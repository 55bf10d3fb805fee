import Documents

/// A smallest or largest number.
struct SchemaBound {
    var value: Double
    var text: String
    var isExclusive: Bool
    var node: Node

    /// The bound that a number states; nil for anything else.
    init?(_ node: Node, isExclusive: Bool) {
        guard let value = node.number else { return nil }
        self.value = value
        self.text = node.numberText ?? "\(value)"
        self.isExclusive = isExclusive
        self.node = node
    }
}
