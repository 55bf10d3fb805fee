import Documents

/// The members that an object may and must have.
struct ObjectShape: Sendable {
    /// A requirement that names and shapes of members cannot express.
    struct Demand: Sendable {
        var isMet: @Sendable (Node) -> Bool
        var message: String
    }

    var fields: [String: Shape]
    var required: [String] = []
    /// What members under other names look like; nothing: they are not expected.
    var others: Shape?
    var demands: [Demand] = []
    /// Whether names that begin with `x-` are free.
    var allowsExtensions = true
    /// Whether true and false stand for an object, as they do for schemas of OpenAPI 3.1.
    var allowsBoolean = false
    /// The message for a value that is no object.
    var kindMessage: String?

    init(
        _ fields: [String: Shape], required: [String] = [], others: Shape? = nil, demands: [Demand] = [],
        allowsExtensions: Bool = true, allowsBoolean: Bool = false, kindMessage: String? = nil
    ) {
        self.fields = fields
        self.required = required
        self.others = others
        self.demands = demands
        self.allowsExtensions = allowsExtensions
        self.allowsBoolean = allowsBoolean
        self.kindMessage = kindMessage
    }
}
