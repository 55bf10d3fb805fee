import ArgumentParser
import Pipelines
import Stages

/// The generated part of `docs/`: a page for each command and each stage kind, and one for the keys of a pipeline.
enum DocumentationPages {
    /// Paths relative to `docs/` and their texts.
    static func all() -> [(name: String, text: String)] {
        let groups = Almrun.configuration.groupedSubcommands
        let commands = groups.flatMap(\.subcommands).sorted { name($0) < name($1) }
        let kinds = BuiltinStages.descriptions.sorted { $0.kind < $1.kind }

        var pages: [(name: String, text: String)] = []
        var index = "# Commands\n\n\(generated)\n\n| command | what it does |\n|---|---|\n"
        for command in commands {
            index += "| [almrun \(name(command))](\(name(command)).md) | \(command.configuration.abstract) |\n"
            pages.append(("commands/\(name(command)).md", page(of: command)))
        }
        pages.append(("commands/README.md", index))
        var stages = "# Stage kinds\n\n\(generated)\n\n| kind | effect | what it does |\n|---|---|---|\n"
        for kind in kinds {
            stages += "| [\(kind.kind)](\(kind.kind).md) | \(kind.effect.rawValue) | \(kind.summary) |\n"
            pages.append(("stages/\(kind.kind).md", StagePage(kind).markdown))
        }
        pages.append(("stages/README.md", stages))
        let origin = "Made by `make docs` from the JSON Schema that `almrun schema pipeline` prints."
        pages.append(("pipelines.md", PipelinePage(stages: BuiltinStages.descriptions).markdown(origin)))
        return pages
    }

    private static let generated = "Made by `make docs` from the descriptions in the code."

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    private static func page(of command: any ParsableCommand.Type) -> String {
        var page = "# almrun \(name(command))\n\n\(generated)\n\n" + help(of: command)
        for part in command.configuration.subcommands {
            page += "\n## almrun \(name(command)) \(name(part))\n\n" + help(of: part)
        }
        return page
    }

    private static func help(of command: any ParsableCommand.Type) -> String {
        let help = Almrun.helpMessage(for: command, columns: 100)
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return String(line)
        }
        var text = lines.joined(separator: "\n")
        while text.hasSuffix("\n") { text.removeLast() }
        return "```\n\(text)\n```\n"
    }
}
