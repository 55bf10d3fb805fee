import ArgumentParser
import Documents

/// The words of the command line, as far as errors about them depend on these.
struct GivenArguments {
    private let words: [String]

    /// - Parameter words: All of them, the program's name first.
    init(_ words: [String]) { self.words = Array(words.dropFirst()) }

    /// Whether the result was asked for as JSON; known even where the arguments cannot be read.
    var wantJSON: Bool {
        let options = words.prefix { $0 != "--" }
        return options.contains("--format=json")
            || zip(options, options.dropFirst()).contains { $0 == ("--format", "json") }
    }

    /// A text with a code after its message, which is one line also where it quotes words that break lines.
    func withCode(_ code: String, after message: String, in text: String) -> String {
        let isBroken = words.contains { $0.contains(where: \.isNewline) }
        return text.replacing(message, with: "\(isBroken ? safeText(message) : message) [\(code)]", maxReplacements: 1)
    }

    /// The command that `almrun help` was asked about and that there is not, with those that there are.
    var unknownHelp: (name: String, among: [String])? {
        guard words.first == "help" else { return nil }
        var command = Almrun.self as any ParsableCommand.Type
        for name in words.dropFirst() where !name.hasPrefix("-") {
            let all = Self.commands(in: command)
            let names = all.map { $0.configuration.commandName ?? "" }
            guard let index = names.firstIndex(of: name) else { return name == "help" ? nil : (name, names) }
            command = all[index]
        }
        return nil
    }

    /// The command that was typed and that there is not, with those that there are.
    var unknownCommand: (name: String, among: [String])? {
        guard let name = words.first, !name.hasPrefix("-"), name != "help" else { return nil }
        let all = Self.commands(in: Almrun.self)
        guard let command = all.first(where: { $0.configuration.commandName == name }) else {
            return (name, all.filter { $0.configuration.shouldDisplay }.map { $0.configuration.commandName ?? "" })
        }
        // Where none is near, it was meant as an argument of the one that is the default.
        let parts = Self.commands(in: command).map { $0.configuration.commandName ?? "" }
        guard let part = words.dropFirst().first, !part.hasPrefix("-"), !parts.contains(part),
            suggestion(for: part, among: parts) != nil
        else { return nil }
        return ("\(name) \(part)", parts.map { "\(name) \($0)" })
    }

    private static func commands(in command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
    }
}
