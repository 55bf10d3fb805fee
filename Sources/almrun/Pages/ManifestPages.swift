import Documents

/// Why a manifest is refused, code by code: what it means, an example, and how to mend it.
enum ManifestPages {
    private struct Entry {
        var code: String
        var meaning: String
        var example: String
        var mend: String

        init(_ code: String, _ meaning: String, _ example: String, _ mend: String) {
            self.code = code
            self.meaning = meaning
            self.example = example
            self.mend = mend
        }
    }

    /// By code.
    static var all: [CodePage] {
        (stages + values + references + gates).map { entry in
            let code = "manifest/\(entry.code)"
            let text = [code, entry.meaning, "Example:\n  \(entry.example)", "Mend: \(entry.mend)"]
            return CodePage(
                code: code, summary: entry.meaning, text: text.joined(separator: "\n\n"),
                value: [
                    "code": .string(code), "kind": "manifest", "summary": .string(entry.meaning),
                    "example": .string(entry.example), "remedy": .string(entry.mend),
                ])
        }
    }

    private static let stages: [Entry] = [
        Entry(
            "unknown-key", "A map has a key that nothing reads.", "stages: { lint: { use: openapi.lint } }",
            "Write the key as the message says; `almrun check --fix` does it where one is meant."),
        Entry(
            "missing-key", "A map lacks a key that it needs.", "retry: { delay: 1s }",
            "Add the key that the message names."),
        Entry(
            "template-key", "A stage that uses a template has a key that only stages of a kind have.",
            "a: { template: promote, retry: { attempts: 2 } }", "Put the key on the stages inside the template."),
        Entry(
            "both", "A stage has 'uses' and 'template', and can be only one of them.",
            "a: { uses: noop, template: promote }", "Take one of the two away."),
        Entry("no-stages", "A pipeline or template has no stages.", "stages: {}", "Add a stage under 'stages:'."),
        Entry(
            "name", "A name has signs that names cannot have.", "stages: { 1st: { uses: noop } }",
            "Begin with a letter; then letters, digits, '-' and '_'."),
        Entry(
            "reserved-name", "A pipeline has the name that runs of `almrun rollback` have.", "pipelines/rollback.yaml",
            "Rename the file. At a gate, in an inbox and in `almrun runs` nobody could tell which of the two asks; a run that an "
                + "earlier version made of such a file goes on, and is no rollback."),
        Entry(
            "duplicate-name", "Two things have one name.", "stages: and finally: both with 'tag'", "Rename one of them."
        ),
        Entry(
            "unknown-kind", "There is no stage of that kind.", "uses: openapi.lnt", "`almrun stages` lists the kinds."),
        Entry(
            "unknown-input", "The stage's kind, or the pipeline, has no such input.", "with: { documents: a.json }",
            "`almrun stages KIND` shows the inputs."),
        Entry(
            "missing-input", "An input that must be given is not.", "uses: solution.pack without 'source'",
            "Give it under 'with:', or with --input."),
        Entry(
            "input-cycle", "Default values of inputs refer to one another in a circle.",
            "a: ${{ inputs.b }}, b: ${{ inputs.a }}", "Give one of them a value of its own."),
        Entry(
            "output-cycle", "Outputs refer to one another in a circle.", "outputs of a template that need themselves",
            "Take the output from a stage."),
        Entry(
            "required-default", "An input is required and has a default, which is never used.",
            "{ type: string, required: true, default: x }", "Take one of the two away."),
        Entry("unknown-type", "There is no such type of input.", "{ type: strin }", "The message lists the types."),
        Entry(
            "values", "The choices of an input are missing or not a list of texts.", "{ type: choice }",
            "Add 'values: [a, b]'."),
        Entry(
            "items", "What 'forEach' goes through is no list.", "forEach: { in: 3 }",
            "Give a list, or a pattern of paths."),
        Entry(
            "no-match", "A pattern of paths matches no file.", "forEach: { in: connectors/*/x.json }",
            "Look at the path; patterns are relative to the repository's root."),
        Entry(
            "max-parallel", "'maxParallel' must be at least 1.", "maxParallel: 0", "Write 1 or more, or leave it out."),
        Entry(
            "unknown-stage", "A stage is named that is not there.", "needs: [tset]",
            "Write the name of a stage of the same file."),
        Entry("self-need", "A stage needs itself.", "a: { needs: [a] }", "Take the name away."),
        Entry(
            "cycle", "Stages wait for one another in a circle, so none could begin.",
            "a: { needs: [b] }, b: { needs: [a] }", "Take one of the needs away; the notes show the circle."),
        Entry(
            "unknown-template", "There is no such template.", "template: promte",
            "Templates are files such as 'templates/promote.yaml'."),
        Entry(
            "template-cycle", "Templates use one another in a circle.", "templates/a.yaml uses a",
            "Take one of the uses away."),
        Entry(
            "unknown-pipeline", "There is no such pipeline.", "almrun run relese",
            "Pipelines are files such as 'pipelines/release.yaml'."),
        Entry(
            "too-many-steps", "The plan would have more steps than a plan may have.", "forEach over 100,000 items",
            "Split the pipeline."),
        Entry(
            "file-ending", "A manifest ends in '.yml' and is not read.", "pipelines/release.yml",
            "Rename it to '.yaml'."),
        Entry(
            "changed", "A file changed while a fix-it was being applied to it.",
            "an editor saved during `almrun check --fix`", "Run the command again."),
        Entry(
            "unwritable", "A file that is to be mended cannot be written.", "a read-only pipelines/release.yaml",
            "Give yourself the right to write it."),
        Entry(
            "attempts", "'attempts' of 'retry' must be from 1 to 1000.", "retry: { attempts: 0 }",
            "Write 2 or more, or leave 'retry' out."),
        Entry(
            "factor", "'factor' of 'retry' must be at least 1.", "retry: { attempts: 3, factor: 0.5 }",
            "Write 1 for equal pauses."),
        Entry(
            "longest", "'longest' of 'retry' is shorter than 'delay', which would never be waited.",
            "retry: { attempts: 3, delay: 30m, longest: 5m }", "Write a longer 'longest', or leave it out."),
    ]

    private static let values: [Entry] = [
        Entry(
            "type", "A value is of another type than is asked for.", "needs: a",
            "The message says what is wanted; `almrun check --fix` adds brackets or takes quotes away."),
        Entry(
            "unquoted", "Text without quotes was read as a number or as true or false.", "version: 1.20",
            "Write \"1.20\"."),
        Entry("value", "A word is none of those that are known here.", "pending: wait", "The message lists the words."),
        Entry(
            "duration", "A text is no duration.", "timeout: 5",
            "Write a number and its unit: 500ms, 90s, 10m, 24h or 7d."),
        Entry(
            "zero-duration", "A duration is zero, and in no time nothing can happen.",
            "approvals: [{ role: manager, expires: 0s }]", "Write how long, or leave the key out."),
        Entry(
            "short-duration", "Nobody can decide, and nothing can be shown, in less than a second.",
            "approvals: [{ role: manager, expires: 1ms }]", "Write 1s or more, such as 3d."),
        Entry(
            "long-duration", "A wait is longer than ten years, which nobody means.", "soak: 9999999d",
            "Write 3650d or less, or leave the key out."),
        Entry("percentage", "A text is no percentage.", "coverage: 0.9", "Write it as 90%."),
        Entry("count", "A count must be at least 1.", "approvals: [{ role: manager, count: 0 }]", "Write 1 or more."),
        Entry("url", "A text is no URL.", "backend: api.contoso.com", "Begin it with https://."),
        Entry(
            "path-absolute", "A path is absolute, and would mean something else on another machine.",
            "source: /home/me/src", "Write it relative to the repository's root."),
        Entry(
            "path-outside", "A path leads out of the repository.", "source: ../other",
            "Bring the files into the repository."),
        Entry(
            "missing-file", "A file that a stage reads is not there.", "document: api.jsn",
            "Look at the path; the message says what may be meant. What a `shell.run` makes before is named in its "
                + "'generates', and the stage needs that one."),
        Entry(
            "generates", "A command cannot make that for later stages.", "generates: [\"gen/*\"]",
            "Name the files or folders that the command makes: no pattern, not the whole repository, no manifest, and nothing "
                + "that only the run knows, such as an output of another stage."),
        Entry(
            "email", "A text is no e-mail address of one person; a pattern would let a signature stand for several.",
            "manager: [\"*@x.example\"]", "Write the address that git knows (`git config user.email`)."),
        Entry(
            "duplicate-person", "A role has one person twice.", "manager: [a@x.example, A@x.example]",
            "Take one away: each person counts once."),
        Entry(
            "key", "A person's key is no SSH public key that can be used.", "key: SHA256:...",
            "Write the line of the '.pub' file: 'ssh-ed25519 AAAA...'."),
        Entry(
            "shared-key", "Two people have one key, so that one could approve as both.",
            "the same 'key' under two e-mails", "Give each their own key."),
        Entry("time", "A text is no time of day.", "from: 8", "Write \"08:00\" in quotes."),
        Entry("time-zone", "There is no such time zone.", "timeZone: Oslo", "Write it as Europe/Oslo."),
        Entry(
            "day", "A text is no day of the week, and no span of them.", "days: mon-thursday",
            "Write mon-thu, [mon, wed] or daily."),
        Entry("date", "A text is no date.", "from: 18.12.2026", "Write it as 2026-12-18."),
    ]

    private static let references: [Entry] = [
        Entry(
            "reference", "What stands in '${{ }}' cannot be read.", "${{ stages.a. }}",
            "Write a path such as stages.a.value."),
        Entry(
            "reference-here", "That reference means nothing at this place.", "${{ item }} outside of forEach",
            "The message says what can be used here."),
        Entry(
            "reference-type", "A reference inside a longer text is no text.", "\"v${{ stages.pack.package }}\"",
            "Refer to a text or a number, such as stages.pack.package.version."),
        Entry(
            "unknown-output", "The stage has no such output.", "${{ stages.lint.finding }}",
            "`almrun stages KIND` shows the outputs."),
        Entry(
            "unknown-part", "The value has no such part.", "${{ stages.pack.package.sha }}",
            "The message lists the parts."),
        Entry(
            "finally-reference",
            "A stage outside 'finally:' refers to one inside it, which runs after everything else.",
            "${{ stages.notify.value }} in 'stages:'", "Take the value from a stage of 'stages:'."),
        Entry(
            "input", "An input that is given to the pipeline has a value that it cannot have.",
            "almrun run release --input count=many",
            "The message says what the input takes. A package is given as SOLUTION@VERSION, as at least 6 digits of its "
                + "SHA-256, as the path of a .zip file, or as the JSON that `almrun show RUN --format json` has in the "
                + "outputs of the stage that made it."),
        Entry(
            "unknown-connection", "The environment has no such connection.", "${{ environment.connections.sale }}",
            "The message lists those that the environment's file has."),
        Entry(
            "unknown-variable", "The environment has no such variable.", "${{ environment.variables.Ulr }}",
            "The message lists those that the environment's file has."),
        Entry(
            "unknown-root", "A reference begins with a word that means nothing.", "${{ stage.a.value }}",
            "Begin with inputs, stages, environment, run, secrets or item."),
        Entry(
            "unknown-property", "There is no such thing under that word.", "${{ run.name }}",
            "The message lists what there is."),
        Entry(
            "no-value", "A reference has no value, and one is needed here.",
            "environment: ${{ inputs.x }} without a default", "Give the input a value or a default."),
        Entry(
            "not-known-yet", "The value is known only while the run is under way, and the plan needs it now.",
            "role: ${{ stages.a.value }}", "Use an input, or write the value."),
        Entry(
            "secret-here", "A secret is used where it would be shown.", "when: { secrets.X: y }",
            "Give secrets only to inputs of type secret and to environments."),
        Entry(
            "literal-secret", "A secret stands in the manifest itself.", "token: abc123",
            "Write '${{ secrets.NAME }}' and set NAME in the process environment."),
        Entry(
            "no-environment", "'environment.x' is used in a stage without an environment.", "${{ environment.name }}",
            "Add 'environment: NAME' to the stage."),
        Entry("when", "A 'when' cannot be read.", "when: true", "Write a map: when: { stages.diff.level: major }."),
        Entry(
            "when-type", "A 'when' compares a value with something that it can never be.",
            "when: { stages.a.count: many }", "Compare it with a value of the same type."),
    ]

    private static let gates: [Entry] = [
        Entry(
            "unknown-environment", "There is no such environment.", "environment: prd",
            "Environments are files such as 'environments/prod.yaml'."),
        Entry(
            "missing-environment", "The stage's kind needs an environment.", "uses: solution.promote",
            "Add 'environment: NAME'."),
        Entry(
            "environment-unused", "The stage's kind uses no environment.", "uses: openapi.lint with 'environment'",
            "Take 'environment' away."),
        Entry(
            "shared-target",
            "Two environments have one place, or one lies in the other: they would overwrite one another.",
            "two files with path: .almrun/environments/dev", "Give each its own place."),
        Entry(
            "empty-group", "The group of 'concurrency' has no name.",
            "group: ${{ inputs.region }}, and no region given",
            "Name what only one run may do at a time, or take 'concurrency' away."),
        Entry(
            "mixed-pending",
            "Pipelines of one concurrency group say different things of a second run; what the second one says counts.",
            "release with pending: queue, hotfix with supersede: a hotfix cancels releases that wait",
            "Give both the same 'pending', unless that is meant."),
        Entry(
            "packed-target", "A stage packs a folder in which an environment keeps its files, or one that holds it.",
            "source: rehearsal, and path: rehearsal/dev", "Give the solution or the environment another folder."),
        Entry(
            "target-path", "The folder of an environment is git's, holds the runs, or is the repository itself.",
            "path: .almrun/objects", "Name a folder such as '.almrun/environments/dev', or one outside '.almrun'."),
        Entry(
            "soak-without-after", "A soak time has no environment in which it is spent.",
            "gates: { soak: 24h }, and no 'after:'", "Add 'after: NAME', or take the soak time away."),
        Entry(
            "after-cycle", "Environments come after one another in a circle.", "test after prod, prod after test",
            "Take one 'after' away."),
        Entry(
            "unknown-role", "There is no such role.", "approvals: [{ role: manger }]",
            "Roles stand in 'environments/roles.yaml'."),
        Entry(
            "too-few-people", "A gate asks for more people than the role has.", "count: 2 for a role of one person",
            "Give the role to more people, or ask for fewer."),
        Entry(
            "nobody-left", "'distinctFrom' can leave out everybody who could approve.",
            "distinctFrom: [requester] for a role of one person",
            "Give the role to more people. Where the environment's own approvers are left out, a first release goes through: it "
                + "is a rollback, or another run of the same package, that comes to wait for good."),
        Entry(
            "no-key", "Approvals must be signed, and people of the role have no key.", "signed: required",
            "Add 'key: ssh-ed25519 AAAA...' in 'environments/roles.yaml'."),
        Entry(
            "no-bypass-key", "A bypass of a signed approval must be signed too, and too few who may bypass have a key.",
            "bypass: { role: on-call } beside signed: required",
            "Add their keys by that role too (a key by another role counts there alone), or name another role under "
                + "'bypass'."),
        Entry(
            "own-approvers", "An approval leaves out those whom it asks itself.",
            "distinctFrom: [\"approvers-of: prod\"] in environments/prod.yaml",
            "Name another environment; 'count: 2' asks two different people."),
        Entry(
            "same-approvers", "Two approvals of an environment ask the same role, and one person may open both.",
            "approvals: [{ role: manager }, { role: manager }]",
            "Write 'count: 2' in one entry, which asks two different people; or, where the entries differ, "
                + "'distinctFrom: [\"approvers-of: NAME\"]' in the later one, with the environment's own name. That "
                + "counts every run, so that a rollback leaves out who approved its package before: have enough people "
                + "with the role, or somebody who may bypass."),
        Entry(
            "never-void", "An approval that nothing makes void would be one for every package.", "voidOn: []",
            "Leave 'voidOn' out for package, plan and target."),
        Entry(
            "approval-timeout", "A stage that waits for people has a 'timeout', which is for attempts.",
            "uses: approval.wait with timeout: 3d", "Write 'expires: 3d' under 'with:'."),
        Entry(
            "cleanup-once", "A command under 'finally' counts as done once, and nothing can tell whether it was.",
            "finally: { tidy: { uses: shell.run, with: { command: [./tidy] } } }",
            "Write 'effect: repeatable' under 'with:' where doing it twice does no harm, or give it a 'probe'; 'effect: once' "
                + "says that a person is to be asked. It is once for each end of the run: when a run that had ended is resumed, "
                + "`finally` is done anew at its next end, with the 'run.status' of then and another ALMRUN_TOKEN."),
        Entry(
            "cleanup-asks",
            "An 'approval.wait' stands under 'finally', or a stage whose environment has gates that wait; cleaning up asks nobody.",
            "finally: { ask: { uses: approval.wait, with: { role: manager } } }, or a 'solution.promote' to an environment "
                + "with approvals, windows, freezes, a soak time or evidence",
            "Put it under 'stages', and what needs the answer after it. What stands under 'finally' runs whatever happened, also "
                + "when the run is cancelled, and the run has not ended before it has."),
        Entry(
            "unordered-environments",
            "An environment comes 'after' another one of the same pipeline, and its stage does not wait for that one's.",
            "prod.yaml with after: dev, and stages dev and prod without 'needs'",
            "Let it need the other: 'needs: [dev]'. As it is both begin at once, and the package is not verified in 'dev' when the "
                + "gate of 'prod' looks. The instances of 'forEach' have no order, also with 'maxParallel: 1': write a stage for each "
                + "environment there."),
        Entry(
            "bypass-alone",
            "Approvals leave people out whom the bypass of the same environment lets in alone.",
            "distinctFrom: [requester, committers] with bypass: { role: on-call }",
            "Write 'secondPerson: true' under 'bypass', so that two different people must bypass a gate, or 'secondPerson: false' "
                + "where one is meant to be enough: who wrote what is released, or approved it elsewhere, may bypass the gate "
                + "alone then."),
        Entry(
            "retry-once", "A command that counts as done once has a 'retry' that its 'timeout' would never use.",
            "{ uses: shell.run, timeout: 1m, retry: { attempts: 3 }, with: { command: [./call] } }",
            "Write 'effect: repeatable' under 'with:' where doing it twice does no harm, or give it a 'probe': once its time is "
                + "up, a command may have had its effect, so that it is only looked for. 'effect: once' says that this is meant; "
                + "a command that ends with status 75 is tried again all the same."),
        Entry(
            "evidence-age", "Evidence that may be no time old is never there.", "notOlderThan: 0s",
            "Write how old it may be, such as 7d."),
        Entry("duplicate-evidence", "One thing is asked for twice.", "evidence: [test, test]", "Take one away."),
        Entry(
            "no-evidence", "Evidence is asked for and no stage is named, or no such stage runs before the deployment.",
            "evidence: []", "Name a stage that the pipeline runs before."),
        Entry(
            "empty-window", "A window ends when it begins.", "from: \"08:00\", to: \"08:00\"",
            "For a whole day write \"00:00\" and \"24:00\"."),
        Entry("empty-freeze", "A freeze ends before it begins.", "from: 2027-01-06, to: 2026-12-18", "Swap the days."),
    ]
}
