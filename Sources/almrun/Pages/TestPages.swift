/// Codes of connector tests, of their cases, and of comparisons.
enum TestPages {
    static var all: [CodeEntry] { tests + violations + cases + comparisons }

    private static let tests: [CodeEntry] = [
        CodeEntry(
            "test/thresholds", "The tests ran, and their figures are not as good as they must be.",
            when: "Each threshold that is not met is in the message, each failed case among the findings.",
            mend: "Mend what the cases found; `almrun test FILE` repeats them at your desk."),
        CodeEntry(
            "test/nothing-tested", "No case was run, and what was not tested does not pass.",
            mend: "Write cases, or correct the path under 'cases'; the notes say what was left out."),
        CodeEntry(
            "test/backend-unreachable", "The backend does not answer at its address.",
            mend: "Look at 'backend' in the environment's file, or at '--backend', and whether it runs."),
        CodeEntry(
            "test/mock", "The mock that should answer the tests cannot be started.",
            mend: "Free a port or memory as the message says, and try again."),
        CodeEntry(
            "test/no-environment", "The stage tests and names no environment.",
            mend: "Add 'environment: NAME' to the stage."),
        CodeEntry(
            "test/no-backend", "The environment says no backend to test against.",
            mend: "Add 'backend: https://...' or 'backend: mock' to the environment's file."),
        CodeEntry("test/timeout", "'timeout' of the tests is no duration.", mend: "Write a time such as 30s."),
        CodeEntry(
            "test/threshold", "A threshold cannot be read.",
            mend: "`almrun stages connector.test` shows which there are and how they are written."),
    ]

    private static let violations: [CodeEntry] = [
        CodeEntry(
            "test/request", "The case asks for a request that cannot be sent.",
            mend: "Correct the case's parameters as the message says."),
        CodeEntry(
            "test/transport", "No answer came to the request.",
            mend: "Look whether the backend runs, and at 'timeout' of the tests."),
        CodeEntry(
            "test/throttled", "The backend kept answering 429 or 503, and asked to be called later.",
            when: "As the failure of a stage: nothing else was wrong, and `retry` waits as long as the backend asked.",
            mend: "Test with less '--concurrency', or later; a stage comes again by itself with 'retry'."),
        CodeEntry(
            "test/status", "The status of the answer is not the one that the case expects.",
            mend: "Correct the backend, or 'expect' of the case."),
        CodeEntry(
            "test/undocumented", "The definition does not document the status of the answer.",
            mend: "Add the response to the definition, or correct the backend."),
        CodeEntry(
            "test/content-type", "The answer's media type is not documented.",
            mend: "Add it to the definition, or correct the backend."),
        CodeEntry(
            "test/body", "The body of the answer cannot be read as what it claims to be.", mend: "Correct the backend."),
        CodeEntry(
            "test/schema", "The body of the answer breaks its schema.",
            mend: "Correct the backend or the schema; the message names the place."),
        CodeEntry(
            "test/header", "A header is not as it must be.",
            when:
                "A header of an answer breaks its schema or is missing; or one given for the tests is not a name and a "
                + "text of one line.",
            mend:
                "Correct the backend or the definition; or the line under 'headers', where a secret may end in a line "
                + "break."),
        CodeEntry(
            "test/error-envelope", "An error answer does not have the shape that the definition's errors have.",
            mend: "Let the backend answer all errors in one shape."),
        CodeEntry("test/paging", "The pages of the answer do not lead to an end.", mend: "Correct the next links."),
        CodeEntry(
            "test/expectation", "A demand of the case on the answer is not met.",
            mend: "Correct the backend, or 'expect' of the case."),
        CodeEntry(
            "test/latency", "The answer took longer than the case allows.",
            mend: "Make the backend faster, or raise 'maxLatency' of the case."),
    ]

    private static let cases: [CodeEntry] = [
        CodeEntry("case/missing", "There is no file or folder of cases at that path.", mend: "Look at the path."),
        CodeEntry("case/none", "The folder holds no case file.", mend: "Case files end in .json, .yaml or .yml."),
        CodeEntry(
            "case/not-a-case", "The file holds no case and no list of cases.",
            mend: "A case is an object with 'action' and 'expect'."),
        CodeEntry("case/missing-action", "The case names no action.", mend: "Add 'action:' with an operation's name."),
        CodeEntry(
            "case/unknown-action", "The definition has no such action.",
            mend: "Write the operationId of an operation; the message says what may be meant."),
        CodeEntry(
            "case/unknown-parameter", "The action has no such parameter.",
            mend: "The message lists those it has; a member of the body is 'body/NAME'."),
        CodeEntry(
            "case/missing-parameter", "A success is expected, and a required parameter is not given.",
            mend: "Give the value, or expect the refusal: expect: { status: 400 }."),
        CodeEntry("case/unknown-key", "A case has no such key.", mend: "The message lists the keys."),
        CodeEntry("case/unknown-matcher", "There is no such way to compare.", mend: "The message lists the ways."),
        CodeEntry(
            "case/wrong-type", "A value in a case is of another type than is asked for.",
            mend: "Write it as the message says."),
        CodeEntry(
            "case/wrong-path", "A key under 'body' is no path into an answer.",
            mend: "Write items[0].id or /items/0/id."),
        CodeEntry(
            "case/wrong-pattern", "The regular expression cannot be read.",
            mend: "Correct it; '\\' is written twice in JSON."),
        CodeEntry(
            "case/wrong-status", "The expected status is none.",
            mend: "Write a number from 100 to 599, or a class such as 2xx."),
        CodeEntry(
            "case/duplicate-name", "Two cases have one name.", mend: "Rename one of them; the note shows the first."),
    ]

    private static let comparisons: [CodeEntry] = [
        CodeEntry(
            "diff/breaking", "The definition has breaking changes that nobody approved.",
            mend:
                "Take them back, or add their fingerprints to 'approved' of the stage; `almrun explain CODE` explains each."
        ),
        CodeEntry(
            "diff/version-too-small", "The version is too small for what changed.",
            mend: "Choose the version that the message names, or a higher one."),
        CodeEntry(
            "diff/version", "The new version is no version of an API.",
            mend: "Write a version such as 1.2.0 or 1.2.0.4."),
        CodeEntry(
            "diff/base-version", "The version of the last release is unknown or no version.",
            mend: "Say it with 'baseVersion', such as 1.1.0."),
        CodeEntry(
            "diff/base", "The last release cannot be read from git.",
            mend: "The message says why; a shallow clone needs `git fetch --unshallow --tags`."),
        CodeEntry(
            "diff/no-release", "Nothing was compared, as no release was found.",
            mend: "That is right for the first release; else look at 'base' and whether the clone has the tags."),
        CodeEntry(
            "diff/unused-approval", "An approved fingerprint matches no change.",
            mend: "Take it out of 'approved': the change it was for is gone or has become another."),
    ]
}
