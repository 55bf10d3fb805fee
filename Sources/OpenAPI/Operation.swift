public import Documents

/// One verb of one path.
public struct Operation: Sendable {
    /// The path template as written, or the webhook's name.
    public var path: String
    /// The verb in lower case.
    public var method: String
    /// The operation object.
    public var node: Node
    /// The verb's key, the place to point at when the whole operation is meant.
    public var keyNode: Node
    /// The path item object, references followed.
    public var pathNode: Node
    /// The path's key.
    public var pathKeyNode: Node
    /// The parameters of operation and path together, references followed, without 2.0 `body` and `formData`.
    public var parameters: [Parameter]
    /// What a caller sends: 2.0 `body` and `formData` and 3.x `requestBody` alike.
    public var body: Body?
    /// The answers, in document order.
    public var responses: [Response]
    /// The security alternatives in effect, the definition's own where the operation says nothing; nil where none is declared.
    public var security: [[String: [String]]]?

    /// The operation's stable name, to which flows and apps bind.
    public var operationID: String? { node["operationId"]?.scalarText }
    /// The short title.
    public var summary: String? { node["summary"]?.scalarText }
    /// The long text.
    public var description: String? { node["description"]?.scalarText }
    /// Whether callers should stop using it.
    public var isDeprecated: Bool { node["deprecated"]?.boolean ?? false }
    /// The tags, as written.
    public var tags: [String] { (node["tags"].map { Array($0.elements) } ?? []).compactMap(\.scalarText) }
    /// Whether it starts flows (`x-ms-trigger`).
    public var isTrigger: Bool { triggerKind != nil }
    /// The kind of trigger: `single` or `batch`.
    public var triggerKind: String? { node["x-ms-trigger"]?.scalarText.flatMap { $0.isEmpty ? nil : $0 } }
    /// How prominently makers see it (`x-ms-visibility`); an empty value counts as none.
    public var visibility: String? { node["x-ms-visibility"]?.scalarText.flatMap { $0.isEmpty ? nil : $0 } }
    /// Verb and path for people: `GET /invoices/{id}`.
    public var label: String { "\(method.uppercased()) \(path)" }
}
