import Comparison
import Documents
public import Pipelines

extension OpenAPIDiff {
    public static let description = StageDescription(
        kind: "openapi.diff",
        // Tags come and go without any input showing it, so that the result is never reused.
        effect: .repeatable,
        summary: "compares a definition with its last release and says which version the changes need",
        details: """
            Finds what changed between two OpenAPI documents (2.0, 3.0, 3.1), whom it breaks, and whether `version` makes room \
            for it. Says no when `version` is smaller than the changes need, and with `failOn: breaking` also when there is a \
            breaking change that `approved` does not list. Whatever asks for a major version is a breaking change; to approve it \
            does not make the version that it needs smaller.

            Without `version` the newer document's `info.version` has to make room for the changes, if it is another one than \
            the base declares; if both declare the same, no version is checked, and the log says so.

            `base` is a path, `git:REVISION:PATH`, or `tag:PREFIX`: the tag with the highest version behind the prefix. When \
            there is no such tag this is the first release: everything is new, `level` is `none` and `first` is true. A branch or \
            tag is looked up once, and can be moved by anybody who may push: `baseCommit` and the log say which commit was \
            compared with.

            `level` is the part of the version that has to grow: `major`, `minor`, `patch` or `none`. The report is JSON and \
            kept in the object store under the digest that `report` gives. `almrun explain ID` says what a change's id means.
            """,
        inputs: [
            .init("document", .path, required: true, "OpenAPI document that is about to be released"),
            .init(
                "base", .string, required: true, "what it is compared with: a path, `git:REVISION:PATH` or `tag:PREFIX`"
            ),
            .init(
                "version", .string,
                "version of the release; without it the one that the document declares, if the base declares another"
            ).checked { problem(withVersion: $0) },
            .init(
                "baseVersion", .string,
                "version of the base, if it is neither the tag's nor the one that the base declares"
            ).checked { problem(withVersion: $0) },
            .init("approved", .list(.string), default: [], "fingerprints of changes that are accepted"),
            .init(
                "failOn", .choice(Failing.allCases.map(\.rawValue)), default: "version",
                "when to say no: `never`, on a `version` that is too small, or also on an unapproved `breaking` change"),
            .init(
                "profile", .choice(ComparisonOptions.Profile.allCases.map(\.rawValue)),
                "who uses the API: flows and apps through a `connector` (the rule for 2.0), or programs over `http`"),
        ],
        outputs: [
            .init("level", .choice(Bump.allCases.map(\.rawValue)), "part of the version that has to grow"),
            .init("first", .boolean, "whether there is no release to compare with"),
            .init("absence", .string, "why nothing was compared; null where something was"),
            .init("changes", .integer, "number of changes"),
            .init("breaking", .integer, "number of breaking changes"),
            .init("neededVersion", .string, "smallest version that makes room for the changes"),
            .init("baseCommit", .string, "commit that the base was read from; none for a path"),
            .init(
                "baseIsAncestor", .boolean,
                "whether that commit is in the history of the commit that the run was made at"),
            .init(
                "baseIsOwnCommit", .boolean,
                "whether it is that commit itself and the same file, so that nothing committed could differ"),
            .init("releaseNotes", .string, "what changed, in Markdown"),
            .init("report", .string, "digest of the JSON report in the object store"),
        ],
        example: """
            diff:
              uses: openapi.diff
              with:
                document: examples/contoso-sales/connector/apiDefinition.swagger.json
                base: tag:connector/contoso-sales
                version: ${{ inputs.version }}
            """)
}
