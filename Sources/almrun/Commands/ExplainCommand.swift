import ArgumentParser
import Documents
import Pipelines
import Stages

/// Explains a code, of an error, of a lint rule, of a change between two definitions or of a manifest, or a key of a pipeline or an environment.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract:
            "Explain a code (an error, a lint rule, a change) or a key of a pipeline or an environment.",
        discussion: """
            Errors end with their code in brackets. What stands before the '/' is a family: alone it lists its codes. \
            Without a code, all of them. What a key of a pipeline, a stage or an environment means, such as 'retry' or 'soak', is explained too.

            Example: almrun explain gate/no-evidence
            Example: almrun explain gate
            Example: almrun explain retry
            """)

    @Argument(
        help:
            "Such as 'run/unknown', 'operation-operationId-unique', 'api-path-removed-without-deprecation' or 'manifest'."
    )
    var code: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let pages = CodePages.all
        guard let code else { return list(pages) }
        // As it stands in an error, brackets and all.
        let name = code.lowercased().trimmingPrefix("[").prefix { $0 != "]" }
        if let page = pages.first(where: { $0.code.lowercased() == name }) {
            common.format == .json ? Console.print(page.value) : Console.print(page.text)
            return
        }
        let family = name.hasSuffix("/") ? name.dropLast() : name
        let members = pages.filter { CodePages.family(of: $0.code).map { $0 == family } ?? false }
        let keys = [PipelinePage(stages: BuiltinStages.descriptions), .environment, .roles]
        let texts = keys.compactMap { $0.text(of: String(name)) }
        let text = texts.isEmpty ? nil : texts.joined(separator: "\n\n")
        guard members.isEmpty else { return list(members, besides: text) }
        if let text {
            return common.format == .json
                ? Console.print(["code": .string(String(name)), "kind": "key", "text": .string(text)])
                : Console.print(text)
        }
        let families = Set(pages.compactMap { CodePages.family(of: $0.code) }).sorted()
        let names = keys.flatMap(\.keys) + pages.map(\.code) + families
        throw Rejected([
            Diagnostic(
                "explain/unknown", "there is nothing to say about '\(code)'",
                help: suggestion(for: String(name), among: names).map { "did you mean '\($0)'?" }
                    ?? "`almrun explain` lists all codes, `almrun schema pipeline`, `schema environment` and "
                    + "`schema roles` the keys")
        ])
    }

    /// - Parameter text: What is to be said of a key of the same name.
    private func list(_ pages: [CodePage], besides text: String? = nil) {
        if common.format == .json {
            let codes = Value.list(pages.map(\.value))
            Console.print(text.map { ["codes": codes, "text": .string($0)] } ?? ["codes": codes])
        } else {
            if let text { Console.print(text) }
            for page in pages { Console.print("\(page.code)  \(page.summary)") }
        }
    }
}
