/// Changes of operations and of how they are announced, in the names that oasdiff uses.
extension ChangeCatalogue {
    static let lifecycleRows: [ChangeRow] = [
        ChangeRow("added", "{It} is new.", "E:I/m Sh:I/m So:I/m Sow:I/p Sr:I/m Srw:I/p"),
        ChangeRow("deprecated", "{It} is marked as deprecated.", "E:I/m Pa:I/m Rp:I/m Sp:I/m"),
        ChangeRow(
            "deprecated-sunset-missing",
            "{It} is deprecated without a sunset date, although a grace period is asked for.",
            "A:E/- Pa:E/- Rp:E/- Sp:E/-"),
        ChangeRow("deprecated-sunset-parse", "{It} is deprecated with a sunset date that cannot be read.", "A:E/-"),
        ChangeRow(
            "deprecated-with-sunset", "{It} is marked as deprecated, with the date of its end.",
            "E:I/m Rp:I/m Sp:I/m"),
        ChangeRow("global-security-added", "A way to authenticate is newly asked for by the whole API.", "A:I/M"),
        ChangeRow(
            "global-security-removed", "A way to authenticate is no longer accepted by the whole API.",
            "A:I/M"),
        ChangeRow("global-security-scope-added", "The whole API asks for one more scope.", "A:I/M"),
        ChangeRow("global-security-scope-removed", "The whole API asks for one scope fewer.", "A:I/m"),
        ChangeRow("invalid-stability-level", "The stability level of {it} is no known word.", "A:E/-"),
        ChangeRow(
            "major-version-not-bumped",
            "There is a breaking change, but the first part of the declared version is the same.",
            "A:I/-"),
        ChangeRow("operation-id-added", "The operation now has an operationId.", "A:I/p"),
        ChangeRow("operation-id-removed", "The operation has another operationId or none.", "A:I/M"),
        ChangeRow("path-removed-before-sunset", "The whole path is gone before the announced date.", "A:E/M"),
        ChangeRow("path-removed-with-deprecation", "The whole path is gone, as its deprecation announced.", "A:I/M"),
        ChangeRow(
            "path-removed-without-deprecation", "The whole path is gone without having been deprecated.",
            "A:E/M"),
        ChangeRow("path-sunset-parse", "The path is gone and its sunset date cannot be read.", "A:E/-"),
        ChangeRow("reactivated", "{It} is no longer marked as deprecated.", "E:I/m Pa:I/m Rp:I/m Sp:I/m"),
        ChangeRow("removed-before-sunset", "{It} is gone before the announced date.", "A:E/M Pa:E/M"),
        ChangeRow("removed-with-deprecation", "{It} is gone, as its deprecation announced.", "A:I/M Pa:I/M"),
        ChangeRow("removed-without-deprecation", "{It} is gone without having been deprecated.", "A:E/M"),
        ChangeRow("schema-removed", "A named schema is gone; what uses it is compared at the place of use.", "A:I/p"),
        ChangeRow("security-added", "The operation asks for a way to authenticate that it did not ask for.", "A:I/M"),
        ChangeRow("security-component-added", "A way to authenticate is newly described.", "A:I/m"),
        ChangeRow("security-component-oauth-scope-added", "An OAuth scope is newly offered.", "A:I/m"),
        ChangeRow("security-component-oauth-scope-changed", "An OAuth scope has another explanation.", "A:I/p"),
        ChangeRow("security-component-oauth-scope-removed", "An OAuth scope is no longer offered.", "A:I/M"),
        ChangeRow("security-component-oauth-token-url-changed", "OAuth tokens come from another address.", "A:I/M"),
        ChangeRow("security-component-oauth-url-changed", "OAuth sign-in goes to another address.", "A:I/M"),
        ChangeRow("security-component-removed", "A way to authenticate is gone.", "A:I/M"),
        ChangeRow("security-component-type-changed", "A way to authenticate is of another type.", "A:I/M"),
        ChangeRow("security-removed", "The operation no longer accepts a way to authenticate.", "A:I/M"),
        ChangeRow("security-scope-added", "The operation asks for one more scope.", "A:I/M"),
        ChangeRow("security-scope-removed", "The operation asks for one scope fewer.", "A:I/m"),
        ChangeRow("stability-decreased", "{It} promises less stability than before.", "A:E/M Rp:E/M Sp:E/M"),
        ChangeRow("stability-increased", "{It} promises more stability than before.", "A:I/m Rp:I/m Sp:I/m"),
        ChangeRow(
            "sunset-date-changed-too-small",
            "The announced end of {it} was moved to an earlier date that leaves too little time.",
            "A:E/- Pa:E/-"),
        ChangeRow(
            "sunset-date-too-small", "The announced end of {it} leaves too little time.",
            "A:E/- Pa:E/- Rp:E/- Sp:E/-"),
        ChangeRow("tag-added", "The operation has one more tag.", "A:I/p"),
        ChangeRow("tag-removed", "The operation lost a tag.", "A:I/p"),
        ChangeRow("version-decreased", "There is a breaking change, but the declared version went down.", "A:I/-"),
        ChangeRow("version-not-bumped", "There is a breaking change, but the declared version is the same.", "A:I/-"),
    ]
}
