import Documents

extension SchemaCheck {
    /// Choices and shapes that a connector looks up.
    static let dynamicValues = SchemaCheck { pair in
        for key in ["x-ms-dynamic-values", "x-ms-dynamic-list", "x-ms-dynamic-tree"] {
            pair.compareLookup(
                key, added: "cx-dynamic-values-added", removed: "cx-dynamic-values-removed",
                changed: "cx-dynamic-values-changed")
        }
        for key in ["x-ms-dynamic-schema", "x-ms-dynamic-properties"] {
            pair.compareLookup(
                key, added: "cx-dynamic-schema-added", removed: "cx-dynamic-schema-removed",
                changed: "cx-dynamic-schema-changed")
        }
    }

    /// The property that takes the callback address of a webhook.
    static let notificationURL = SchemaCheck { pair in
        let key = "x-ms-notification-url"
        func isOn(_ node: Node?) -> Bool { node?.boolean ?? (node?.string == "true") }
        let (old, new) = (pair.base[key], pair.revision[key])
        guard isOn(old) != isOn(new) else { return }
        pair.report(
            id: "cx-notification-url-moved",
            text: isOn(new) ? "now takes the callback address" : "no longer takes the callback address", base: old,
            revision: new)
    }

    /// Words for people.
    static let texts = SchemaCheck { pair in
        for key in ["title", "description", "x-ms-summary"] {
            let (old, new) = (pair.base[key], pair.revision[key])
            guard old?.scalarText != new?.scalarText else { continue }
            let verb = old == nil ? "was added" : new == nil ? "was removed" : "was reworded"
            pair.report(id: "api-text-changed", text: "'\(key)' \(verb)", base: old, revision: new)
        }
    }
}

extension SchemaComparison {
    private func target(_ node: Node?) -> String? {
        node?["operationId"]?.string ?? node?["open"]?["operationId"]?.string
    }

    fileprivate mutating func compareLookup(_ key: String, added: String, removed: String, changed: String) {
        switch (base[key], revision[key]) {
        case (nil, nil): break
        case (nil, let new?): report(id: added, text: "'\(key)' was added", revision: new)
        case (let old?, nil): report(id: removed, text: "'\(key)' was removed", base: old)
        case (let old?, let new?):
            guard !haveSameContent(old, new) else { break }
            if haveSameContent(old, new, ignoring: ["value-title", "itemTitlePath", "itemFullTitlePath"]) {
                report(id: "cx-dynamic-title-changed", text: "'\(key)' shows other titles", base: old, revision: new)
            } else {
                let (from, to) = (old["operationId"]?.string, new["operationId"]?.string)
                let text =
                    from != to
                    ? "'\(key)' asks '\(to ?? "")' instead of '\(from ?? "")'" : "'\(key)' looks up in another way"
                report(id: changed, text: text, base: old, revision: new)
            }
        }
        if let target = self.target(revision[key]), !graph.hasOperation(target),
            target != self.target(base[key]) || graph.hadOperation(target)
        {
            report(
                id: "cx-dynamic-target-missing", text: "'\(key)' asks '\(target)', which is not in the definition",
                revision: revision[key])
        }
    }
}
