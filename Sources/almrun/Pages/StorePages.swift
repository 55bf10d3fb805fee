/// Codes of the store of runs, of `almrun verify`, and of the folder that a command works in.
enum StorePages {
    static var all: [CodeEntry] { store + verify + workspace + files }

    private static let store: [CodeEntry] = [
        CodeEntry(
            "store/conflict", "Somebody else wrote to the run at the same time.",
            mend: "Look at what happened with `almrun show RUN`, and give the command again if it is still wanted."),
        CodeEntry(
            "store/lock-lost", "A lock that the run counted on ran out and went to somebody else.",
            when:
                "The process was stopped for longer than its lease, or the lock was taken away; what it brings late is "
                + "refused.",
            mend: "`almrun locks` says who has it now; `almrun resume RUN` afterwards."),
        CodeEntry(
            "store/newer", "The store or an event in it was written by a newer almrun.",
            mend: "Use that version or a later one; nothing was changed."),
        CodeEntry(
            "store/damaged", "The store is not what almrun writes there.",
            when:
                "A file was changed, cut off, emptied or replaced, or the events of a run open a gate that no decision "
                + "justifies; nothing is guessed and nothing is written.",
            mend:
                "`almrun doctor` says what is wrong and what can be mended, `almrun verify --all` names what was changed; "
                + "else put '.almrun/runs.sqlite' back from a copy. Without one, `almrun doctor` names under `type:` what gives "
                + "a damaged run up."),
        CodeEntry(
            "store/unavailable", "The store cannot be opened, read or written now.",
            when:
                "The disk is full, the rights are missing, or another program, or a process of almrun that was stopped, "
                + "keeps the file locked; the message says which.",
            mend:
                "Mend that (`kill -CONT PID` lets a process go on), then give the command again; `almrun doctor` checks "
                + "disk and rights."),
        CodeEntry(
            "prune/no-reason",
            "Removing a run that cannot be read, or is in doubt, needs a reason, kept beside the store.",
            mend: "`almrun runs prune --run NAME --reason \"the disk broke\"`."),
        CodeEntry(
            "prune/readable", "The run that --run names can be read.",
            when:
                "--run removes only what is lost anyway, a run of which events are gone or cannot be read, and one that is "
                + "over with an effect in doubt.",
            mend:
                "`almrun runs prune --keep N` or `--older-than 30d` removes finished runs that can be read; `almrun cancel RUN` "
                + "ends one that waits."),
        CodeEntry(
            "prune/mendable", "The run that --run names can be brought back.",
            when: "Its events are all there, and only its row in the index says something else.",
            mend: "`almrun doctor --repair`."),
        CodeEntry(
            "prune/holds-lock", "The run that --run names holds a lock.",
            when: "It may have been cut off while it changed an environment.",
            mend:
                "Look whether that has ended, with `almrun environment NAME`; then `almrun runs prune --run NAME --reason \"...\" "
                + "--force` ends what its commands left running here, and takes the lock away with it."),
        CodeEntry(
            "object/missing", "A kept result or package is not in the object store.",
            when: "The file under '.almrun/objects' was removed.",
            mend: "`almrun doctor` names each. Put it back from a copy, or start a new run, which makes it anew."),
        CodeEntry(
            "object/damaged", "A kept result or package has another content than its digest says.",
            mend: "`almrun doctor` says how to move the file away; put it back from a copy, or start a new run; "
                + "`almrun verify RUN` says what else was changed."),
    ]

    private static let verify: [CodeEntry] = [
        CodeEntry(
            "verify/changed", "An event of the run is not as it was written.",
            when: "Its bytes, its hash, or the hash by which the next event names it do not fit.",
            mend:
                "Compare with a copy of the store, and trust nothing that rests on the event; `almrun show RUN` still "
                + "shows it."),
        CodeEntry(
            "verify/missing", "Events of the run are gone.",
            when:
                "A number is left out, the run index counts more events than there are, or the event of `--head` is not there.",
            mend: "Put '.almrun/runs.sqlite' back from a copy."),
        CodeEntry(
            "verify/beyond", "There are more events than the run index counts.",
            when: "Events were added past almrun, or the index was changed.",
            mend: "Compare with a copy; if the events are right, `almrun doctor --repair` writes the index anew."),
        CodeEntry(
            "verify/misplaced", "Events stand in each other's places.",
            mend: "Put '.almrun/runs.sqlite' back from a copy: their order was changed past almrun."),
        CodeEntry(
            "verify/fold", "The events, each readable, make no possible run together.",
            when: "One is about a step that is not in the plan, or could not follow the one before.",
            mend:
                "Put '.almrun/runs.sqlite' back from a copy; the event that the message names was not written by almrun."
        ),
        CodeEntry(
            "verify/other-run", "The events under this name are those of another run.",
            mend: "Put '.almrun/runs.sqlite' back from a copy: they were moved past almrun."),
        CodeEntry(
            "verify/index", "The run index says something else than the run's events.",
            when: "The row was changed, or cannot be read.",
            mend: "`almrun doctor --repair` writes the index anew from the events."),
        CodeEntry(
            "verify/unvouched",
            "Nothing vouches that the last event before the run index was rebuilt was the last one.",
            when: "The index was lost and written anew while the run had not succeeded.",
            mend: "Compare with a copy of the store: a decision or an end that came later may be gone."),
        CodeEntry(
            "verify/signature", "The signature of a decision does not hold.",
            when:
                "The decision or its signature was changed, belongs to another run, or is by a key that the roles do not "
                + "name.",
            mend: "Ask who is said to have signed; the decision does not count."),
        CodeEntry(
            "verify/unsigned", "A decision has no signature, and its gate asks for one.",
            when: "It was written past almrun, or its signature was taken out.",
            mend: "Ask who is said to have decided; the decision does not count."),
        CodeEntry(
            "verify/loose-keys", "A decision is signed by a key that was in no commit.",
            when:
                "'environments/roles.yaml' differed from the commit when the run was made, or there was no commit: who asked "
                + "for the run may have put any key there. Versions that came later refuse such a run where a gate says "
                + "'signed: required'.",
            mend: "Ask who is said to have signed. The decision counts by the rules of the run; this is only a note."),
        CodeEntry(
            "verify/gate", "A gate was passed that nobody opened, or not those who may.",
            when:
                "An event opens it or starts its stage without the approvals, the time or the evidence that it asks for.",
            mend: "Treat what was deployed behind it as unapproved; `almrun show RUN` shows the decisions."),
        CodeEntry(
            "verify/object-missing", "An object that the run's events name is not there.",
            mend: "Put the file that the message names back from a copy; a new run makes the result anew."),
        CodeEntry(
            "verify/object-changed", "An object that the run's events name has another content.",
            mend: "Put the file that the message names back from a copy; do not deploy what is there now."),
        CodeEntry(
            "verify/object-unreadable", "An object that the run's events name cannot be read.",
            when: "The rights are missing, or the disk is at fault.",
            mend: "Give yourself the right to read the file that the message names, and verify again."),
        CodeEntry(
            "verify/log-changed", "The log of a step is not as the run's events say.",
            when: "Bytes of the file were changed after the attempt had ended, or while it was under way.",
            mend:
                "Put the file that the message names back from a copy; do not rely on what the step is said to have said."
        ),
        CodeEntry(
            "verify/log-shortened", "The end of a step's log is gone.",
            when:
                "Somebody cut the file, or the machine lost its power: logs are not written through to the disk, as "
                + "events are.",
            mend: "Put the file that the message names back from a copy."),
        CodeEntry(
            "verify/log-missing", "The log of a step is not there.",
            when:
                "Somebody removed or renamed the file, or the machine lost its power; `almrun runs prune` takes the logs "
                + "of a run only together with the run.",
            mend: "Put the file that the message names back from a copy."),
        CodeEntry(
            "verify/log-added",
            "The log of a step has more in it than when its attempt had ended, or is there though the attempt said nothing.",
            when: "Somebody wrote to the file.",
            mend: "Compare with a copy: what comes after the bytes that the message counts was not said by the step."),
        CodeEntry(
            "verify/log-unreadable", "The log of a step cannot be read.",
            when: "The rights are missing, the disk is at fault, or something else than a file stands there.",
            mend: "Give yourself the right to read the file that the message names, and verify again."),
    ]

    private static let workspace: [CodeEntry] = [
        CodeEntry(
            "workspace/missing", "The folder given with '--root' is not there.",
            mend: "Name the root of a repository that is."),
        CodeEntry(
            "workspace/gone", "The folder that you are in was removed.",
            mend: "Change to a folder that is there, or name one with '--root'."),
        CodeEntry(
            "workspace/none", "There is no almrun repository here: neither 'pipelines/' nor '.almrun/'.",
            mend: "`almrun init` makes one; '--root' names another folder."),
        CodeEntry(
            "workspace/not-folder", "'pipelines', 'environments' or 'templates' is there and is no folder.",
            mend: "Move it away; `almrun init` makes the folders that are missing."),
        CodeEntry(
            "identity/unknown", "Nobody knows who you are, and what is to be done is kept under a name.",
            when:
                "The folder is in no git repository, and neither variables nor the settings of git for all of them say.",
            mend: "Set GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL, or `git config --global user.email YOU@EXAMPLE.COM`."),
        CodeEntry(
            "help/unknown", "There is no such command.",
            mend: "`almrun help` lists them; the message says what may be meant."),
        CodeEntry(
            "output/lost", "A result could not be written to standard output, such as to a full disk.",
            when: "What the command did is done; only what it printed is not whole. It ends with status 3.",
            mend: "Make room, or let it print elsewhere, and ask again (`almrun show RUN`)."),
        CodeEntry(
            "arguments/wrong", "The command line cannot be read.",
            when: "An argument is missing or too many, an option is unknown, or its value is none that it can have.",
            mend: "`almrun help COMMAND` shows the arguments and an example."),
        CodeEntry(
            "surroundings/fault", "The system refused something that almrun needs.",
            mend: "The message has the system's words; `almrun doctor` checks disk, rights and libraries."),
        CodeEntry(
            "graph/inputs", "A run has the inputs it started with, and no others can be given to it.",
            mend: "Leave '--input' out, or name a pipeline instead of the run."),
        CodeEntry(
            "explain/unknown", "There is no such code, and no family of that name.",
            mend: "`almrun explain` lists all codes, `almrun explain run` those that begin with 'run/'."),
        CodeEntry(
            "why/unknown", "What was asked about is neither a run nor a package.",
            mend: "Name a run (`almrun runs`), or a package: 6 digits of its digest or more, a .zip file, or "
                + "SOLUTION@VERSION."),
        CodeEntry(
            "why/ambiguous", "The question fits a stage of a run and a package in an environment.",
            mend: "Write the run's whole name, or the package as SOLUTION@VERSION."),
        CodeEntry(
            "package/unknown", "No such package is known here.",
            when: "No run of the last hundred made it, and no environment has had it.",
            mend: "Name its .zip file instead, or look at the versions with `almrun environment NAME --history`."),
        CodeEntry(
            "package/ambiguous", "The name fits several packages.",
            mend: "Give more digits of the digest; the message lists what fits."),
        CodeEntry(
            "package/gone", "The package that is given to a run is known, and its file is gone.",
            when: "It is neither in .almrun/objects nor kept by an environment.",
            mend: "Give its .zip file, or make it anew: a new run packs it."),
        CodeEntry("package/no-file", "There is no such package file.", mend: "Look at the path."),
        CodeEntry(
            "package/version", "What stands after '@' is no version of a solution.",
            mend: "Write SOLUTION@VERSION with a version such as 1.2.0.0."),
    ]

    private static let files: [CodeEntry] = [
        CodeEntry(
            "file/write", "A file or folder cannot be written.",
            when: "The disk is full or the rights are missing; the message has the system's words.",
            mend: "Mend that and `almrun resume RUN`; no half file is left."),
        CodeEntry(
            "file/special", "In the place of a file is a device, a pipe, a link or a folder, and it is not replaced.",
            mend: "Name a regular file, or one that does not exist yet."),
        CodeEntry(
            "path/absolute", "A path is absolute, and would mean something else on another machine.",
            mend: "Write it relative to the repository's root."),
        CodeEntry(
            "path/outside", "A path leads out of the repository, or through a link that leads nowhere.",
            mend: "Bring the files into the repository, and correct or remove the link."),
        CodeEntry(
            "path/missing", "A file or folder that a stage reads does not exist.",
            when: "It was there when the pipeline was checked, or an earlier stage should have made it.",
            mend: "Put it there, or correct the path in the pipeline, and `almrun resume RUN`."),
    ]
}
