import Documents

extension SchemaCheck {
    /// Closed lists of values, and open ones (`x-extensible-enum`).
    static let enumeration = SchemaCheck { pair in
        let base = pair.base["enum"].map { $0.elements.filter { !$0.isNull } }
        let revision = pair.revision["enum"].map { $0.elements.filter { !$0.isNull } }
        switch (base, revision) {
        case (nil, nil): break
        case (nil, let values?):
            guard pair.base["const"] == nil else { break }
            pair.report(
                "became-enum", text: "is restricted to \(list(values.map(shortText)))", revision: pair.revision["enum"])
        case (let values?, nil):
            guard pair.revision["const"] == nil else { break }
            pair.report(
                "enum-opened", text: "is no longer restricted to \(list(values.map(shortText)))",
                base: pair.base["enum"])
        case (let old?, let new?):
            let oldTexts = Set(old.map(shortText))
            let newTexts = Set(new.map(shortText))
            for value in old where !newTexts.contains(shortText(value)) {
                pair.report(
                    "enum-value-removed", text: "the value \(shortText(value)) is no longer allowed", base: value,
                    revision: pair.revision["enum"])
            }
            for value in new where !oldTexts.contains(shortText(value)) {
                pair.report(
                    "enum-value-added", text: "the value \(shortText(value)) is new", base: pair.base["enum"],
                    revision: value)
            }
        }
        guard let old = pair.base["x-extensible-enum"], let new = pair.revision["x-extensible-enum"] else { return }
        let kept = Set(new.elements.map(shortText))
        for value in old.elements where !kept.contains(shortText(value)) {
            pair.report(
                "x-extensible-enum-value-removed", text: "the value \(shortText(value)) is no longer listed",
                base: value,
                revision: new)
        }
    }

    /// The one fixed value.
    static let constant = SchemaCheck { pair in
        switch (pair.base["const"], pair.revision["const"]) {
        case (nil, let value?):
            pair.report("const-added", text: "is now always \(shortText(value))", revision: value)
        case (let value?, nil):
            pair.report("const-removed", text: "is no longer always \(shortText(value))", base: value)
        case (let old?, let new?) where !haveSameContent(old, new):
            pair.report(
                "const-changed", text: "the fixed value changed from \(shortText(old)) to \(shortText(new))", base: old,
                revision: new)
        default: break
        }
    }

    /// What counts when the value is left out.
    static let defaultValue = SchemaCheck { pair in
        switch (pair.base["default"], pair.revision["default"]) {
        case (nil, let value?):
            pair.report("default-value-added", text: "the default \(shortText(value)) is new", revision: value)
        case (let value?, nil):
            pair.report("default-value-removed", text: "the default \(shortText(value)) is gone", base: value)
        case (let old?, let new?) where !haveSameContent(old, new):
            pair.report(
                "default-value-changed", text: "the default changed from \(shortText(old)) to \(shortText(new))",
                base: old, revision: new)
        default: break
        }
    }
}

/// A value on one line, shortened, strings in quotes.
func shortText(_ node: Node) -> String {
    if let text = node.string { return "'\(text.count > 60 ? "\(text.prefix(57))..." : text)'" }
    if let text = node.scalarText { return text }
    let text = node.value.json(pretty: false)
    return text.count > 60 ? "\(text.prefix(57))..." : text
}

/// Words in a row, the surplus counted.
func list(_ words: [String]) -> String {
    let shown = words.prefix(6).joined(separator: ", ")
    return words.count > 6 ? "\(shown) and \(words.count - 6) more" : shown
}

/// Whether two nodes hold the same value, whatever the order of members.
func haveSameContent(_ left: Node, _ right: Node, ignoring ignored: Set<String> = []) -> Bool {
    guard left.kind == right.kind else { return false }
    switch left.kind {
    case .null: return true
    case .boolean: return left.boolean == right.boolean
    case .string: return left.string == right.string
    case .number: return left.number == right.number
    case .array:
        guard left.count == right.count else { return false }
        return zip(left.elements, right.elements).allSatisfy { haveSameContent($0, $1, ignoring: ignored) }
    case .object:
        var count = 0
        for member in left.members where !ignored.contains(member.key) {
            guard let other = right[member.key], haveSameContent(member.value, other, ignoring: ignored) else {
                return false
            }
            count += 1
        }
        return right.members.reduce(0) { $0 + (ignored.contains($1.key) ? 0 : 1) } == count
    }
}
