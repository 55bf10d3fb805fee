/// Codes of environments: what is there, what is promoted into them and rolled back, and what is bound there.
enum EnvironmentPages {
    static var all: [CodeEntry] { environments + promotions + rollbacks + bindings + settings }

    private static let environments: [CodeEntry] = [
        CodeEntry(
            "environment/unknown", "There is no environment of that name.",
            mend: "Environments are the files in 'environments/'; `almrun environment` lists them."),
        CodeEntry(
            "environment/busy", "Another process is working in the environment right now.",
            when:
                "Its folder is locked while something is installed or read back; the message says by whom. The stage has "
                + "waited for half a minute, which its log says.",
            mend: "Try again when that is done; 'retry' on the stage does it by itself."),
        CodeEntry(
            "environment/damaged", "The environment's own files do not fit together.",
            when: "A state, receipt or package file is missing, was changed, or was written by something else.",
            mend:
                "`almrun doctor` says what is wrong, and `almrun doctor --repair` puts back what is whole elsewhere: packages, and the "
                + "state from 'history/state.json'. The rest comes from a copy of yours; nothing is installed until it fits."
        ),
        CodeEntry(
            "environment/disk", "The disk under the environment did not do what was asked.",
            when:
                "It is full, the rights are missing, or the folder cannot be made; the message has the system's words.",
            mend: "Mend that and `almrun resume RUN`."),
        CodeEntry(
            "environment/not-a-folder", "The place of the environment is a file.",
            mend: "Move the file away, or correct 'path' under 'target' in the environment's file."),
        CodeEntry(
            "environment/format", "The environment's state is in a format that this almrun does not know.",
            mend: "Use the version that wrote it, or a later one."),
        CodeEntry(
            "environment/target-path", "The folder of the environment is one that it cannot have.",
            when:
                "Through a link it leads into '.git', into '.almrun' where the runs are, or to the repository itself.",
            mend: "Name another folder under 'target', such as '.almrun/environments/NAME'."),
        CodeEntry(
            "environment/unsupported-target", "The target is a kind of environment that this version cannot reach.",
            when: "'target' names a Dataverse environment; this version reaches targets of kind 'directory'.",
            mend: "Rehearse the promotion with a target of kind 'directory'."),
        CodeEntry(
            "environment/downgrade", "A newer version is installed than the one that is promoted.",
            mend: "Promote a higher version; `almrun rollback ENVIRONMENT` goes back to one that was verified there."),
        CodeEntry(
            "environment/same-version", "The same version is installed there from another package.",
            mend: "Give the new content a version of its own: `almrun run PIPELINE --input version=...`."),
        CodeEntry(
            "environment/managed-mismatch",
            "One of the installed solution and the package is managed, and the other is not.",
            mend: "Build the package as what is installed, or uninstall the solution there first."),
        CodeEntry(
            "environment/version", "The version in the package is no version of a solution.",
            mend: "Write a version such as 1.2.0.0 into the solution's manifest, and build the package anew."),
        CodeEntry(
            "environment/packaged-reference", "A value inside the package looks like a reference to a secret.",
            when: "A variable's own value in the package holds '${{ }}', which only an environment's file may have.",
            mend: "Set the variable under 'variables' in the environment's file."),
        CodeEntry(
            "environment/package-damaged", "The package has another content than its digest says.",
            mend: "`almrun verify RUN` says what was changed; start a new run to build it anew."),
        CodeEntry(
            "environment/stale", "The environment changed after the deployment was planned.",
            mend: "`almrun resume RUN`: it plans again, and asks those who approved again."),
        CodeEntry(
            "environment/stale-package", "The deployment plan is for another package than the one that is installed.",
            mend: "`almrun resume RUN`: it plans again."),
        CodeEntry(
            "environment/plan-changed", "The deployment plan is not as it was made.",
            mend: "`almrun verify RUN` says what was changed; start a new run."),
        CodeEntry(
            "environment/token", "An installation was asked for without the token that makes it happen only once.",
            mend: "This is a fault of almrun: report it with `almrun show RUN --format json`."),
        CodeEntry(
            "environment/token-used", "The same operation installed another package there before.",
            when: "The store was put back from a copy that is older than the environment.",
            mend: "Look at `almrun environment NAME --history`, and start a new run."),
    ]

    private static let promotions: [CodeEntry] = [
        CodeEntry(
            "promote/no-environment", "The stage promotes and names no environment.",
            mend: "Add 'environment: NAME' to the stage."),
        CodeEntry(
            "promote/other-package", "Another package was approved than the one that would be installed.",
            mend: "`almrun resume RUN`: the gate shows this package and asks again."),
        CodeEntry(
            "promote/stale", "What would happen is not what was approved, or planned where nobody is asked.",
            when:
                "The environment or its settings changed between approval or plan and deployment; the notes list the "
                + "difference.",
            mend:
                "The approval is void and asked for again, and a plan that asks nobody is made again; after several rounds "
                + "the stage fails, and `almrun resume RUN` begins anew."),
        CodeEntry(
            "promote/read-back", "After the installation the environment is not as it was deployed.",
            when: "What was read back differs from the plan; the notes list how.",
            mend: "Look at `almrun environment NAME`, find who changed it, then `almrun resume RUN`."),
        CodeEntry(
            "promote/unreadable", "The package that is to be promoted, or a file it is bound with, cannot be read.",
            mend: "The findings name the place; build the package anew with a new run."),
        CodeEntry(
            "promote/not-a-rollback", "Only `almrun rollback` may go back to a lower version.",
            when: "A pipeline gave the mode of a rollback to a stage.",
            mend: "Take 'mode' out of the pipeline, and call `almrun rollback ENVIRONMENT`."),
    ]

    private static let rollbacks: [CodeEntry] = [
        CodeEntry(
            "rollback/nothing-installed", "Nothing is installed in the environment, so nothing was there before.",
            mend: "`almrun run PIPELINE` deploys."),
        CodeEntry(
            "rollback/nothing-before", "No earlier package of the solution was deployed and verified there.",
            mend: "`almrun environment NAME --history` shows what was; '--to VERSION' also takes a higher one that was "
                + "verified."),
        CodeEntry(
            "rollback/several-solutions", "Several solutions are installed there.",
            mend: "Say which one: `almrun rollback ENVIRONMENT --solution NAME`."),
        CodeEntry(
            "rollback/unknown-solution", "No solution of that name is installed there.",
            mend: "`almrun environment NAME` lists those that are."),
        CodeEntry(
            "rollback/version", "What '--to' names is no version of a solution.",
            mend: "Write a version such as 1.2.0.0; the notes list those to go back to."),
        CodeEntry(
            "rollback/installed", "The version that '--to' names is installed now.",
            mend: "Name another; the notes list those to go back to."),
        CodeEntry(
            "rollback/never-verified", "The version that '--to' names was never deployed and verified there.",
            mend:
                "Name one that was: the notes list them. Another version goes through a pipeline: `almrun run PIPELINE`."
        ),
        CodeEntry(
            "rollback/package-gone", "The package that should come back is no longer kept anywhere.",
            when: "Neither '.almrun/objects' nor an environment has it.",
            mend: "Put a copy back into the object store, or build and promote the version anew."),
        CodeEntry(
            "rollback/unreachable", "The environment cannot be reached by this version.",
            mend: "Only targets of kind 'directory' can."),
    ]

    private static let bindings: [CodeEntry] = [
        CodeEntry(
            "binding/no-environment", "The stage binds and names no environment.",
            mend: "Add 'environment: NAME' to the stage."),
        CodeEntry(
            "binding/missing-connection",
            "The environment binds no connection to a connection reference of the solution.",
            mend:
                "Add it under 'connections' in the environment's file; `almrun rebind SOLUTION --template` lists all. "
                + "A run keeps the files it began with: start a new one."
        ),
        CodeEntry(
            "binding/wrong-connector", "A connection of another connector is bound to a connection reference.",
            mend: "Bind a connection of the connector that the message names."),
        CodeEntry(
            "binding/connection-id", "The connection's id is a path or has a space, and an import takes the plain id.",
            mend: "Write only the part after the last '/'."),
        CodeEntry(
            "binding/foreign-connection", "Two environments bind the same connection.",
            when:
                "The same connection is bound in two environments. `check` and `plan` warn, as no package is known there; a "
                + "run whose plan has both (its stages or `after` name them) refuses it.",
            mend:
                "Correct the file that names the other's, which may be either: bind a connection that was made in that environment."
        ),
        CodeEntry(
            "binding/missing-variable",
            "The environment gives no value to a variable of the solution that has no default.",
            mend:
                "Add it under 'variables' in the environment's file, and start a new run: a run keeps the files it began "
                + "with."),
        CodeEntry(
            "binding/default-variable", "The environment gives a variable no value, so it keeps the package's default.",
            mend: "Write the value under 'variables', even if it is the same, so that it is meant."),
        CodeEntry(
            "binding/packaged-value", "The package carries a value of a variable, which every import writes.",
            mend: "Remove the value from the solution and bind it in the environment's file."),
        CodeEntry(
            "binding/variable-type", "The value of a variable is not of the variable's type, or too long.",
            mend: "Write a value as the message says."),
        CodeEntry(
            "binding/empty-value", "A connection or a variable is bound to nothing.",
            mend: "Write a value, or take the line away."),
        CodeEntry(
            "binding/unreplaced-token", "A value still holds a placeholder that something should have replaced.",
            mend: "Write the value, or '${{ secrets.NAME }}' where it is secret."),
        CodeEntry(
            "binding/unknown-flow", "The environment's file names a flow that the solution does not have.",
            mend: "Correct the name under 'flows', or take it away."),
        CodeEntry(
            "binding/unused-connection",
            "The environment's file binds a connection reference that the solution does not have.",
            mend: "Correct the name under 'connections', or take it away."),
        CodeEntry(
            "binding/unused-variable", "The environment's file sets a variable that the solution does not have.",
            mend: "Correct the name under 'variables', or take it away."),
    ]

    private static let settings: [CodeEntry] = [
        CodeEntry(
            "settings/type", "A value in deployment settings is of another type than is asked for.",
            mend: "Write objects, lists and texts as the message says; texts stand in quotes."),
        CodeEntry(
            "settings/duplicate", "A key, a variable or a connection reference is there twice.",
            mend: "Take one of the two away."),
        CodeEntry(
            "settings/missing-key", "An entry lacks the name of what it is for.",
            mend: "Add 'SchemaName' or 'LogicalName', as the message says."),
        CodeEntry(
            "settings/unknown-key", "Deployment settings have no such key.",
            mend: "They have 'EnvironmentVariables' and 'ConnectionReferences'; the message says what may be meant."),
        CodeEntry(
            "settings/other-format", "The key belongs to the custom settings of the ALM Accelerator.",
            mend: "Keep it in a file of its own: deployment settings have only variables and connection references."),
    ]
}
