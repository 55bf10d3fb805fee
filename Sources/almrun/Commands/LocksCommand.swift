import ArgumentParser

/// Shows who holds what, and takes a lock away.
struct LocksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locks", abstract: "Show who holds environments and groups, or take a lock away.",
        discussion: """
            A run holds an environment while it installs there, and its concurrency group until it ends.

            Example: almrun locks
            Example: almrun locks release prod --reason "the build agent is gone"
            """,
        subcommands: [LocksListCommand.self, LocksReleaseCommand.self], defaultSubcommand: LocksListCommand.self)
}
