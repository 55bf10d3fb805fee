import ArgumentParser
import Comparison
import Documents
import Engine
import Foundation
import OpenAPI
import Stages

/// Compares two OpenAPI documents at a desk, as `openapi.diff` does in a pipeline.
struct DiffCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Say what changed between two OpenAPI documents and which version that needs.",
        discussion: "Example: almrun diff tag:connector/contoso-sales apiDefinition.swagger.json --declared 1.2.0")

    @Argument(help: "The older document: a path, git:REVISION:PATH or tag:PREFIX.")
    var base: String

    @Argument(help: "The newer document.")
    var revision: String

    @Option(help: "How to print the result: text, json or markdown (release notes).")
    var format: Format = .text

    @Option(
        help:
            "The version of the release; too small a one is refused. Without it, what the newer document declares if the older one declares another."
    )
    var declared: String?

    @Option(help: "The version of the older document, if not the one that it declares.")
    var baseVersion: String?

    @Option(help: "Who uses the API: connector (flows and apps) or http (programs).")
    var profile: ComparisonOptions.Profile?

    @Option(help: "When to exit with 1: never, version or breaking.")
    var failOn: OpenAPIDiff.Failing = .version

    @Option(name: .long, parsing: .upToNextOption, help: "Fingerprints of changes that are accepted.")
    var approved: [String] = []

    func validate() throws {
        for (option, text) in [("--declared", declared), ("--base-version", baseVersion)] {
            guard let text, APIVersion(text) == nil else { continue }
            throw ValidationError("\(option) is '\(text)', not a version such as 1.2.0 or 1.2.0.4")
        }
    }

    func run() async throws {
        do {
            try compare()
        } catch let failure as StageFailure {
            // At a desk what cannot be read is a wrong argument.
            throw Rejected([Diagnostic(failure.code, failure.message, help: failure.notes.first)])
        }
    }

    private func compare() throws {
        let folder = FileManager.default.currentDirectoryPath
        let newer = try APIDefinition(Document(path: revision))
        let source = DefinitionSource(base)
        guard let older = try source.find(document: revision, root: folder, read: { try Document(path: $0) }) else {
            Console.error("warning: \(try source.absence(document: revision, root: folder))")
            Console.print(line: "no release found at '\(base)': everything is new")
            return
        }
        let accepted = Set(approved)
        let comparison = Comparison(
            base: older.definition, revision: newer, options: ComparisonOptions(profile: profile))
        let checked = CheckedVersion(given: declared, base: older, baseVersion: baseVersion, revision: newer)
        let verdict = Verdict(
            comparison, baseVersion: baseVersion ?? older.version, declaredVersion: checked.text, approved: accepted)
        switch format {
        case .text: Console.print(ComparisonText(comparison, verdict: verdict, approved: accepted).text)
        case .json:
            Console.print(
                try ValueEncoder().encode(ComparisonReport(comparison, verdict: verdict, approved: accepted)))
        case .markdown: Console.print(ReleaseNotes(comparison, verdict: verdict, version: declared).markdown)
        }
        for approval in verdict.unusedApprovals {
            Console.error("warning: the approval '\(approval)' matches no change")
        }
        if let note = checked.note(verdict, remedy: "--declared") { Console.error("note: \(note)") }
        do throws(StageFailure) {
            try OpenAPIDiff.check(
                verdict, version: checked.text, baseVersion: baseVersion ?? older.version, failOn: failOn)
        } catch {
            // The changes are printed already.
            guard error.kind == .rejected else { throw error }
            Console.error("error: \(error.message) [\(error.code)]")
            throw ExitCode(ExitStatus.rejected)
        }
    }
}
