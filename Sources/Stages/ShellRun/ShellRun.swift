import Crypto
import Documents
public import Engine
import Foundation
public import Pipelines

/// Runs a command of the repository's owner in a process group of its own.
///
/// Its environment is small, its output is streamed within limits, and secrets reach it through `env` alone.
public struct ShellRun: Stage {
    /// What the command changes, as the one who wrote it says.
    public enum Effect: String, Codable, Sendable, CaseIterable {
        case none, repeatable, once
    }

    public struct Input: Decodable, Sendable {
        public var command: [String]
        public var env: [String: String]?
        public var directory: String?
        public var effect: Effect?
        public var probe: [String]?
        public var generates: [String]?
    }

    public struct Output: Codable, Sendable, Hashable {
        public var status: Int
        public var output: String
        public var truncated: Bool
        /// SHA-256 of each file that the command made, by path from the root; nil where it says that it makes none.
        public var generated: [String: String]?
        /// Those of them that were there before and were not written, sorted.
        public var untouched: [String]?
        /// Files that were there before and are gone, sorted.
        public var removed: [String]?
    }

    public static let description = StageDescription(
        kind: "shell.run", effect: .once, choosesEffect: true,
        summary: "runs a command of your own",
        details: """
            The command is a list: a program and its arguments, without a shell between; write `[sh, -c, "..."]` \
            where you want one. It runs at the repository's root, or in `directory`, with nothing to read from and a \
            small environment: `PATH`, `HOME`, `LANG`, `TMPDIR`, `CI=true`, `ALMRUN_RUN`, `ALMRUN_STEP`, \
            `ALMRUN_ATTEMPT`, `ALMRUN_TOKEN` (the same for every attempt: use it to recognise your own work), \
            `ALMRUN_PROCESS` (by which almrun knows the processes of a command) and what `env` adds. Secrets are allowed in `env` only, because a command line can be read by every process \
            of the machine; in the output they appear as `***`.

            Status 0 is success, 75 means "not this time" and is retried where the stage says so (a command cannot say \
            after which time: `retry` does), any other status \
            is a no with the last lines shown. A command that says 75 at its last attempt too has said neither yes nor \
            no: the stage fails as one does whose surroundings are at fault, with status 3 of the run and an `<error>` \
            in JUnit. A status is the command's own word: a stage that failed with one is \
            simply run again when the run is resumed. A command that was ended by a signal has given none, and \
            neither has a shell that ends with 128 and the number of a signal, which is how it says that one ended \
            what it ran. When the step is cancelled or its time is up, all its processes get \
            SIGTERM, and 10 seconds later SIGKILL: also those in the background, in a session of their own, or with \
            another parent. When the command has ended, what it left running is ended in the same way, and the log \
            says what that was. After an almrun that was killed itself, whoever resumes or cancels the run, or \
            releases a lock of it, ends it first, and `locks release --force` also what an almrun that is stopped \
            (SIGSTOP) runs. What another user's command left, only that user and an administrator can see: almrun says \
            so where it may go on.

            Say in `effect` what the command changes. `once`, the default, means that nobody knows whether it may \
            run again: after a crash in its middle, a signal that ended it, or when its time is up the run waits for \
            a person, unless `probe` is given: a command whose status 0 means done and 1 not done. It is asked \
            before anything is repeated; one that says something else, or nothing for 5 minutes or the stage's \
            `timeout`, is no answer. What a probe that says done writes to standard output takes the place of the \
            output, as nobody knows what the command had yet to say; where a later stage uses `output`, a probe that \
            writes nothing leaves the run waiting for a person. With `repeatable` or `none` it simply runs again. \
            Under `finally` a command with `once` is done once for each end of the run: when a run that had ended is \
            resumed, it is done anew at the next end, with the `run.status` of then and another `ALMRUN_TOKEN`.

            Files that the command makes and that a later stage packs or judges are named in `generates`: a run with \
            gates refuses other files than those of its commit (`run/other-files`). They need not be there before; \
            when the command has ended well, each path has to lead to something, and the digest of every file is \
            kept, not of links. A later stage takes them as they were made then, and nothing else there. A file of the \
            commit that the command did not write has to be that of the commit, and one that was gone before it began \
            is missed, unless the command made all that is there anew. Each gate tells people what was made so. Where a gate leaves out committers they are refused all the same, as nobody knows who \
            wrote them.
            """,
        inputs: [
            .init("command", .list(.string), required: true, "the program and its arguments").asCommand(),
            .init("env", .map(.string), "variables for the command; the place for secrets"),
            .init("directory", .path, "where it runs, the repository's root when absent"),
            .init(
                StageDescription.effectInput, .choice(Effect.allCases.map(\.rawValue)), default: "once",
                "what it changes outside the run"),
            .init(
                "probe", .list(.string),
                "a command that finds out whether an interrupted attempt took effect, and then writes its output"
            ).asCommand(),
            .init(
                "generates", .list(.path),
                "files and folders that it makes for later stages, from the repository's root, in no commit"),
        ],
        outputs: [
            .init("status", .integer, "the exit status, 0"),
            .init(
                "output", .string,
                "what it wrote to standard output, at most 64 KiB; after an interruption, what its probe wrote"),
            .init("truncated", .boolean, "whether some of the output is missing there"),
            .init("generated", .map(.string), "SHA-256 of each file at or below what `generates` names, by path"),
            .init("untouched", .list(.string), "those of them that were there before and were not written"),
            .init("removed", .list(.string), "files there that the command took away, by path"),
        ],
        example: """
            notes:
              uses: shell.run
              with:
                command: [scripts/announce, "${{ run.status }}"]
                effect: repeatable
                env:
                  WEBHOOK: ${{ secrets.TEAM_WEBHOOK }}
            """)

    /// The variables that name the run and the step.
    static let runVariable = "ALMRUN_RUN"
    static let stepVariable = "ALMRUN_STEP"

    /// How long a process group may take to end when it is asked to.
    var grace: Duration = .seconds(10)
    var limits = OutputLog.Limits()
    /// How long a probe may take to answer.
    var patience: Duration = .seconds(300)

    public init() {}

    public func run(_ input: Input, in context: StageContext) async throws -> Output {
        if context.attempt > 1 { await endEarlierAttempt(context) }
        try Self.judge(input, in: context)
        let before = FileListing(input.generates, below: context.root)
        let log = OutputLog(limits: limits, emit: context.emit, secrets: context.secrets)
        let status = try await execute(input.command, input, log, context)
        let name = input.command.first ?? ""
        switch status {
        case .exited(0):
            let (text, isCut) = log.output
            let made = try Self.generated(input, in: context)
            return Output(
                status: 0, output: text, truncated: isCut, generated: made?.digests,
                untouched: made?.untouched(since: before), removed: made?.removed(since: before))
        case .exited(75):
            throw StageFailure(
                .transient, "shell/try-later", "'\(name)' ended with status 75: not this time", notes: log.tail)
        case .exited(let code) where SignalName.isKnown(code - 128):
            throw StageFailure(
                .broken, Self.signalCode,
                "'\(name)' ended with status \(code): \(SignalName.of(code - 128)) ended what it ran",
                notes: log.tail)
        case .exited(let code):
            throw StageFailure(.rejected, "shell/exit-status", "'\(name)' ended with status \(code)", notes: log.tail)
        case .signaled(let number):
            throw StageFailure(
                .broken, Self.signalCode, "'\(name)' was ended by \(SignalName.of(number))", notes: log.tail)
        }
    }

    public func recover(_ input: Input, in context: StageContext) async throws -> Recovery<Output> {
        await endEarlierAttempt(context)
        if let effect = input.effect, effect != .once { return .notStarted }
        guard let probe = input.probe, !probe.isEmpty else {
            return .unknown(Self.inDoubt(input, context) + "only a person can tell whether it took effect")
        }
        let log = OutputLog(limits: limits, emit: context.emit, secrets: context.secrets)
        switch try await answer(of: probe, input, log, context) {
        case nil:
            return .unknown(
                Self.inDoubt(input, context)
                    + "its probe '\(probe.joined(separator: " "))' gave no answer within \(patience.components.seconds) s"
            )
        case .exited(0):
            let (text, isCut) = log.output
            if text.isEmpty, context.isOutputUsed("output") {
                return .unknown(
                    Self.inDoubt(input, context)
                        + "its probe '\(probe.joined(separator: " "))' says that it took effect and gives no output, which a "
                        + "later stage uses: have the probe write it to standard output")
            }
            // What is there by now may not be what the command left.
            if let path = input.generates?.first, context.isOutputUsed("generated") {
                return .unknown(
                    Self.inDoubt(input, context)
                        + "its probe '\(probe.joined(separator: " "))' says that it took effect; a later stage may read "
                        + "'\(path)', and nobody knows whether that is as it made it: cancel the run, or have it made "
                        + "again where that does no harm")
            }
            return .completed(Output(status: 0, output: text, truncated: isCut))
        case .exited(1): return .notStarted
        case let other?:
            return .unknown(
                Self.inDoubt(input, context)
                    + "its probe '\(probe.joined(separator: " "))' cannot tell whether it took effect: \(Self.words(other))"
            )
        }
    }

    /// Throws where the command cannot make one of the paths for later stages: what comes of a reference only the run knows.
    private static func judge(_ input: Input, in context: StageContext) throws {
        for path in input.generates ?? [] {
            _ = try context.path(path)
            guard let objection = GeneratedPath.objection(to: path) else { continue }
            throw StageFailure(
                .broken, "shell/generates", "'\(path)' under 'generates' \(objection); the command was not started",
                notes: ["name the files or folders that it makes for later stages, and start a new run"])
        }
    }

    /// What the command has made, as it is now; throws where it made nothing at one of the paths.
    private static func generated(_ input: Input, in context: StageContext) throws -> FileListing? {
        guard let listed = input.generates, !listed.isEmpty else { return nil }
        for path in listed {
            let name = "'\(input.command.first ?? "")' ended well, and"
            let place = try context.path(path)
            guard FileManager.default.fileExists(atPath: place) else {
                throw StageFailure(
                    .rejected, notGeneratedCode, "\(name) there is no '\(path)', which 'generates' names",
                    notes: ["have the command make it, or take it from the list"])
            }
            // With a slash at its end a link would be followed.
            let own = "\(context.root)/\(RepositoryFiles.normalized(path) ?? path)"
            if (try? FileManager.default.destinationOfSymbolicLink(atPath: own)) != nil {
                throw StageFailure(
                    .rejected, notGeneratedCode, "\(name) '\(path)', which 'generates' names, is a link",
                    notes: ["name the file or folder that it leads to, and have later stages read that"])
            }
        }
        return FileListing(listed, below: context.root)
    }

    private static let signalCode = "shell/signal"

    private static let notGeneratedCode = "shell/not-generated"

    public static func leavesEffectOpen(_ failure: StageFailure) -> Bool {
        // A command that ended well has done what it does, though it made less than it should.
        failure.code == signalCode || failure.code == notGeneratedCode
    }

    /// How a probe ended; nil for one that had to be ended because it took too long.
    private func answer(
        of probe: [String], _ input: Input, _ log: OutputLog, _ context: StageContext
    ) async throws -> ChildStatus? {
        try await withThrowingTaskGroup(of: ChildStatus?.self) { group in
            group.addTask { try await execute(probe, input, log, context) }
            group.addTask { [patience] in
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// Which command of which attempt was cut off, and where what it said can be read.
    private static func inDoubt(_ input: Input, _ context: StageContext) -> String {
        let command = input.command.joined(separator: " ")
        let shown = command.count > 120 ? command.prefix(120) + "..." : command[...]
        return "the command '\(shown)' was interrupted; what it said is in "
            + "`almrun logs \(context.run) \(context.step.id)`, and "
    }

    private static func words(_ status: ChildStatus) -> String {
        switch status {
        case .exited(let code): "status \(code)"
        case .signaled(let number): SignalName.of(number)
        }
    }

    private func execute(
        _ command: [String], _ input: Input, _ log: OutputLog, _ context: StageContext
    ) async throws -> ChildStatus {
        guard let program = command.first, !program.isEmpty else {
            throw StageFailure(
                .broken, "shell/no-command", "the command is empty", notes: ["write command: [program, argument]"])
        }
        if let part = command.first(where: { $0.contains("${{") && $0.contains("secrets.") }) {
            throw StageFailure(
                .broken, "shell/secret-argument", "the command line holds a secret: '\(part)'",
                notes: ["pass it through env; a command line can be read by every process of the machine"])
        }
        if let part = command.first(where: { $0.utf8.contains(0) }) {
            throw StageFailure(
                .broken, "shell/zero-byte", "an argument of '\(program)' holds a zero byte: '\(part.prefix(40))'")
        }
        let folder = try folder(input, context)
        let mark = Self.mark(root: context.root, context.run, context.step.id)
        let (variables, search) = try environment(input, mark, context)
        // A path in a command is the repository's, wherever the command runs.
        let path = try ExecutablePath.find(program, search: search, folder: context.root)
        return try await spawn(path, command, variables, folder, log, mark)
    }

    private func folder(_ input: Input, _ context: StageContext) throws -> String {
        guard let directory = input.directory else { return context.root }
        let folder = try context.path(directory)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw StageFailure(.broken, "shell/no-directory", "the folder '\(directory)' does not exist")
        }
        return folder
    }

    /// The variables of the command as `NAME=value`, and its PATH.
    private func environment(
        _ input: Input, _ mark: ProcessMark, _ context: StageContext
    ) throws -> ([String], String) {
        var variables = ProcessEnvironment.values(of: ["PATH", "HOME", "LANG", "TMPDIR"])
        variables["PATH"] = variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        variables["CI"] = "true"
        variables[Self.runVariable] = context.run.rawValue
        variables[Self.stepVariable] = context.step.id.rawValue
        variables["ALMRUN_ATTEMPT"] = String(max(1, context.attempt - context.looks))
        variables["ALMRUN_TOKEN"] = context.token
        for (name, value) in input.env ?? [:] {
            guard !name.isEmpty, !name.contains("="), !name.utf8.contains(0), !value.utf8.contains(0) else {
                throw StageFailure(.broken, "shell/variable", "'\(name)' is not a variable that a process can have")
            }
            variables[name] = try context.reveal(value, at: "env", name)
        }
        variables[ProcessMark.variable] = mark.value
        return (variables.map { "\($0.key)=\($0.value)" }, variables["PATH"] ?? "")
    }

    /// Runs a program; one that somebody still writes to is waited for, for half a second.
    private func launch(
        _ child: ChildCommand, _ log: OutputLog, _ mark: ProcessMark
    ) async throws -> ChildEnding {
        var patience = 50
        while true {
            do {
                return try await ChildLauncher(grace: grace).run(child, mark: mark, receiver: log.take)
            } catch let error as ChildStartError where error.number == ETXTBSY && patience > 0 {
                patience -= 1
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    private func spawn(
        _ path: String, _ command: [String], _ variables: [String], _ folder: String, _ log: OutputLog,
        _ mark: ProcessMark
    ) async throws -> ChildStatus {
        let child = ChildCommand(path: path, arguments: command, variables: variables, folder: folder)
        let ending: ChildEnding
        do {
            ending = try await launch(child, log, mark)
        } catch let error as ChildStartError {
            throw StageFailure(
                .broken, "shell/cannot-start", "'\(command[0])' cannot be started: \(error)",
                notes: ["the program is \(path)"])
        }
        log.close()
        // Programs that end in order when they are asked to say 0 as well.
        if ending.wasStopped, ending.status == .exited(0) {
            log.note("was asked to stop and ended with status 0, which does not say whether it was done")
        }
        if ending.wasStopped || (Task.isCancelled && ending.status != .exited(0)) { throw CancellationError() }
        if !ending.leftBehind.isEmpty {
            log.note("ended what '\(command[0])' left running: \(ending.leftBehind.joined(separator: ", "))")
        }
        return ending.status
    }

    /// An attempt whose almrun was killed could not end its processes; nothing of it may go on beside this one.
    private func endEarlierAttempt(_ context: StageContext) async {
        let ended = await EarlierProcesses(work: Self.mark(root: context.root, context.run, context.step.id)).end(
            within: grace)
        guard !ended.isEmpty else { return }
        context.log("ended what an earlier attempt left running: \(ended.joined(separator: ", "))")
    }

    static func mark(root: String, _ run: RunID, _ step: StepID) -> ProcessMark {
        let work = "\(root)\n\(run)\n\(step)"
        return ProcessMark(work: String(hexadecimal(SHA256.hash(data: Data(work.utf8))).prefix(16)))
    }
}
