import ArgumentParser
import Comparison
import Documents
import Foundation
import Linting

/// Explains a code: a lint rule, a change between two definitions, or why a manifest is refused.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a lint rule, a change id or the code of a manifest: what it means and what to do.",
        discussion: "Without a code, all of them.\n\nExample: almrun explain operation-operationId-unique")

    @Argument(
        help:
            "Such as 'operation-operationId-unique', 'api-path-removed-without-deprecation' or 'manifest/unknown-key'.")
    var code: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let pages = CodePages.all
        guard let code else {
            if common.format == .json {
                Console.print(["codes": .list(pages.map(\.value))])
            } else {
                for page in pages { Console.print("\(page.code)  \(page.summary)") }
            }
            return
        }
        guard let page = pages.first(where: { $0.code.lowercased() == code.lowercased() }) else {
            throw Rejected([
                Diagnostic(
                    "explain/unknown", "there is nothing to say about '\(code)'",
                    help: suggestion(for: code, among: pages.map(\.code)).map { "did you mean '\($0)'?" }
                        ?? "`almrun explain` lists all codes")
            ])
        }
        common.format == .json ? Console.print(page.value) : Console.print(page.text)
    }
}
