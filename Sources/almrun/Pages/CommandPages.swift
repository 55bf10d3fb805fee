/// Codes of commands that stages start, of git, and of what commands write.
enum CommandPages {
    static var all: [CodeEntry] { shell + git + outputs }

    private static let shell: [CodeEntry] = [
        CodeEntry(
            "shell/exit-status", "The command ended with a status other than 0: it said no.",
            mend: "`almrun logs RUN STAGE` shows all it wrote; mend the cause and `almrun resume RUN`."),
        CodeEntry(
            "shell/try-later", "The command ended with status 75, which means: not this time.",
            when: "It is tried again as 'retry' of the stage says, and fails when the attempts are used up.",
            mend:
                "`almrun resume RUN` later, or give the stage more 'retry'. As long as it fails so, the run ends with status 3 "
                + "(almrun or its surroundings are at fault) and the stage is an `<error>` in JUnit."),
        CodeEntry(
            "shell/signal", "The command was ended by a signal.",
            when:
                "It crashed, the system took its memory, or somebody killed it. A shell that ends with 128 and the number of "
                + "a signal says so of what it ran. With effect 'once' the 'probe' has said that it did not take effect.",
            mend: "`almrun logs RUN STAGE` shows how far it came; then `almrun resume RUN`."),
        CodeEntry(
            "shell/not-generated", "The command ended well and did not make what 'generates' names.",
            when:
                "There is nothing at one of the paths, or a link. A command with effect 'once' has had its effect then: "
                + "it is not repeated before its 'probe', or a person, has said so.",
            mend: "Have the command make it, or take the path from the list; then a new run."),
        CodeEntry(
            "shell/generates", "A command cannot make that for later stages, and was not started.",
            when:
                "An earlier version made the run, and a path under 'generates' comes of an output: it is a pattern, the whole "
                + "repository, a manifest, or in '.git' or '.almrun'. Today such a reference is refused when the plan is made.",
            mend: "Correct what gives the path; then a new run."),
        CodeEntry(
            "shell/not-found", "There is no such program.",
            when: "A plain name is looked for on the PATH, a path from the repository's root.",
            mend: "Install it, or correct 'command'; the notes say where it was looked for."),
        CodeEntry(
            "shell/not-executable", "The file is not executable, or is a folder.",
            mend: "`chmod +x FILE`, and commit it: `git update-index --chmod=+x FILE`."),
        CodeEntry(
            "shell/cannot-start", "The system refused to start the command.",
            when:
                "The program behind '#!' is missing, the arguments are too long, or there is no memory; the message says "
                + "which.",
            mend: "Mend that and `almrun resume RUN`."),
        CodeEntry(
            "shell/no-command", "The command is empty.",
            mend: "Write command: [program, argument]; an empty reference in its first place does this too."),
        CodeEntry(
            "shell/no-directory", "The folder that the command should run in does not exist.",
            mend: "Correct 'directory', or let an earlier stage make it."),
        CodeEntry(
            "shell/secret-argument", "The command line holds a secret, which every process of the machine could read.",
            mend: "Pass it through 'env' of the stage, and read the variable in the command."),
        CodeEntry(
            "shell/variable", "A name or value under 'env' is none that a process can have.",
            mend: "Take '=' and zero bytes out of it, and give it a name."),
        CodeEntry(
            "shell/zero-byte", "An argument of the command holds a zero byte.",
            mend: "Pass such content in a file."),
    ]

    private static let git: [CodeEntry] = [
        CodeEntry(
            "git/tag-elsewhere", "The tag is there already, on another commit.",
            when: "The version was released before, here or at the remote.",
            mend: "Choose another version: a released one keeps its tag."),
        CodeEntry(
            "git/remote-refused", "The remote did not take the tag.",
            mend: "Look at the rules for tags there and at your rights; then `almrun resume RUN`."),
        CodeEntry(
            "git/remote", "git could not work with the remote.",
            when: "It cannot be reached, or refused you; the notes have git's words.",
            mend: "Try the same by hand: `git ls-remote REMOTE`; then `almrun resume RUN`."),
        CodeEntry(
            "git/command", "The program git cannot be started.", mend: "Install git, and see that it is on the PATH."),
        CodeEntry(
            "git/not-a-repository", "The folder is in no git repository.",
            mend: "`git init`, or go to the repository's folder."),
        CodeEntry(
            "git/dubious-ownership", "The repository belongs to another user.",
            mend: "`git config --global --add safe.directory FOLDER`, if you trust it."),
        CodeEntry(
            "git/unsupported-format", "The repository has a format that almrun cannot read.",
            mend: "Use a repository with SHA-1 object names and without the extension that the message names."),
        CodeEntry(
            "git/no-work-tree", "The repository is bare: it has no files to look at.", mend: "Work in a clone of it."),
        CodeEntry(
            "git/partial-clone", "The clone is partial, and what is asked for is not in it.",
            mend: "`git fetch --refetch --no-filter`, or clone without '--filter'."),
        CodeEntry(
            "git/shallow-clone", "The clone is shallow, and what is asked for is not in it.",
            mend: "`git fetch --unshallow --tags`; in a build, ask for the whole history."),
        CodeEntry("git/no-commit", "The repository has no commit yet.", mend: "`git commit` first."),
        CodeEntry(
            "git/no-such-revision", "There is no such commit, branch or tag.",
            mend: "`git log` and `git tag` list them; a clone in a build may lack tags: `git fetch --tags`."),
        CodeEntry(
            "git/no-such-path", "The path does not exist in that revision.",
            mend: "Look with `git ls-tree -r --name-only REVISION`."),
        CodeEntry(
            "git/not-a-file", "The path is a folder, a link or a submodule in that revision.",
            mend: "Name the file itself."),
        CodeEntry(
            "git/invalid-name", "git allows no tag of that name.",
            mend: "Correct the name; the message says what is wrong with it."),
        CodeEntry(
            "git/no-identity", "git does not know who you are.",
            mend: "`git config user.email YOU@EXAMPLE.COM` and `git config user.name NAME`."),
        CodeEntry(
            "git/dirty", "There are changes that are not committed.",
            mend: "`git status` lists them; commit or stash them."),
        CodeEntry(
            "git/no-such-remote", "The repository has no such remote.",
            mend: "`git remote -v` lists them; `git remote add NAME URL` adds one."),
        CodeEntry(
            "git/unsupported-remote", "The remote is not on this machine, and cannot be pushed to directly.",
            mend: "Push it with git, which has your credentials: `git push REMOTE refs/tags/NAME`."),
        CodeEntry(
            "git/other", "The git repository could not be read or written.",
            mend: "The message has the system's words; `git fsck` checks the repository."),
    ]

    private static let outputs: [CodeEntry] = [
        CodeEntry(
            "mock/port", "The mock cannot listen on the port.", mend: "Choose another with '--port', or 0 for any."),
        CodeEntry(
            "pack/inside", "The package would lie in the folder that it is packed from, and get into the next one.",
            mend: "Name a place outside the folder with '--output'."),
        CodeEntry(
            "output/reserved",
            "What a command should write would lie in '.git' or '.almrun', which hold what others rely on.",
            mend: "Name a place outside of it."),
        CodeEntry(
            "junit/other-file", "The file that '--junit' names is there and is no report.",
            when: "A report replaces an earlier one, and nothing else.",
            mend: "Name another file, or move that one away."),
        CodeEntry(
            "junit/folder", "The folder of the file that '--junit' names is not there.",
            when: "Outside the repository no folders are made.",
            mend: "Make the folder first, or name a file in the repository."),
        CodeEntry(
            "pack/exists", "The package file is there and has another content.",
            mend: "`almrun pack ... --force` replaces it."),
        CodeEntry(
            "pack/output", "The place of the package is a folder where a file is meant, or its folder is missing.",
            mend: "Name a folder, or a file in an existing folder that ends in '.zip'."),
        CodeEntry(
            "rebind/output", "The place of the deployment settings is a folder, or has no name.",
            mend: "Name a file to write: `almrun rebind ... --output settings.json`."),
        CodeEntry(
            "rebind/exists", "The file of deployment settings is there and has another content.",
            mend: "`almrun rebind ... --force` replaces it."),
        CodeEntry(
            "folder/not-empty", "The folder to unpack into is not empty.",
            mend: "Name another; '--force' replaces an unpacked solution."),
        CodeEntry(
            "folder/not-a-solution", "The folder holds something else than an unpacked solution, and is not replaced.",
            mend: "Name another folder."),
        CodeEntry("folder/not-a-folder", "The place to unpack into is a file.", mend: "Name a folder."),
        CodeEntry(
            "folder/unreadable", "The folder to unpack into cannot be read.",
            mend: "Give yourself the right to read it."),
    ]
}
