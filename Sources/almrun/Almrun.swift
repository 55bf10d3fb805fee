import ArgumentParser
import Documents
import Engine
import Foundation

/// The command line: arguments in, text and exit status out.
@main
struct Almrun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "almrun",
        abstract: "Builds Power Platform connectors and solutions once and promotes them through environments.",
        discussion: """
            Reads pipelines/, environments/ and templates/ of the repository it is started in.

            Example: almrun check && almrun plan release --input version=1.2.0

            Exit status: 0 done, 1 a stage said no, 2 the files or the arguments are wrong, 3 almrun or its \
            surroundings are at fault, 75 waiting for a person or a time, 130 interrupted.
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Manifests",
                subcommands: [
                    InitCommand.self, CheckCommand.self, PlanCommand.self, GraphCommand.self, SchemaCommand.self,
                    StagesCommand.self, ExplainCommand.self, DocsCommand.self,
                ]),
            CommandGroup(
                name: "Runs",
                subcommands: [
                    RunCommand.self, ResumeCommand.self, RunsCommand.self, ShowCommand.self, LogsCommand.self,
                    WhyCommand.self, VerifyCommand.self, CancelCommand.self, RollbackCommand.self, LocksCommand.self,
                    EnvironmentCommand.self,
                    DoctorCommand.self,
                ]),
            CommandGroup(
                name: "Gates",
                subcommands: [InboxCommand.self, ApproveCommand.self, RejectCommand.self, BypassCommand.self]),
            CommandGroup(
                name: "One stage's work, at a desk",
                subcommands: [
                    LintCommand.self, DiffCommand.self, TestCommand.self, MockCommand.self, PackCommand.self,
                    UnpackCommand.self, RebindCommand.self,
                ]),
        ]
    )

    static func main() async {
        // Scripts ask this before each use, and looking through all commands for it takes as long as starting does.
        if Array(CommandLine.arguments.dropFirst()) == ["--version"] {
            Console.print(Version.current)
            leave(with: ExitStatus.done)
        }
        do {
            let given = GivenArguments(CommandLine.arguments)
            let unknown =
                given.unknownHelp.map { (code: "help/unknown", name: $0.name, among: $0.among) }
                ?? given.unknownCommand.map { (code: "arguments/wrong", name: $0.name, among: $0.among) }
            if let (code, name, names) = unknown {
                throw Rejected([
                    Diagnostic(
                        code, "there is no command '\(name)'",
                        help: suggestion(for: name, among: names).map { "did you mean '\($0)'?" }
                            ?? "`almrun help` lists them")
                ])
            }
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: ExitStatus.explaining(error))
        }
        leave(with: ExitStatus.done)
    }

    /// Who asked must not take a result for whole that is not; an interruption says so itself.
    private static func leave(with status: Int32) -> Never {
        OpenStores.close()
        guard let lost = Console.lostOutput, status != ExitStatus.interrupted else { Foundation.exit(status) }
        lost.tell(asJSON: GivenArguments(CommandLine.arguments).wantJSON)
        Foundation.exit(ExitStatus.broken)
    }
}
