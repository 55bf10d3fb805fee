import Documents

/// What a rule's path and field lead to: the value to judge and where it stands.
struct Target {
    /// The value, references followed; nothing where the document has none.
    var value: Node?
    /// The member's name, where the rule judges names (`@key`, `~`).
    var name: String?
    /// Where it stands, or the deepest node above it that exists.
    var site: Node
    /// What is missing below ``site``.
    var missing: [String] = []
    /// The name under which the site was reached.
    var property: String?

    /// The value as a function sees it.
    var script: ScriptValue { name.map { .text($0) } ?? ScriptValue(value) }

    /// Text of a string value or of a name.
    var text: String? { name ?? value?.string }
}
