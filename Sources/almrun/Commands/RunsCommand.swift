import ArgumentParser

/// Lists runs, and removes old ones.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List runs, newest first, and what they wait for; or remove old ones.",
        discussion: """
            Example: almrun runs --status waiting
            Example: almrun runs prune --keep 50 --older-than 30d --dry-run
            """,
        subcommands: [RunsListCommand.self, RunsPruneCommand.self], defaultSubcommand: RunsListCommand.self)
}
