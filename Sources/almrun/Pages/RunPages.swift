/// Codes of runs, of gates, and of the locks between runs.
enum RunPages {
    static var all: [CodeEntry] { runs + gates + locks + engine }

    private static let runs: [CodeEntry] = [
        CodeEntry(
            "run/unknown", "There is no run of that name.",
            when: "A command was given a run that the store of this repository does not have, or 'latest' before the "
                + "first run.",
            mend: "`almrun runs` lists the runs; the beginning of a name is enough."),
        CodeEntry(
            "run/ambiguous", "The beginning of a name fits several runs.",
            mend: "Give more of the name; the message lists the runs, and `almrun runs --ids` all of them."),
        CodeEntry(
            "run/exists", "There is already a run of that name.",
            when: "Two runs that were started in the same second drew the same ending for their names.",
            mend: "Start the run again: it gets another name."),
        CodeEntry(
            "run/busy", "Another process is working on the run.",
            when:
                "`almrun resume` was called for a run that a living process holds; the message names process and host.",
            mend: "Let it finish, or stop it with `almrun cancel RUN`."),
        CodeEntry(
            "run/unknown-stage", "The run has no stage of that name.",
            when: "A stage is named as the plan names it, such as 'prod/promote' inside a template.",
            mend: "`almrun show RUN` lists the stages."),
        CodeEntry(
            "run/unknown-step", "The run's plan has no step of that name.",
            when: "`--assume` or a decision names a step that is not in the plan the run started with.",
            mend: "`almrun show RUN` lists the steps; `almrun inbox` those that wait."),
        CodeEntry(
            "run/finished", "The run has ended, and nothing can be decided about it or cancelled in it any more.",
            when:
                "A run that has failed at a gate which somebody may bypass can be bypassed there, and withdrawn by "
                + "`almrun cancel RUN --reason TEXT`; once it is withdrawn, no bypass is taken.",
            mend: "`almrun show RUN` says how it ended; `almrun resume RUN` does again what ended badly."),
        CodeEntry(
            "run/not-ended", "The run has not ended, and the stage can be rerun only when it has.",
            when:
                "`almrun resume RUN --rerun STAGE` of a run that goes on names a stage that has not failed, or at whose gate "
                + "somebody said no, or one that counts as done and behind which something asks people or took effect, or the run is "
                + "being cancelled.",
            mend:
                "`almrun resume RUN` carries on with it. Of a run that goes on `--rerun` takes what has failed, was "
                + "cancelled or asked for too long, and what waits for its next attempt; once `finally` stages have begun only these."
        ),
        CodeEntry(
            "run/not-failed", "The stage did not end badly, so it is not done again.",
            when: "`--rerun` names a stage that succeeded, was skipped or never began; what succeeded is kept.",
            mend:
                "Name a stage that failed: `almrun show RUN` marks them; one that counts as done because somebody said so can "
                + "be named too, unless the run has succeeded. To do everything anew, start a new run."),
        CodeEntry(
            "run/not-in-doubt",
            "There is nothing to assume: it is known whether the stage took effect, or nobody has looked.",
            when:
                "`--assume` names a stage that was not cut off in the middle of its effect, one that was (a process that was "
                + "killed, a group that was taken away) in a run that has not ended, and was not looked for since, so that what "
                + "it left running may go on and its probe was not asked, or one of which the probe says what it did. Of a run "
                + "that is over it is looked for when you say it.",
            mend:
                "Leave `--assume` out: `almrun resume RUN` looks, and asks you where that cannot tell. What begins the least: "
                + "`almrun cancel RUN`, then `almrun resume RUN --assume STAGE=done` (or not-done), which is only taken "
                + "down."),
        CodeEntry(
            "run/nothing-done", "The stage was cut off before it had changed anything.",
            when: "A run is cancelled, and its environment says that the promotion that was cut off did not happen.",
            mend: "Nothing is in doubt: `almrun resume RUN` does it."),
        CodeEntry(
            "run/needs-output",
            "A later stage uses an output of the stage, which nobody knows when it is only said to be done.",
            when: "`--assume STAGE=done` says that the effect happened, and nothing of what the stage gives.",
            mend:
                "`almrun resume RUN` looks once more; `almrun cancel RUN` ends the run; `--assume STAGE=not-done` does it again, "
                + "only where that does no harm. A 'probe' finds out by itself, and gives the output."),
        CodeEntry(
            "run/other-files",
            "The package of the run would be made of other files than the run was made with, or others were judged.",
            when:
                "The plan has a gate, and files that a stage packs, lints, compares or tests are neither those of the run's "
                + "commit nor as they were when the run was made: also where a stage of the run wrote them. Where a gate "
                + "leaves out the committers, also when the repository is at another commit, or other files changed, while "
                + "a package of the run is not made yet.",
            mend:
                "Start a new run, which asks anew; or bring back the commit and the files as they were "
                + "(`git checkout COMMIT -- FILE`), and resume. What a `shell.run` makes for later stages is named in its "
                + "`generates`, and is taken as the command made it; where a gate leaves out the committers, make it before the run, and commit it."
        ),
        CodeEntry(
            "run/uncertain-effect", "A stage was cut off, and almrun cannot tell whether it took effect.",
            when: "Its process was killed or ran out of time, and looking at the target gave no answer; nothing is "
                + "repeated until a person has looked.",
            mend: "Look at what the message names, then say what you found: `almrun resume RUN --assume STAGE=done` or "
                + "`STAGE=not-done`. It is kept as your act."),
        CodeEntry(
            "run/approval", "The run waits for people to approve.",
            mend: "`almrun show RUN --gate STAGE` shows what is to be decided; then `almrun approve RUN STAGE` or "
                + "`almrun reject RUN STAGE --comment WHY`, and `almrun resume RUN`."),
        CodeEntry(
            "run/window", "The run waits until the environment may be changed.",
            when: "The environment's file has windows or freezes, and now is outside a window or inside a freeze.",
            mend: "`almrun resume RUN` after the time that the message names; those who may can "
                + "`almrun bypass RUN STAGE --reason WHY`."),
        CodeEntry(
            "run/locked", "A stage waits for an environment that another run works in.",
            mend: "`almrun locks` says who holds it since when. It goes on by itself, or with `almrun resume RUN`."),
        CodeEntry(
            "run/queued",
            "The run waits for its turn: another run of the same concurrency group is not finished, or one that was made "
                + "before waits for the same environment.",
            mend: "Finish or `almrun cancel` the run that the message names; `almrun locks` shows who has what."),
        CodeEntry(
            "run/retry", "A step failed in a way that may pass, and is tried again at the time that the message names.",
            when:
                "The stage has `retry`. A process waits for up to 15 minutes; where it is longer until then, it leaves with "
                + "status 75 and the run rests.",
            mend: "`almrun resume RUN` after that time; before it, the run goes on waiting."),
        CodeEntry(
            "run/group-taken", "The run's place in its concurrency group was taken away.",
            when: "Somebody released the group's lock with `almrun locks release`; the message says who and why.",
            mend:
                "`almrun resume RUN` takes it again, once it is free; where its events cannot be read any more, "
                + "`almrun runs prune --run RUN --reason \"...\"` gives the run up."),
        CodeEntry(
            "run/group-busy",
            "Another run of the concurrency group is not finished, and the pipeline refuses a second one.",
            when:
                "The pipeline's 'concurrency' says `pending: refuse`; `run` and `resume` are refused alike, and change nothing.",
            mend:
                "Wait for the run that the message names; where its process is gone, `almrun resume` carries it on and "
                + "`almrun cancel` ends it. `pending: queue` or `pending: supersede` waits instead."),
        CodeEntry(
            "run/superseded", "A newer run of the concurrency group stands, and the newest one wins.",
            when:
                "`almrun resume` of a run that has ended, in a group with `pending: supersede`, while a newer run of the "
                + "group waits or works. Nothing was changed.",
            mend:
                "Take it up when the newer one has ended, or call that off first: `almrun cancel RUN --reason ...`. An "
                + "older version is brought back with `almrun rollback`."),
        CodeEntry(
            "run/environment-busy", "Another run works in the environment, and the environment refuses a second one.",
            when: "The environment's file says `pending: refuse`.",
            mend:
                "`almrun resume RUN` when the other is done; `pending: queue` in the environment's file waits instead."),
        CodeEntry(
            "run/no-value", "A value that the step needs cannot be worked out.",
            when: "A '${{ }}' refers to an output that the earlier stage did not give.",
            mend:
                "Look at the output with `almrun show RUN`, and correct the reference in the pipeline. Where somebody only said "
                + "that the stage was done, `almrun resume RUN --rerun STAGE` looks for it."),
    ]

    private static let gates: [CodeEntry] = [
        CodeEntry(
            "gate/unknown", "The stage has no gate in this run.",
            mend: "`almrun show RUN --gate STAGE` takes the gates that the message lists."),
        CodeEntry(
            "gate/not-waiting", "The gate does not wait for a decision now.",
            when: "It has been decided, the run has not come to it, or the named stage has no gate.",
            mend: "`almrun inbox` lists what waits, `almrun why RUN STAGE` says how this gate stands."),
        CodeEntry(
            "gate/not-asking", "The gate waits for something else than a person's approval.",
            when: "It waits for a window, for a soak time or for evidence.",
            mend: "`almrun why RUN STAGE` says for what; those who may can `almrun bypass RUN STAGE --reason WHY`."),
        CodeEntry(
            "gate/not-allowed", "You may not decide at this gate.",
            when: "You do not have the role; or 'distinctFrom' leaves out who asked for the run, who committed, or who "
                + "approved elsewhere; or nobody knows who committed or who approved, so that nobody's approval counts.",
            mend:
                "Ask one of those whom the message names. Where nobody knows who committed or approved, "
                + "`almrun why RUN STAGE` says why and what to do, or those who may can "
                + "`almrun bypass RUN STAGE --reason WHY`. Roles stand in 'environments/roles.yaml'; a run keeps those it "
                + "started with."),
        CodeEntry(
            "gate/rejected", "Somebody has said no at this gate, and neither an approval nor a bypass overrules that.",
            when: "A rejection stands there that has not ended the run yet.",
            mend:
                "`almrun resume RUN` ends the run as rejected, for all to see; once more, and it asks anew. Then the gate "
                + "can be approved or bypassed. Where other stages of the run are left, it goes on with them first, and asks "
                + "anew once it has ended."),
        CodeEntry(
            "gate/twice", "You have decided at this gate already, and each person counts once.",
            mend:
                "Somebody else with the role must do it too; `almrun show RUN --gate STAGE` says how many are missing."),
        CodeEntry(
            "gate/no-comment", "A rejection needs a comment that says why.",
            mend: "`almrun reject RUN STAGE --comment \"what is wrong\"`."),
        CodeEntry(
            "gate/no-reason", "A bypass needs a reason, which is shown wherever the run is.",
            mend: "`almrun bypass RUN STAGE --reason \"INC-4711: the service is down\"`."),
        CodeEntry(
            "gate/expired", "The time to decide at the gate is over.",
            when: "The approval has an 'expires', and it passed before enough people approved, or bypassed the gate.",
            mend:
                "`almrun resume RUN` ends it there; resume it once more to be asked anew. Where other stages of the run are "
                + "left, that shuts the gate, and `almrun resume RUN --rerun GATE` asks anew meanwhile."),
        CodeEntry(
            "gate/other-plan", "Another deployment plan waits at the gate than the one you named with '--plan'.",
            when: "The target or the package changed since you read the plan, or the gate is about no plan.",
            mend: "Read what waits now: `almrun show RUN --gate STAGE`."),
        CodeEntry(
            "gate/unreadable", "The object store cannot give the package that the gate asks about.",
            when:
                "A file under '.almrun/objects' is gone or damaged, so that the deployment would fail. What you said was "
                + "not written down.",
            mend: "`almrun doctor` names the file and what to do about it; then decide, or start a new run."),
        CodeEntry(
            "gate/changed", "What the gate asks about is not what would happen now.",
            when: "The target changed since the gate showed its plan: another run deployed there, somebody changed the "
                + "environment, or the environment refuses the package by now. What you said would be void when the run is "
                + "taken up, so it was not written down. What an approval is bound to is 'voidOn'; a bypass is bound to all.",
            mend:
                "`almrun resume RUN` asks anew and shows what would happen then: `almrun show RUN --gate STAGE`. Then "
                + "decide. Where a plan has secrets, give this process the same values as the one that resumes the run."
        ),
        CodeEntry(
            "gate/unsigned", "The gate counts only signed decisions, or nothing was signed there.",
            when:
                "The approval says 'signed: required', or `almrun show --record` was asked for signatures of which there "
                + "are none.",
            mend: "`almrun approve RUN STAGE --sign ~/.ssh/id_ed25519`, with a key that stands in "
                + "'environments/roles.yaml'."),
        CodeEntry(
            "gate/loose-keys", "A gate counts only what is signed, and the keys are in no commit.",
            when:
                "'environments/roles.yaml' differs from the commit, was never added to git or is ignored, or there is no git "
                + "to compare it with. Who starts the run could have put their own key in the place of another's.",
            mend:
                "Commit 'environments/roles.yaml' and start the run again; `git diff HEAD -- environments/roles.yaml` shows "
                + "what differs."),
        CodeEntry(
            "gate/unknown-key", "The signature is by a key that is not yours for this role.",
            when: "'environments/roles.yaml' had no such key for you when the run started.",
            mend: "Sign with your key; or put the line of your '.pub' file under 'key' and start a new run."),
        CodeEntry(
            "gate/forged", "A signed decision is not what its signer signed.",
            when: "Text, time or place in the run's ledger differ from what was signed.",
            mend:
                "`almrun verify RUN` shows where. Sign anew if it was only made for another point of the run; else treat "
                + "the store as tampered with."),
        CodeEntry(
            "gate/never-open", "The environment has no window in which it may ever be changed.",
            when: "No window begins again, or freezes cover those that do.",
            mend: "Correct 'windows' and 'freezes' in the environment's file and start a new run."),
        CodeEntry(
            "gate/no-evidence", "The environment asks for evidence that this run does not have for its package.",
            when:
                "A stage named under 'evidence' did not run, what it judged is not what is promoted, or it ran before a stage that "
                + "it comes after was done, as a person's word that it was done was taken back (a new run shows it).",
            mend:
                "Add the stage to the pipeline before the deployment; where it runs and is not about the package, give it "
                + "the package, let it read what is packed, or put it under 'needs:' of the stage that packs; where the pipeline "
                + "is given the package, let it come after a stage that is given it. Then start a "
                + "new run; `almrun why RUN STAGE` lists what is missing. Of a rollback only a bypass opens the gate."),
        CodeEntry(
            "gate/bad-evidence",
            "The environment asks for evidence, and the stage that should give it ended badly, or nobody saw it end well.",
            when:
                "The stage failed, or counts as done only because somebody said so (`resume RUN --assume STAGE=done`).",
            mend:
                "Mend what the stage complained about, then `almrun resume RUN`. What was only said to be done is looked for "
                + "with `almrun resume RUN --rerun STAGE`, and done again after `almrun resume RUN --assume STAGE=not-done`."
        ),
        CodeEntry(
            "gate/old-evidence", "The evidence is older than the environment accepts.",
            when: "'notOlderThan' has passed since the stage ran.",
            mend: "Start a new run with the command that `almrun show RUN` names: it makes the evidence anew."),
        CodeEntry(
            "gate/soak", "The package has not been long enough in the environment before this one.",
            mend: "`almrun resume RUN` after the time that the message names."),
        CodeEntry(
            "gate/replaced-too-early", "The package was replaced in the environment before it had soaked there.",
            mend:
                "Where a newer version took its place, `almrun rollback ENVIRONMENT --to VERSION` brings it back, ENVIRONMENT "
                + "being the one before; wait until it has soaked there, then `almrun resume RUN`. Where an older one is there, "
                + "a new run promotes it again. Or promote what is there now."),
        CodeEntry(
            "gate/not-promoted-before",
            "The package was not deployed and verified in the environment that comes before.",
            when: "The environment has 'after: NAME', and NAME never had this package.",
            mend: "Promote it there first; `almrun why PACKAGE ENVIRONMENT` lists every condition."),
        CodeEntry(
            "gate/other-history", "What the environment before had is not known: its history was changed.",
            when:
                "Its 'environment.json' and the receipts in 'history/' do not say the same of the package's solution.",
            mend: "`almrun doctor` names what differs; put the files back from a copy."),
        CodeEntry(
            "gate/shut", "A gate before the stage was open when it was cut off, and is not any more.",
            when:
                "The stage had done nothing yet, and a window has closed, or evidence or an approval has run out since.",
            mend: "Nothing was done, and the gates are asked again: `almrun why RUN STAGE` says what they wait for."),
        CodeEntry(
            "gate/no-package", "The gate does not know which package it is about.",
            when: "The deployment's preview, which names the package, is not among the run's results.",
            mend:
                "Start a new run; if it happens again, the plan is at fault: report it with `almrun show RUN --format json`."
        ),
        CodeEntry(
            "gate/unknown-environment", "The environment that must come before is not in the run's plan.",
            mend: "Start a new run: it reads the environments anew. `almrun check` finds wrong names under 'after'."),
    ]

    private static let locks: [CodeEntry] = [
        CodeEntry(
            "lock/unknown", "No lock of that name is held, or the run that had it does not have it any more.",
            mend: "`almrun locks` lists those that are; a name is the environment's or the group's."),
        CodeEntry(
            "lock/ambiguous", "The name is an environment's and a group's, and both locks are held.",
            mend: "Write 'environment NAME' or 'group NAME', in quotes."),
        CodeEntry(
            "lock/no-reason", "Taking a lock away needs a reason, which the run's ledger keeps.",
            mend: "`almrun locks release NAME --reason \"the machine is gone\"`."),
        CodeEntry(
            "lock/unreadable-run", "The run that holds the lock cannot be read.",
            when: "Its ledger was changed or lost, so that it cannot be written there who took the lock away and why.",
            mend:
                "`almrun verify RUN` says what was changed. Look whether what the run did has ended; then `almrun locks release "
                + "NAME --reason \"...\" --force` takes the lock away, or `almrun runs prune --run RUN --force` the whole run: "
                + "both end first what its commands left running here, and keep who did it and why in '.almrun/removed.jsonl'."
        ),
        CodeEntry(
            "lock/in-use", "A living process works under the lock.",
            mend:
                "`almrun cancel RUN` lets it stop properly, or `kill` with the number of the process where the run cannot be "
                + "read; `almrun locks release NAME --reason WHY --force` takes the lock away all the same, stops what works "
                + "under it, and refuses what the process brings after that. A process that is stopped (SIGSTOP) ends nothing: "
                + "--force ends what it runs; `kill PID` and then `kill -CONT PID` ends the process."),
    ]

    private static let engine: [CodeEntry] = [
        CodeEntry(
            "engine/timeout", "An attempt took longer than the stage's 'timeout', or did not take effect in that time.",
            when: "The process is ended first; an effect that happens once is looked for before anything is repeated.",
            mend: "`almrun logs RUN STAGE` shows how far it came; raise 'timeout', or `almrun resume RUN`."),
        CodeEntry(
            "engine/stuck", "Steps are left, and none of them can run.",
            when: "The needs of the stored plan go round in a circle, which `almrun check` refuses.",
            mend: "Start a new run; report it with `almrun show RUN --format json`."),
        CodeEntry(
            "engine/gate", "A gate that the engine decides by itself was given to a stage to carry out.",
            mend: "This is a fault of almrun: report it with `almrun show RUN --format json`."),
        CodeEntry(
            "plan/gate-without-stage", "A gate of the stored plan stands before no stage.",
            when: "The run was planned by another version, or its plan was changed.",
            mend: "Start a new run; `almrun verify RUN` tells whether the plan is as it was written."),
        CodeEntry(
            "stage/unknown-kind", "This almrun has no stage of the kind that the run's plan names.",
            when: "The run was planned by another version.",
            mend: "Resume it with that version, or start a new run."),
        CodeEntry(
            "stage/inputs", "The values that a stage is given do not fit its inputs.",
            when: "A reference gave a value of another type than planned, or the run was planned by another version.",
            mend: "`almrun stages KIND` shows the inputs; correct the pipeline and start a new run."),
        CodeEntry(
            "stage/error", "A stage stopped for a reason that it has no code for.",
            mend: "`almrun logs RUN STAGE` shows what it said before; after mending the cause `almrun resume RUN`."),
    ]
}
