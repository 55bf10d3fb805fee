import Documents
import OpenAPI

extension OperationCheck {
    /// Whether and how the operation starts flows.
    static let trigger = OperationCheck { pair in
        let key = "x-ms-trigger"
        let (old, new) = (pair.base.node[key] ?? pair.base.keyNode, pair.revision.node[key] ?? pair.revision.keyNode)
        switch (pair.base.triggerKind, pair.revision.triggerKind) {
        case (nil, let kind?):
            pair.report("cx-trigger-added", "the action became a trigger ('\(kind)')", base: old, revision: new)
        case (_?, nil): pair.report("cx-trigger-removed", "the trigger is no longer one", base: old, revision: new)
        case (let before?, let after?) where before != after:
            pair.report(
                "cx-trigger-kind-changed", "the trigger changed from '\(before)' to '\(after)'", base: old,
                revision: new)
        default: break
        }
        let (hint, newHint) = (pair.base.node["x-ms-trigger-hint"], pair.revision.node["x-ms-trigger-hint"])
        if hint?.scalarText != newHint?.scalarText {
            pair.report(
                "cx-trigger-hint-changed", "the trigger's hint is different", base: hint ?? old,
                revision: newHint ?? new)
        }
        comparePayload(&pair)
    }

    private static func comparePayload(_ pair: inout OperationPair) {
        guard pair.base.isTrigger || pair.revision.isTrigger else { return }
        let key = "x-ms-notification-content"
        switch (pair.base.pathNode[key], pair.revision.pathNode[key]) {
        case (nil, let new?):
            pair.report(
                "cx-notification-content-added", "the webhook payload is now described", base: pair.base.keyNode,
                revision: new)
        case (let old?, nil):
            pair.report(
                "cx-notification-content-removed", "the webhook payload is no longer described", base: old,
                revision: pair.revision.keyNode)
        case (let old?, let new?):
            pair.compareSchemas(
                old["schema"], new["schema"], at: SchemaPlace(part: .notification, mediaType: "application/json"))
        case (nil, nil): break
        }
    }

    /// How makers see the operation, and which of its family it is.
    static let annotation = OperationCheck { pair in
        let (was, now) = (pair.base.visibility ?? "none", pair.revision.visibility ?? "none")
        if was != now {
            pair.report(
                now == "internal" ? "cx-operation-internal" : "cx-visibility-changed",
                "the visibility changed from '\(was)' to '\(now)'",
                base: pair.base.node["x-ms-visibility"] ?? pair.base.keyNode,
                revision: pair.revision.node["x-ms-visibility"] ?? pair.revision.keyNode)
        }
        compareFamily(&pair)
        guard pair.profile == .connector, pair.revision.isDeprecated, !pair.base.isDeprecated else { return }
        if pair.revision.summary?.lowercased().contains("deprecated") != true {
            pair.report(
                "cx-deprecated-unmarked", "the operation is deprecated, but its summary does not end in '(deprecated)'",
                base: pair.base.keyNode, revision: pair.revision.node["summary"] ?? pair.revision.keyNode)
        }
    }

    private static func compareFamily(_ pair: inout OperationPair) {
        let key = "x-ms-api-annotation"
        let (old, new) = (pair.base.node[key], pair.revision.node[key])
        let (base, revision) = (old ?? pair.base.keyNode, new ?? pair.revision.keyNode)
        if let from = old?["family"]?.string, from != new?["family"]?.string {
            pair.report(
                "cx-annotation-family-changed",
                "the family changed from '\(from)' to '\(new?["family"]?.string ?? "")'", base: base, revision: revision
            )
        } else if let from = old?["revision"]?.integer, let to = new?["revision"]?.integer, to < from {
            pair.report(
                "cx-annotation-revision-lowered", "the revision went from \(from) down to \(to)", base: base,
                revision: revision)
        }
        if let family = new?["family"]?.string, let number = new?["revision"]?.integer,
            old?["revision"]?.integer != number
        {
            let twin = pair.revisionDefinition.operations.first { other in
                other.node != pair.revision.node && other.node[key]?["family"]?.string == family
                    && other.node[key]?["revision"]?.integer == number
            }
            if let twin {
                pair.report(
                    "cx-annotation-revision-duplicate",
                    "revision \(number) of the family '\(family)' is also '\(twin.operationID ?? twin.label)'",
                    base: base, revision: revision)
            }
        }
        let (before, after) = (old?["status"]?.string?.lowercased(), new?["status"]?.string?.lowercased())
        if before == "production", after == "preview" {
            pair.report("cx-annotation-preview", "the operation went back to preview", base: base, revision: revision)
        } else if before == "preview", after == "production" {
            pair.report("cx-annotation-production", "the operation left preview", base: base, revision: revision)
        }
        if let target = new?["replacement"]?["operationId"]?.string, !pair.graph.hasOperation(target),
            old?["replacement"]?["operationId"]?.string != target
        {
            pair.report(
                "cx-annotation-replacement-missing", "the replacement '\(target)' is not in the definition", base: base,
                revision: revision)
        }
    }

    /// Pages and pieces.
    static let paging = OperationCheck { pair in
        let key = "x-ms-pageable"
        switch (pair.base.node[key], pair.revision.node[key]) {
        case (nil, nil): break
        case (nil, let new?):
            pair.report("cx-pageable-added", "the answer now comes in pages", base: pair.base.keyNode, revision: new)
        case (let old?, nil):
            pair.report(
                "cx-pageable-removed", "the answer no longer comes in pages", base: old,
                revision: pair.revision.keyNode)
        case (let old?, let new?):
            let (from, to) = (old["nextLinkName"]?.scalarText ?? "", new["nextLinkName"]?.scalarText ?? "")
            guard from != to else { break }
            pair.report(
                "cx-next-link-changed", "the next page is named by '\(to)' instead of '\(from)'", base: old,
                revision: new)
        }
        let (old, new) = (pair.base.node["x-ms-capabilities"], pair.revision.node["x-ms-capabilities"])
        if (old?["chunkTransfer"]?.boolean ?? false) != (new?["chunkTransfer"]?.boolean ?? false) {
            pair.report(
                "cx-chunking-changed", "large content is moved in another way", base: old ?? pair.base.keyNode,
                revision: new ?? pair.revision.keyNode)
        }
    }
}
