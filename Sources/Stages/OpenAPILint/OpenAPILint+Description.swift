import Documents
public import Pipelines

extension OpenAPILint {
    public static let description = StageDescription(
        kind: "openapi.lint",
        effect: .none,
        summary: "judges a definition, and the connector files beside it, by a ruleset",
        details: """
            Applies the rules of a Spectral-compatible ruleset to an OpenAPI document (2.0, 3.0, 3.1) and to `apiProperties.json` \
            in the same folder. Says no when a finding is as bad as `failOn`, or worse; a document that cannot be read is \
            refused with everything wrong in it.

            Without `ruleset` the rules are `almrun:connector` and the recommended ones of `spectral:oas`. A ruleset file can \
            extend both, files beside it, set severities, and define rules of its own; rules whose functions are written in \
            JavaScript are left out with a warning. `baseline` lists fingerprints of findings that are accepted; \
            `almrun lint --write-baseline FILE` makes one.

            The report is JSON and kept in the object store under the digest that `report` gives. `almrun explain CODE` says what \
            a rule wants and why.
            """,
        inputs: [
            .init("document", .path, required: true, "OpenAPI document to judge"),
            .init("ruleset", .path, "ruleset file in Spectral's format, YAML or JSON"),
            .init(
                "failOn", .choice(Failing.allCases.map(\.rawValue)), default: "error",
                "least severity at which the stage says no"),
            .init("baseline", .path, "JSON file with the fingerprints of accepted findings"),
        ],
        outputs: [
            .init("findings", .integer, "number of findings"),
            .init("errors", .integer, "number of errors"),
            .init("warnings", .integer, "number of warnings"),
            .init("information", .integer, "number of remarks"),
            .init("hints", .integer, "number of hints"),
            .init("accepted", .integer, "number of findings that the baseline accepts"),
            .init("rules", .integer, "number of rules that were applied"),
            .init("report", .string, "digest of the JSON report in the object store"),
        ],
        example: """
            lint:
              uses: openapi.lint
              with:
                document: examples/contoso-sales/connector/apiDefinition.swagger.json
                ruleset: templates/rulesets/connector.yaml
                failOn: warning
            """)
}
