import Documents
import OpenAPI

extension OperationCheck {
    /// The operation's name and place.
    static let identity = OperationCheck { pair in
        let (old, new) = (pair.base, pair.revision)
        if old.method != new.method || PathTemplate(old.path).shape != PathTemplate(new.path).shape {
            pair.report(
                "cx-operation-moved", "the operation moved from '\(old.label)' to '\(new.label)'", base: old.keyNode,
                revision: new.keyNode)
        } else if pair.profile == .connector {
            for (from, to) in pair.pathParameters.sorted(by: { $0.key < $1.key }) where from != to {
                pair.report(
                    "cx-parameter-renamed", "the path parameter '\(from)' is now called '\(to)'",
                    part: "path parameter '\(from)'", base: old.pathKeyNode, revision: new.pathKeyNode)
            }
        }
        let (from, to) = (old.node["operationId"], new.node["operationId"])
        guard old.operationID != new.operationID else { return }
        switch (old.operationID, new.operationID) {
        case (nil, let name?):
            pair.report("api-operation-id-added", "the operationId '\(name)' is new", base: old.keyNode, revision: to)
        case (let name?, nil):
            pair.report(
                pair.profile == .connector ? "cx-operation-id-removed" : "api-operation-id-removed",
                "the operationId '\(name)' is gone", base: from, revision: new.keyNode)
        case (let before?, let after?):
            pair.report(
                pair.profile == .connector ? "cx-operation-id-changed" : "api-operation-id-removed",
                "the operationId changed from '\(before)' to '\(after)'", base: from, revision: to)
        case (nil, nil): break
        }
    }

    /// The tags.
    static let tags = OperationCheck { pair in
        let (old, new) = (pair.base.tags, pair.revision.tags)
        for tag in old where !new.contains(tag) {
            pair.report(
                "api-tag-removed", "the tag '\(tag)' is gone", base: pair.base.node["tags"],
                revision: pair.revision.keyNode)
        }
        for tag in new where !old.contains(tag) {
            pair.report(
                "api-tag-added", "the tag '\(tag)' is new", base: pair.base.keyNode,
                revision: pair.revision.node["tags"])
        }
    }

    /// Words for people.
    static let presentation = OperationCheck { pair in
        for key in ["summary", "description"] {
            let (old, new) = (pair.base.node[key], pair.revision.node[key])
            guard old?.scalarText != new?.scalarText else { continue }
            let verb = old == nil ? "was added" : new == nil ? "was removed" : "was reworded"
            pair.report(
                "api-text-changed", "'\(key)' \(verb)", base: old ?? pair.base.keyNode,
                revision: new ?? pair.revision.keyNode)
        }
    }
}
