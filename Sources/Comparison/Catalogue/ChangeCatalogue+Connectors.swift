/// Changes that matter to the flows and apps of a connector, in names of our own.
extension ChangeCatalogue {
    static let connectorRows: [ChangeRow] = [
        ChangeRow(
            "cx-operation-id-changed", "The operation has another operationId, the name that flows and apps keep.",
            "=:E/M"),
        ChangeRow(
            "cx-operation-id-removed", "The operation lost its operationId, the name that flows and apps keep.", "=:E/M"
        ),
        ChangeRow(
            "cx-operation-moved",
            "The operation with this operationId is at another path or verb; flows do not notice.",
            "=:I/p"),
        ChangeRow(
            "cx-body-parameter-renamed", "The body parameter has another name, with which flows prefix its values.",
            "=:E/M"),
        ChangeRow(
            "cx-parameter-renamed", "A path parameter has another name, under which flows keep its value.", "=:E/M"),
        ChangeRow(
            "cx-parameter-moved", "A parameter travels in another place; saved flows keep sending it in the old one.",
            "=:E/M"),
        ChangeRow(
            "cx-parameter-order-changed",
            "Required parameters come in another order, and formulas in apps pass them by "
                + "position.", "=:W/M"),
        ChangeRow("cx-operation-internal", "The operation is now hidden from makers.", "=:E/M"),
        ChangeRow(
            "cx-parameter-internal", "A required input without a default is now hidden, so that makers cannot fill it.",
            "=:E/M"),
        ChangeRow("cx-response-property-internal", "An output is now hidden from makers.", "=:W/M"),
        ChangeRow("cx-visibility-changed", "Makers see it more or less prominently.", "=:I/p"),
        ChangeRow("cx-trigger-added", "The action became a trigger; flows use it as an action.", "=:E/M"),
        ChangeRow("cx-trigger-removed", "The trigger is no longer one; flows cannot start with it.", "=:E/M"),
        ChangeRow(
            "cx-trigger-kind-changed", "The trigger hands over single items instead of batches or the reverse.", "=:E/M"
        ),
        ChangeRow("cx-trigger-hint-changed", "The hint how to fire the trigger is different.", "=:I/p"),
        ChangeRow("cx-notification-content-added", "The payload that a webhook delivers is newly described.", "=:I/m"),
        ChangeRow(
            "cx-notification-content-removed", "The payload that a webhook delivers is no longer described.", "=:E/M"),
        ChangeRow(
            "cx-notification-url-moved", "The callback address is put into another property, or into none.", "=:E/M"),
        ChangeRow("cx-dynamic-values-added", "The choices of an input are now looked up.", "=:I/p"),
        ChangeRow("cx-dynamic-values-removed", "The choices of an input are no longer looked up.", "=:I/m"),
        ChangeRow("cx-dynamic-values-changed", "The choices of an input are looked up in another way.", "=:W/M"),
        ChangeRow("cx-dynamic-title-changed", "The choices of an input are shown under other titles.", "=:I/p"),
        ChangeRow(
            "cx-dynamic-target-missing", "The operation that should look something up is not in the definition.",
            "=:E/M"
        ),
        ChangeRow("cx-dynamic-schema-added", "A fixed shape became one that is looked up.", "=:E/M"),
        ChangeRow("cx-dynamic-schema-removed", "A shape that was looked up became a fixed one.", "=:E/M"),
        ChangeRow("cx-dynamic-schema-changed", "A shape is looked up in another way.", "=:E/M"),
        ChangeRow("cx-pageable-added", "The answer now comes in pages.", "=:I/m"),
        ChangeRow("cx-pageable-removed", "The answer no longer comes in pages.", "=:W/M"),
        ChangeRow("cx-next-link-changed", "The link to the next page is in another property.", "=:E/M"),
        ChangeRow(
            "cx-url-encoding-changed", "A path parameter is escaped once instead of twice or the reverse.", "=:E/M"),
        ChangeRow("cx-chunking-changed", "Large content is or is not moved in pieces any more.", "=:W/M"),
        ChangeRow("cx-capabilities-changed", "The connector offers other capabilities.", "=:W/m"),
        ChangeRow("cx-annotation-family-changed", "The operation belongs to another family of versions.", "=:W/M"),
        ChangeRow("cx-annotation-revision-lowered", "The operation's revision in its family went down.", "=:E/M"),
        ChangeRow(
            "cx-annotation-revision-duplicate", "Two operations of a family have the same revision.", "=:E/-"),
        ChangeRow("cx-annotation-preview", "The operation went from production back to preview.", "=:W/M"),
        ChangeRow("cx-annotation-production", "The operation went from preview to production.", "=:I/p"),
        ChangeRow(
            "cx-annotation-replacement-missing", "The operation that should replace it is not in the definition.",
            "=:E/-"
        ),
        ChangeRow(
            "cx-deprecated-unmarked", "The operation is deprecated, but its summary does not say '(deprecated)'.",
            "=:W/-"
        ),
        ChangeRow(
            "cx-host-changed",
            "The connector calls another host; saved flows follow, because the platform calls for them.",
            "=:W/m"),
        ChangeRow(
            "cx-base-path-changed",
            "The connector calls other paths; saved flows follow, because the platform calls for them.", "=:W/m"),
        ChangeRow(
            "cx-scheme-removed", "The connector no longer calls over a scheme; saved flows follow.", "=:W/m"),
        ChangeRow("cx-metadata-changed", "What the connector says about itself is different.", "=:I/p"),
    ]
}
