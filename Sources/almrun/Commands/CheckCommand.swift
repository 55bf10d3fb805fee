import ArgumentParser
import Documents
import Pipelines
import Stages

/// Reads every manifest and reports everything that is wrong, at once.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read every manifest and report everything that is wrong, with its place.",
        discussion: """
            Reads pipelines/, environments/ and templates/, and plans every pipeline as far as that goes without inputs. \
            Of an environment with a `secretsFile` it warns where that cannot be read, or lacks a name that is used.

            Example: almrun check --fix
            """)

    @Flag(help: "Apply the fix-its: what is wrong and has one obvious remedy is put right in the files.")
    var fix = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let workspace = try common.workspace()
        let check = ManifestCheck(root: workspace.root, stages: BuiltinStages.descriptions)
        var report = check.report()
        if fix {
            var applied = 0
            var files: Set<String> = []
            // What one fix-it uncovers, another may mend; each round must mend something.
            for _ in 0..<10 {
                let result = try FixItApplier(root: workspace.root).apply(report.diagnostics)
                guard result.applied > 0 else { break }
                applied += result.applied
                files.formUnion(result.files)
                report = check.report()
            }
            if applied > 0 {
                Console.error(
                    "applied \(applied) fix-it\(applied == 1 ? "" : "s") to \(files.sorted().joined(separator: ", "))")
            }
        }
        report.diagnostics += workspace.missingSecrets()
        switch common.format {
        case .json:
            let findings = try report.diagnostics.map { try ValueEncoder().encode(Finding($0)) }
            Console.print(["manifests": .integer(report.count), "findings": .list(findings)])
        case .text:
            Console.error(report.diagnostics)
            if report.count == 0, report.diagnostics.isEmpty {
                Console.error(
                    "no manifests: there is no file in pipelines/, environments/ or templates/ (almrun init makes some)"
                )
            } else if !report.diagnostics.contains(where: { $0.severity == .error }) {
                Console.print(report.summary)
            }
        }
        if report.diagnostics.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.filesAreWrong) }
    }
}
