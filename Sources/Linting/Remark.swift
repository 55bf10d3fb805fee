import Documents

/// What a function says about its target.
struct Remark {
    var message: String
    /// The node it is about instead of the target.
    var node: Node?
    /// Where it is, below ``node`` or the target.
    var path: [String]
    /// Points at the member's name rather than its value.
    var isAboutName = false
    /// Points at a reference itself rather than at what it leads to.
    var keepsReference = false

    init(
        _ message: String, at node: Node? = nil, path: [String] = [], isAboutName: Bool = false,
        keepsReference: Bool = false
    ) {
        self.message = message
        self.node = node
        self.path = path
        self.isAboutName = isAboutName
        self.keepsReference = keepsReference
    }
}
