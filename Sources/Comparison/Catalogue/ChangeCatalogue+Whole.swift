/// Changes whose ids follow no scheme, in the names that oasdiff uses.
extension ChangeCatalogue {
    static let wholeRows: [ChangeRow] = [
        ChangeRow(
            "new-optional-request-default-parameter-to-existing-path",
            "A parameter that may be left out is new in every operation of a path.", "=:I/m"),
        ChangeRow("new-optional-request-parameter", "A parameter that may be left out is new.", "=:I/m"),
        ChangeRow("new-optional-request-property", "A property that may be left out is new in the request.", "=:I/m"),
        ChangeRow("new-request-path-parameter", "The path asks for one more value.", "=:E/M"),
        ChangeRow(
            "new-required-request-default-parameter-to-existing-path",
            "A parameter that must be sent is new in every operation of a path.", "=:E/M"),
        ChangeRow(
            "new-required-request-header-property", "A property that must be sent is new in a header parameter.",
            "=:E/M"),
        ChangeRow("new-required-request-parameter", "A parameter that must be sent is new.", "=:E/M"),
        ChangeRow("new-required-request-property", "A property that must be sent is new in the request.", "=:E/M"),
        ChangeRow(
            "new-required-request-property-with-default",
            "A property that must be sent is new in the request, although it has a default.", "=:E/M"),
        ChangeRow("optional-response-header-removed", "A response header that could be missing is gone.", "=:W/M"),
        ChangeRow("required-response-header-removed", "A response header that was always there is gone.", "=:E/M"),
        ChangeRow(
            "sunset-deleted", "The announced end of the operation was taken back while it stays deprecated.", "=:E/-"),
        ChangeRow("webhook-added", "The API calls out on one more occasion.", "=:I/m"),
        ChangeRow("webhook-removed", "The API no longer calls out on an occasion.", "=:E/M"),
        ChangeRow(
            "response-default-added", "The answer for every status that is not listed is newly declared.", "=:I/m"),
        ChangeRow(
            "response-default-removed", "The answer for every status that is not listed is no longer declared.",
            "=:I/m"),
        ChangeRow("new-optional-parameter-property", "A property that may be left out is new in a parameter.", "=:I/m"),
        ChangeRow("new-required-parameter-property", "A property that must be sent is new in a parameter.", "=:E/M"),
        ChangeRow("request-parameter-property-removed", "A property of a parameter is gone.", "=:W/M"),
        ChangeRow(
            "request-parameter-property-became-required", "A property of a parameter may no longer be left out.",
            "=:E/M"),
        ChangeRow(
            "request-parameter-property-became-optional", "A property of a parameter may now be left out.", "=:I/m"),
        ChangeRow("api-server-added", "The API can be reached at one more address.", "=:I/m"),
        ChangeRow("api-server-removed", "The API can no longer be reached at an address.", "=:W/M"),
        ChangeRow("api-host-changed", "The API is at another host.", "=:E/M"),
        ChangeRow("api-base-path-changed", "The paths of the API begin differently.", "=:E/M"),
        ChangeRow("api-scheme-removed", "The API can no longer be reached over a scheme.", "=:E/M"),
        ChangeRow("api-scheme-added", "The API can be reached over one more scheme.", "=:I/m"),
        ChangeRow(
            "api-security-component-key-changed", "An API key travels under another name or in another place.", "=:E/M"),
        ChangeRow(
            "api-security-component-scheme-changed", "A way to authenticate uses another HTTP scheme.", "=:E/M"),
        ChangeRow(
            "api-security-component-discovery-url-changed", "OpenID Connect is described at another address.", "=:W/M"),
        ChangeRow(
            "api-security-component-bearer-format-changed", "Tokens are announced to have another format.", "=:W/m"),
        ChangeRow(
            "api-security-component-oauth-refresh-url-changed", "OAuth tokens are renewed at another address.", "=:I/M"),
        ChangeRow("api-security-component-flow-added", "OAuth sign-in is possible in one more way.", "=:I/m"),
        ChangeRow("api-security-component-flow-removed", "OAuth sign-in is no longer possible in one way.", "=:I/M"),
        ChangeRow("api-text-changed", "Words for people are different, nothing else.", "=:I/p"),
        ChangeRow(
            "api-definition-changed", "The documents differ in something that no other kind of change describes.",
            "=:I/p"),
    ]
}
