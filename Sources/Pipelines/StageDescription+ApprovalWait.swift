import Documents

extension StageDescription {
    /// The stage kind `approval.wait`: its work becomes a gate of the plan.
    public static let approvalWait = StageDescription(
        kind: "approval.wait", effect: .none, environment: .optional,
        summary: "suspends the run until enough people of a role have approved",
        details: """
            Says no when somebody rejects, or when nobody decided before `expires`. With a `package` the approval is bound to its
            digest: another package asks again. The run can stop meanwhile (exit status 75) and `almrun approve RUN STAGE` opens the gate.
            It cannot stand under `finally`: cleaning up asks nobody.

            Gates that belong to an environment stand in the environment's file, so that no pipeline can forget them.
            """,
        inputs: [
            Field("role", .string, required: true, "role of `environments/roles.yaml` whose people decide"),
            Field("count", .integer, default: 1, "how many different people must approve"),
            Field(
                "distinctFrom", .list(.any), default: [],
                "people who may not approve: the `requester` of the run, the `committers` of what is deployed, and with "
                    + "`approvers-of: NAME` who approved for that environment"),
            Field(
                "signed", .choice(["optional", "required"]),
                "`required` when only an approval with an SSH signature counts"),
            Field("expires", .duration, "how long people can decide; what they said before counts later too"),
            Field("instructions", .string, "what the approver should look at"),
            Field("package", .package, "package whose digest is approved"),
        ],
        outputs: [],
        example: """
            architect:
              uses: approval.wait
              when: { stages.diff.level: major }
              with: { role: security-architect }
            """)
}
