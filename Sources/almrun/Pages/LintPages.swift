/// Codes of linting, of rulesets, and of definitions that cannot be read.
enum LintPages {
    static var all: [CodeEntry] { linting + rulesets + rules }

    private static let linting: [CodeEntry] = [
        CodeEntry(
            "lint/findings", "The definition has findings at least as bad as the stage accepts.",
            mend:
                "`almrun lint FILE` shows them, `almrun explain CODE` what each rule wants; 'failOn' says what is accepted."
        ),
        CodeEntry(
            "lint/malformed", "The definition is there and cannot be read.",
            mend: "The findings name the places; `almrun lint FILE` repeats them."),
        CodeEntry(
            "lint/unreadable", "The definition, or a file of the linting, cannot be opened.",
            mend: "Look at the path in the pipeline."),
        CodeEntry(
            "lint/ruleset", "The ruleset cannot be used.",
            mend: "The message says why; `almrun lint FILE --ruleset RULESET` repeats it."),
        CodeEntry(
            "lint/baseline", "The baseline cannot be used.",
            mend: "The message says why; `almrun lint FILE --write-baseline BASELINE` writes a new one."),
        CodeEntry(
            "lint/invalid-baseline", "The file is no baseline.",
            mend: "A baseline is a list of fingerprints, or a map with 'fingerprints'."),
        CodeEntry(
            "almrun-not-openapi", "The file is no OpenAPI document, and the rules are for such.",
            mend: "Name the file that has 'swagger' or 'openapi' at its top."),
        CodeEntry(
            "unrecognized-format", "The file is neither Swagger 2.0 nor OpenAPI 3, so that most rules do not apply.",
            mend: "Look whether it is the right file, and at the version at its top."),
        CodeEntry(
            "openapi/not-a-definition", "The file is no OpenAPI document.",
            mend: "Name the file that has 'swagger' or 'openapi' at its top."),
        CodeEntry(
            "openapi/not-an-object", "The file is no OpenAPI document: it holds a list or a plain value.",
            mend: "Name the file that has 'swagger' or 'openapi' at its top."),
        CodeEntry("openapi/unsupported-version", "That version of OpenAPI is not read.", mend: "2.0, 3.0 and 3.1 are."),
    ]

    private static let rulesets: [CodeEntry] = [
        CodeEntry("ruleset/not-a-map", "A ruleset is a map.", mend: "Write 'extends' or 'rules' at its top."),
        CodeEntry("ruleset/empty", "The ruleset says nothing.", mend: "Add 'extends', 'rules' or 'overrides'."),
        CodeEntry(
            "ruleset/unknown-key", "A ruleset, a rule or an override has no such key.",
            mend: "The message says what may be meant; keys of your own begin with 'x-'."),
        CodeEntry(
            "ruleset/unknown-ruleset", "There is no built-in ruleset of that name.",
            mend: "The message lists them; a file is named by its path."),
        CodeEntry("ruleset/unknown-set", "There is no such set of rules.", mend: "Write all, recommended or off."),
        CodeEntry(
            "ruleset/invalid-extends", "'extends' is not written as it must be.",
            mend: "Write a name, a path, or a list of them; or [name, recommended]."),
        CodeEntry(
            "ruleset/cycle", "A ruleset extends itself.", mend: "Take one 'extends' away; the message shows the circle."
        ),
        CodeEntry(
            "ruleset/remote", "A ruleset extends an address, which is not fetched.",
            mend: "Keep a copy beside the ruleset and extend that."),
        CodeEntry(
            "ruleset/scripted", "A ruleset extends a program, and programs are not run.",
            mend: "Write its rules as YAML or JSON."),
        CodeEntry(
            "ruleset/outside", "A ruleset extends a file outside the repository.",
            mend: "Bring the file into the repository."),
        CodeEntry(
            "ruleset/invalid-overrides", "'overrides' is not written as it must be.",
            mend: "Write a list of maps with 'files' and 'rules'; for a place within a file only severities."),
        CodeEntry("ruleset/invalid-pattern", "A pattern of files cannot be read.", mend: "Write it as in '**/*.json'."),
        CodeEntry(
            "ruleset/unknown-format", "There is no such format of documents.",
            mend: "The message says what may be meant."),
        CodeEntry(
            "ruleset/unsupported-format", "Documents of that format are not linted here, so its rules never apply.",
            mend: "Take it away, or leave it for other tools."),
    ]

    private static let rules: [CodeEntry] = [
        CodeEntry("ruleset/invalid-rules", "'rules' is no map.", mend: "Write the rules by name."),
        CodeEntry(
            "ruleset/unknown-rule", "There is no rule of that name to change.",
            mend: "`almrun lint --rules` lists them; a new rule needs 'given' and 'then'."),
        CodeEntry(
            "ruleset/unknown-severity", "There is no such severity.", mend: "Write error, warn, info, hint or off."),
        CodeEntry(
            "ruleset/missing-given", "A new rule does not say what it looks at.",
            mend: "Add 'given' with a path such as '$.paths[*]'."),
        CodeEntry(
            "ruleset/missing-then", "A new rule does not say what must hold.", mend: "Add 'then' with 'function'."),
        CodeEntry(
            "ruleset/missing-function", "A 'then' names no function.",
            mend: "Add 'function', such as truthy or pattern."),
        CodeEntry(
            "ruleset/unknown-function", "There is no such function.", mend: "The message says what may be meant."),
        CodeEntry(
            "ruleset/unsupported-function", "A rule is left out, as its function is written in JavaScript.",
            mend: "Write it with the built-in functions, or leave it for other tools."),
        CodeEntry(
            "ruleset/invalid-options", "The options of a function are not as it wants them.",
            mend: "Correct them as the message says."),
        CodeEntry(
            "ruleset/invalid-path", "A path cannot be read.", mend: "Begin it with '$', or with '#' and an alias."),
        CodeEntry(
            "ruleset/invalid-alias", "An alias is not written as it must be.",
            mend: "Write a list of paths, or a map with 'targets'."),
        CodeEntry("ruleset/unknown-alias", "There is no such alias.", mend: "The message says what may be meant."),
        CodeEntry(
            "ruleset/alias-cycle", "Aliases refer to one another in a circle.",
            mend: "Write one of them out; the message shows the circle."),
    ]
}
